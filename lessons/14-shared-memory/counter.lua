-- Several threads and one counter
-- sample: S050
-- watch: four threads add a thousand times each: to a shared cell with Atomics, to another without, and
--   to a variable of their own, which the main thread never sees.
-- try: let them add a million times without Atomics and print cells[1]: now additions are lost.
local threads = require "worker_threads"
local THREADS = 4
local count = 0 -- of the main thread

local function add()
  local threads = require "worker_threads"
  local cells, own = threads.workerData, 0
  for _ = 1, 1000 do
    Atomics.add(cells, 0, 1)
    cells[1] = cells[1] + 1 -- read, add, write: another thread may come between
    own = own + 1
  end
  threads.parentPort:postMessage(own)
end

local cells = Int32Array(SharedArrayBuffer(8))
local gone = 0
for _ = 1, THREADS do
  local worker = threads.Worker(add, { workerData = cells })
  worker:on("message", function(n) if n ~= 1000 then print("unexpected " .. n) end end)
  worker:on("exit", function()
    gone = gone + 1
    if gone < THREADS then return end
    print("shared cell, added to atomically: " .. Atomics.load(cells, 0))
    print("shared cell, added to without care, is at most as large: " .. tostring(cells[1] <= THREADS * 1000))
    print("module variable of the main thread: " .. count)
  end)
end
