-- Two threads, one task each
-- sample: S163
-- watch: both compute at the same time; whoever is first, the answers are printed when both are in.
-- try: print each answer as it comes, and run it a few times: the order changes.
local Worker = require "worker_threads".Worker
local SIZE = math.tointeger(tonumber(process.argv[3] or "")) or 2000000

local function heavy_computation()
  local threads = require "worker_threads"
  threads.parentPort:on("message", function(task)
    local sum = 0
    for i = 0, threads.workerData - 1 do sum = sum + i end
    threads.parentPort:postMessage(task .. ": " .. sum)
    threads.parentPort:close()
  end)
end

local answers = {}
for i = 1, 2 do
  local worker = Worker(heavy_computation, { workerData = SIZE })
  worker:on("message", function(answer)
    answers[i] = answer
    if not (answers[1] and answers[2]) then return end
    print("message from thread 1: " .. answers[1])
    print("message from thread 2: " .. answers[2])
  end)
  worker:postMessage("task " .. i)
end
