-- The worker of master.lua: it answers on the socket that it is sent, whoever its parent is.
local http = require "http"
local listening

local server = http.createServer(function(req, res)
  res:setHeader("Connection", "close")
  if req.url == "/quit" then
    res:finish "the worker stops"
    listening:close()
  else
    res:finish(("I am worker, pid: %d, ppid: %d"):format(process.pid, process.ppid))
  end
end)

process:on("message", function(_, handle)
  listening = handle
  listening:on("connection", function(socket) server:emit("connection", socket) end)
end)
setTimeout(function() process.exit(0) end, 5000):unref() -- never stays for ever
