-- Cluster: a message to a worker and back
-- sample: S075
-- watch: a worker is a forked child: it has a channel, and the message waits until somebody listens.
-- try: kill the process instead, worker.process:kill(): there is no exit code.
local cluster = require "cluster"

if cluster.isWorker then
  process:on("message", function(message) process.send(message) end)
  return
end

local worker = cluster.fork()
worker:send "hi there"
worker:on("message", function(message)
  print(("msg: %s from worker %d"):format(message, worker.id))
  worker:disconnect()
end)
worker:on("exit", function(code) print("worker exit code " .. (code or "none")) end)
