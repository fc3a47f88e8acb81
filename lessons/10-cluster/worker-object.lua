-- cluster.Worker: id, process, isConnected, isDead, exitedAfterDisconnect
-- sample: S142
-- watch: one worker leaves by request, one is shot. exitedAfterDisconnect tells the two apart, and so
--   tells the primary whether to start another one.
-- try: end the first one with leaves.process:kill(), too: it did not leave on purpose.
local cluster = require "cluster"
local once = require "events".once

if cluster.isWorker then
  process.send { id = cluster.worker.id, isWorker = cluster.isWorker, pid = process.pid }
  return
end

local function show(worker, when)
  local on_purpose = worker.exitedAfterDisconnect
  if on_purpose == nil then on_purpose = "not known yet" end
  print(("worker %d %s: connected %s, dead %s, left on purpose %s"):format(worker.id, when,
    worker:isConnected(), worker:isDead(), on_purpose))
end

local leaves = cluster.fork()
local m = await(once(leaves, "message"))[1]
print(("in the worker: id %d, isWorker %s, its own pid %s"):format(m.id, m.isWorker,
  m.pid == leaves.process.pid))
show(leaves, "running")
local gone = Promise.all { once(leaves, "exit"), once(leaves, "disconnect") }
leaves:disconnect()
local exit = await(gone)[1]
print(("code %s, signal %s"):format(exit[1] or "none", exit[2] or "none"))
show(leaves, "after disconnect")

local shot = cluster.fork()
await(once(shot, "message"))
process.kill(shot.process.pid, "SIGKILL")
exit = await(once(shot, "exit"))
print(("code %s, signal %s"):format(exit[1] or "none", exit[2]))
print(("worker %d: dead %s, left on purpose %s"):format(shot.id, shot:isDead(),
  shot.exitedAfterDisconnect == true))
