-- A thread per task, as a promise
-- sample: S186
-- watch: the three ways a task can end: an answer, an error, a code.
-- try: 100 tasks at once: 100 threads. A pool (chapter 13) is the better tool then.
local Worker = require "worker_threads".Worker

local function task()
  local threads = require "worker_threads"
  local data = threads.workerData
  if data.fail then error(Error "a mistake in the thread") end
  if data.leave then process.exit(data.leave) end
  local count = 0
  for n = 2, data.below - 1 do
    local prime, d = true, 2
    while prime and d * d <= n do
      prime = n % d ~= 0
      d = d + 1
    end
    if prime then count = count + 1 end
  end
  threads.parentPort:postMessage(count)
end

local function run_worker(data)
  return Promise(function(resolve, reject)
    local worker = Worker(task, { workerData = data })
    worker:on("message", resolve)
    worker:on("error", reject)
    worker:on("exit", function(code)
      if code ~= 0 then reject(Error("Worker stopped with exit code " .. code)) end
    end)
  end)
end

print("primes below 10000: " .. await(run_worker { below = 10000 }))
local both = await(Promise.all { run_worker { below = 100 }, run_worker { below = 1000 } })
print("two at once: " .. table.concat(both, " "))
local _, failed = pcall(await, run_worker { fail = true })
print("failure: " .. failed.message)
local _, left = pcall(await, run_worker { leave = 3 })
print("failure: " .. left.message)
