-- Four threads add 1 to the same cell a million times each, without Atomics; and to another one with.
local threads = require "worker_threads"
local THREADS, TIMES = 4, tonumber(process.argv[3]) or 1000000

local cells = Int32Array(SharedArrayBuffer(8))
local gone = 0
for _ = 1, THREADS do
  local worker = threads.Worker(function()
    local data = require "worker_threads".workerData
    local shared = data.cells
    for _ = 1, data.times do
      shared[0] = shared[0] + 1
      Atomics.add(shared, 1, 1)
    end
  end, { workerData = { cells = cells, times = TIMES } })
  worker:on("exit", function()
    gone = gone + 1
    if gone < THREADS then return end
    print("with Atomics: " .. Atomics.load(cells, 1))
    print(("without: %d, lost %d"):format(cells[0], THREADS * TIMES - cells[0]))
  end)
end
