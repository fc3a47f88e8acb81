-- A worker of main.lua: it fails at each request, once the answer is out.
local http = require "http"
local listening
process.title = "moonfork-worker"

local server = http.createServer(function(_, res)
  res:writeHead(200, { ["Content-Type"] = "text/plain", Connection = "close" })
  res:finish(("pid:%d,ppid:%d"):format(process.pid, process.ppid), function()
    error(Error "worker process exception")
  end)
end)

process:on("message", function(message, handle)
  if message == "server" then
    listening = handle
    listening:on("connection", function(socket) server:emit("connection", socket) end)
    process.send "ready"
  elseif message == "socket" then
    server:emit("connection", handle)
    handle:resume()
  end
end)

process:on("uncaughtException", function()
  process.send { act = "suicide" }
  -- Takes no more connections, lets the open ones end, then goes.
  listening:close(function() process.exit(1) end)
end)
process:on("disconnect", function() process.exit(0) end)
