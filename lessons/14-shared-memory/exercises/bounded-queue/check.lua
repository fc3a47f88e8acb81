-- Loads the student's file and tells the guide's check what it did.
local threads = require "worker_threads"
local queue = require(process.argv[3])
local CAPACITY = 64

local function run(work, data)
  data.file = process.argv[3]
  local worker = threads.Worker(work, { workerData = data })
  return Promise(function(resolve)
    local result
    worker:on("message", function(m) result = m end)
    worker:on("error", function(e) result = "error: " .. tostring(e.message) end)
    worker:on("exit", function() resolve(result) end)
  end)
end

local function producer()
  local data = require "worker_threads".workerData
  local queue = require(data.file)
  for i = 1, data.count do
    queue.put(data.cells, i * 7 % 100003)
    -- Now and then it rests: the consumer finds nothing and must wait.
    if data.rest and i % data.rest == 0 then Atomics.wait(Int32Array(SharedArrayBuffer(4)), 0, 0, 100) end
  end
end

local function consumer()
  local data = require "worker_threads".workerData
  local queue = require(data.file)
  local right = 0
  for i = 1, data.count do
    if queue.take(data.cells) == i * 7 % 100003 then right = right + 1 end
    if data.rest and i % data.rest == 0 then Atomics.wait(Int32Array(SharedArrayBuffer(4)), 0, 0, 100) end
  end
  require "worker_threads".parentPort:postMessage(right)
end

local cells = queue.make(CAPACITY)
process.send { bytes = cells.buffer.byteLength, shared = instanceof(cells.buffer, SharedArrayBuffer) }

-- One side waits most of the time: what does that cost? First the consumer waits, then the producer.
local function cost(slow)
  local numbers = queue.make(CAPACITY)
  local before, start = process.cpuUsage(), performance.now()
  local took = run(consumer, { cells = numbers, count = 400, rest = slow == "consumer" and 100 })
  await(run(producer, { cells = numbers, count = 400, rest = slow == "producer" and 100 }))
  await(took)
  local used = process.cpuUsage(before)
  return math.floor((used.user + used.system) / 1000 / (performance.now() - start) * 100)
end
process.send { consumer = cost "producer", producer = cost "consumer" }

local COUNT = 100000
local right = run(consumer, { cells = cells, count = COUNT })
await(run(producer, { cells = cells, count = COUNT }))
process.send { right = await(right) }
