-- One thread sleeps on a cell, the main thread changes the cell and wakes it. Nobody asks again and again.
local threads = require "worker_threads"
local cells = Int32Array(SharedArrayBuffer(16))

local worker = threads.Worker(function()
  local shared = require "worker_threads".workerData
  local before = process.cpuUsage()
  local how = Atomics.wait(shared, 0, 0, 8000)
  local used = process.cpuUsage(before)
  print(("the thread was woken: %s, the cell is %d"):format(how, Atomics.load(shared, 0)))
  print(("processor time while it slept: less than 50 ms %s"):format(tostring((used.user + used.system) / 1000 < 50)))
end, { workerData = cells })

worker:on("online", function()
  setTimeout(function()
    Atomics.store(cells, 0, 7)
    print("threads woken: " .. Atomics.notify(cells, 0))
  end, 300)
end)
