-- Stop an endless loop from outside
-- sample: S152
-- watch: terminate() stops the loop within milliseconds. A thread that only waits does not hold the
--   program once it is not counted (unref).
-- try: put the loop under pcall: while true do pcall(f) end. It is stopped all the same.
local Worker = require "worker_threads".Worker
local sleep = require "timers/promises".setTimeout

local worker = Worker(function()
  require "worker_threads".parentPort:postMessage "started"
  while true do end -- no way out
end)
worker:on("exit", function(code) print("exit event, code " .. code) end)

local function idle_thread()
  local idle = Worker(function() setInterval(function() end, 1000) end)
  idle:on("online", function()
    idle:unref()
    print "idle thread is online and not counted"
  end)
end

worker:on("message", async(function()
  print "the thread is in its endless loop"
  await(sleep(700)) -- time to see it: .loop shows the thread blocked
  print("terminate answers " .. await(worker:terminate()))
  idle_thread()
end))
process:on("exit", function() print "process ends" end)
