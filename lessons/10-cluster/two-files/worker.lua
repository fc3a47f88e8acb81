-- What main.lua runs in a worker.
local http = require "http"
process.send "hello, I am worker"

local server = http.createServer(function(_, res)
  res:write "hello world"
  res:finish()
end)
server:listen(0, "127.0.0.1", function()
  local at = server:address()
  print(("listening at http://%s:%d"):format(at.address, at.port))
end)
