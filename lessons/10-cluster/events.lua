-- Cluster: the events of one worker's life
-- sample: S140
-- watch: every event comes twice, at cluster with the worker as argument and at the worker itself; fork
--   and setup are cluster's alone.
-- try: end the worker with worker.process:kill() instead of letting it leave: it has not left on
--   purpose.
local cluster = require "cluster"
local net = require "net"
local once = require "events".once

if cluster.isWorker then
  process.send "about to listen"
  net.createServer():listen(0, "127.0.0.1")
  return
end

local function note(seen, emitter, names)
  for _, name in ipairs(names) do
    emitter:on(name, function() seen[#seen + 1] = name end)
  end
end

-- The order of exit and disconnect is not certain; the rest is.
local function show(who, seen)
  local last = { table.remove(seen), table.remove(seen) }
  table.sort(last)
  print(("%s: %s, then, in this order or the other: %s"):format(who, table.concat(seen, " "),
    table.concat(last, " ")))
end

local by_cluster, by_worker = {}, {}
note(by_cluster, cluster, { "setup", "fork", "online", "listening", "message", "disconnect", "exit" })
local worker = cluster.fork()
note(by_worker, worker, { "online", "listening", "message", "disconnect", "exit" })
worker:on("listening", function() worker:disconnect() end)

await(Promise.all { once(worker, "exit"), once(worker, "disconnect") })
await(require "timers/promises".setImmediate())
show("cluster", by_cluster)
show("worker", by_worker)
print("left on purpose: " .. tostring(worker.exitedAfterDisconnect))
