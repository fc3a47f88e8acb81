-- Cluster: choose the worker yourself, by reported load
-- sample: S172
-- watch: each task goes to the worker with the least load, the first of equals. Taking turns would give
--   the second small task to worker 3, whatever its load.
-- try: make the first task one of weight 1: worker 1 gets another one soon.
local cluster = require "cluster"
local once = require "events".once

if cluster.isWorker then
  local load = 0
  process:on("message", function(task)
    load = load + task.weight
    process.send { load = load }
  end)
  return
end

local workers = {} -- in the order of their start: { worker =, load = }

local function create()
  workers[#workers + 1] = { worker = cluster.fork(), load = 0 }
end

local function least_loaded()
  local least = workers[1]
  for _, w in ipairs(workers) do
    if w.load < least.load then least = w end
  end
  return least
end

local function give(to, weight)
  to.worker:send { weight = weight }
  to.load = await(once(to.worker, "message"))[1].load
  local loads = {}
  for i, w in ipairs(workers) do loads[i] = w.load end
  return ("worker %d; loads %s"):format(to.worker.id, table.concat(loads, " "))
end

for _ = 1, 3 do create() end
for _, weight in ipairs { 5, 1, 2, 1, 1 } do
  print(("task of weight %d to %s"):format(weight, give(least_loaded(), weight)))
end

local first = table.remove(workers, 1).worker
first.process:kill "SIGKILL"
await(once(first, "exit"))
print(("worker %d has exited"):format(first.id))
create()
print("next task to the replacement, " .. give(least_loaded(), 1))
cluster.disconnect()
