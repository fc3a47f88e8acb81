-- The same sum on two threads instead of one.
-- figure: split | time on two threads by time on one | ours <= 0.6
local Worker = require "worker_threads".Worker
local function add_up()
  local t = require "worker_threads"
  local sum = 0
  for i = t.workerData.from, t.workerData.to - 1 do sum = (sum + i * i) % 1000003 end
  t.parentPort.postMessage(sum)
end

local function work(parts)
  local total, began, ends = 60000000, process.hrtime.bigint(), {}
  for p = 1, parts do
    local worker = Worker(add_up, { workerData = { from = total // parts * (p - 1), to = total // parts * p } })
    ends[p] = Promise(function(resolve) worker:once("exit", resolve) end)
  end
  await(Promise.all(ends))
  return process.hrtime.bigint() - began
end

local one = work(1)
print("split " .. work(2) / one)
