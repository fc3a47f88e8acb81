-- Cluster: ask every worker whether it is well, end the one that does not answer
-- sample: S178
-- watch: worker 2 is alive, and yet it does not answer: it is stuck in a loop. Only asking finds that
--   out, and only SIGKILL ends it for sure.
-- try: let it be stuck for a tenth of a second only: it is slow, but well.
local cluster = require "cluster"
local once = require "events".once
local stuck = 4000 -- ms

if cluster.isWorker then
  process:on("message", function(m)
    if m.type == "health_check" then return process.send { type = "health_check_response" } end
    local last = performance.now() + stuck
    while performance.now() < last do end
  end)
  process.send { type = "up" }
  return
end

local workers = { cluster.fork(), cluster.fork() }

-- A promise of what to say about a worker.
local function check(worker)
  return Promise(function(resolve)
    local timeout
    local function answer(m)
      if m.type ~= "health_check_response" then return end
      clearTimeout(timeout)
      worker:off("message", answer)
      resolve(("worker %d is well"):format(worker.id))
    end
    timeout = setTimeout(function()
      worker:off("message", answer)
      worker:once("exit", function()
        table.remove(workers, worker.id)
        resolve(("worker %d did not answer and was ended"):format(worker.id))
      end)
      worker.process:kill "SIGKILL"
    end, 500)
    worker:on("message", answer)
    worker:send { type = "health_check" }
  end)
end

local function round(n)
  local checks = {}
  for i, worker in ipairs(workers) do checks[i] = check(worker) end
  for _, line in ipairs(await(Promise.all(checks))) do print(("round %d: %s"):format(n, line)) end
end

await(Promise.all { once(workers[1], "message"), once(workers[2], "message") }) -- both are up
round(1)
workers[2]:send { type = "hang" }
round(2)
round(3)
cluster.disconnect()
