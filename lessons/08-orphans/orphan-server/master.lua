-- The master of main.lua: it ends as soon as the worker has its socket.
local child_process = require "child_process"
local server = require "net".createServer()

server:listen(0, "127.0.0.1", function()
  local worker = child_process.fork(__dirname .. "/worker.lua")
  worker:send("server", server)
  console.log("worker process created, pid: %s ppid: %s", worker.pid, process.pid)
  console.log("port %s", server:address().port)
  process.exit(0)
end)
