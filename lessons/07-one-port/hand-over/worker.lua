-- A worker of main.lua: it accepts connections on the socket that it is sent.
local http = require "http"
local server = http.createServer(function(_, res)
  res:finish(("I am worker, pid: %d, ppid: %d"):format(process.pid, process.ppid))
end)
process.title = "moonfork-worker"

local listening
process:on("message", function(message, handle)
  if message == "server" then
    listening = handle
    listening:on("connection", function(socket) server:emit("connection", socket) end)
    process.send "ready"
  else
    listening:close()
    process.disconnect()
  end
end)
