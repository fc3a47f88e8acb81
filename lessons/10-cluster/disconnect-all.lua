-- cluster.disconnect: all workers leave, then the callback
-- sample: S143
-- watch: each worker closes its server and its channel, and ends with code 0 because nothing is left to
--   do.
-- try: start five workers.
local cluster = require "cluster"
local net = require "net"
local once = require "events".once
local count = 3

if cluster.isWorker then
  net.createServer():listen(0, "127.0.0.1")
  return
end

local function number_of_workers()
  local n = 0
  for _ in pairs(cluster.workers) do n = n + 1 end
  return n
end

local disconnects, exits = 0, 0
cluster:on("disconnect", function() disconnects = disconnects + 1 end)
cluster:on("exit", function(_, code)
  if code == 0 then exits = exits + 1 end
end)

local listening, gone = {}, {}
for i = 1, count do
  local worker = cluster.fork()
  listening[i] = once(worker, "listening")
  gone[i] = Promise.all { once(worker, "exit"), once(worker, "disconnect") }
end
await(Promise.all(listening))

print("workers: " .. number_of_workers())
await(Promise(function(resolve) cluster.disconnect(resolve) end))
print("callback: workers left " .. number_of_workers())
await(Promise.all(gone))
print(("in the end: %d disconnects, %d exits with code 0"):format(disconnects, exits))
