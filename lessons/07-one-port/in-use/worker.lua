-- A worker of main.lua: it tells whether it could listen.
local http = require "http"
local server = http.createServer(function(_, res)
  res:finish(("I am worker, pid: %d, ppid: %d"):format(process.pid, process.ppid))
end)
server:on("error", function(e) process.send { error = e.code .. " from " .. e.syscall } end)
server:listen(tonumber(process.argv[3]), "127.0.0.1", function()
  process.send { port = server:address().port }
end)
process:on("disconnect", function() server:close() end)
