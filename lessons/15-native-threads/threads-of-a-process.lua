-- One thread for your code, several in the process
-- sample: S092
-- watch: this program begins with one thread; Node has several from the start, for its engine. Timers need
--   none of their own. A file read in the background brings those of the pool, a Worker exactly one.
-- try: set UV_THREADPOOL_SIZE=1 in the environment: the pool has one thread.
local fs = require "fs"
local Worker = require "worker_threads".Worker
local function threads() return #fs.readdirSync "/proc/self/task" end

local at_start = threads()
print("threads at the start: " .. at_start)

setTimeout(function() end, 1)
setTimeout(function() end, 2)
print("two timers add no thread: " .. tostring(threads() == at_start))

local worker = Worker(function() setTimeout(function() end, 30) end)
worker:on("online", function() print("a Worker adds one: " .. tostring(threads() == at_start + 1)) end)
worker:on("exit", function()
  print "worker exit"
  fs.readFile(__filename, function()
    print("a file read in the background adds those of the pool: " .. tostring(threads() > at_start))
  end)
end)
