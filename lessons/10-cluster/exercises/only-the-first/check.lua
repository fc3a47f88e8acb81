-- Two workers report, one of them is replaced, the new one reports, too.
local cluster = require "cluster"
local once = require "events".once
local count = require "../../../student" "function"
cluster.setupPrimary { exec = __dirname .. "/worker.lua" }

local function start()
  local worker = cluster.fork()
  await(once(worker, "online"))
  return worker
end

-- Lets the worker report n requests, and waits until all have come.
local function report(worker, n)
  local done = Promise(function(resolve)
    worker:on("message", function(m) if m.progress then resolve() end end)
  end)
  worker:send(n)
  await(done)
end

local first, second = start(), start()
local stats = count(cluster)
report(first, 3)
report(second, 2)
local s = stats()
process.send { requests = s.requests, workers = s.workers }

first.process:kill "SIGKILL"
await(once(first, "exit"))
local third = start()
report(third, 4)
s = stats()
process.send { later = s.requests, laterWorkers = s.workers }
for _, worker in pairs(cluster.workers) do worker.process:kill "SIGKILL" end
