-- One task, four ways: in the loop, in slices, in a thread, in a process. Figures of this machine.
local child_process = require "child_process"
local threads = require "worker_threads"
local N = 6000000

-- The task: a sum, in one go.
local function task(n)
  local sum = 0
  for i = 0, n - 1 do sum = sum + i end
  return sum
end

local function in_the_loop() return task(N) end

local function in_slices()
  return await(Promise(function(resolve)
    local sum, i = 0, 0
    local function slice()
      local last = math.min(i + 100000, N)
      while i < last do sum, i = sum + i, i + 1 end
      if i < N then setImmediate(slice) else resolve(sum) end
    end
    slice()
  end))
end

local function in_a_thread()
  local worker = threads.Worker(function()
    local threads = require "worker_threads"
    local sum = 0
    for i = 0, threads.workerData - 1 do sum = sum + i end
    threads.parentPort:postMessage(sum)
  end, { workerData = N })
  return await(require "events".once(worker, "message"))[1]
end

local function in_a_process()
  local child = child_process.fork(function()
    process:once("message", function(n)
      local sum = 0
      for i = 0, n - 1 do sum = sum + i end
      process.send(sum, function() process.disconnect() end)
    end)
  end)
  child:send(N)
  return await(require "events".once(child, "message"))[1]
end

-- How late a timer of 5 ms comes meanwhile, at worst.
local function measure(name, fn)
  local late, due = 0, performance.now() + 5
  local beat = setInterval(function()
    late = math.max(late, performance.now() - due)
    due = performance.now() + 5
  end, 5)
  await(require "timers/promises".setTimeout(6))
  due = performance.now() + 5
  local start = performance.now()
  local sum = fn()
  local took = performance.now() - start
  await(require "timers/promises".setTimeout(6))
  clearInterval(beat)
  print(("%-14s answer after %4d ms, loop late by %4d ms, sum right %s"):format(name, math.floor(took),
    math.floor(late), tostring(sum == N * (N - 1) // 2)))
  return late
end

local blocked = measure("in the loop", in_the_loop)
local sliced = measure("in slices", in_slices)
measure("in a thread", in_a_thread)
measure("in a process", in_a_process)
print("slices hold the loop up less than one go: " .. tostring(sliced < blocked))
