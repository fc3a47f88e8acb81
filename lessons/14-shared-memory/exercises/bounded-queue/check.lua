-- Loads the student's file and tells the guide's check what it did.
local events = require "events"
local fs = require "fs"
local threads = require "worker_threads"
local timers = require "timers/promises"
local queue = require "../../../student" "table"
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
  for i = 1, data.count do queue.put(data.cells, i * 7 % 100003) end
end

local function consumer()
  local data = require "worker_threads".workerData
  local queue = require(data.file)
  local right = 0
  for i = 1, data.count do
    if queue.take(data.cells) == i * 7 % 100003 then right = right + 1 end
  end
  require "worker_threads".parentPort:postMessage(right)
end

local cells = queue.make(CAPACITY)
process.send { bytes = cells.buffer.byteLength, shared = instanceof(cells.buffer, SharedArrayBuffer) }

-- The states of all threads but this one: R runs or would like to, S sleeps.
local function states()
  local found = ""
  for _, tid in ipairs(fs.readdirSync "/proc/self/task") do
    local ok, stat = pcall(fs.readFileSync, "/proc/self/task/" .. tid .. "/stat", "utf8")
    if ok and tonumber(tid) ~= process.pid then found = found .. stat:match "%) (%u)" end
  end
  return found
end

-- Does the thread sleep that has nothing to do? How long that takes depends on the machine: it has fallen asleep
-- when it is found asleep again and again; it never will when it has used the processor for a second, or has ended.
local function sleeps(worker)
  local before, asleep, ended = process.cpuUsage(), 0, false
  worker:once("exit", function() ended = true end)
  repeat
    await(timers.setTimeout(10))
    asleep = states():find "^S+$" and asleep + 1 or 0
    local used = process.cpuUsage(before)
  until asleep == 20 or ended or used.user + used.system > 1e6
  return asleep == 20
end

-- One number for a queue that holds `fill`: that has to wait until the other side has done its part.
local function waits(work, fill, release)
  local numbers = queue.make(CAPACITY)
  for i = 1, fill do queue.put(numbers, i) end
  local worker = threads.Worker(work, { workerData = { file = process.argv[3], cells = numbers, count = 1 } })
  local over = events.once(worker, "exit")
  local slept = sleeps(worker)
  release(numbers)
  if not slept then worker:terminate() end
  await(over)
  return slept
end
process.send {
  consumer = waits(consumer, 0, function(numbers) queue.put(numbers, 1) end),
  producer = waits(producer, CAPACITY, function(numbers) queue.take(numbers) end),
}

local COUNT = 100000
local right = run(consumer, { cells = cells, count = COUNT })
await(run(producer, { cells = cells, count = COUNT }))
process.send { right = await(right) }
