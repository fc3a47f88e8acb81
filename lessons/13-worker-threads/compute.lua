-- Threads help computing, not waiting
-- sample: S099
-- watch: how often the main thread's timer ticks while the same work is done here, and in a thread.
-- try: two workers for two computations at once: on two cores they take as long as one.
local Worker = require "worker_threads".Worker

local function busy(ms)
  local stop = process.hrtime.bigint() + ms * 1000000
  while process.hrtime.bigint() < stop do end
end

-- How often a timer of 5 ms ticks until work calls done.
local function ticks_during(work)
  return await(Promise(function(resolve)
    local ticks = 0
    local timer = setInterval(function() ticks = ticks + 1 end, 5)
    work(function()
      clearInterval(timer)
      resolve(ticks)
    end)
  end))
end

local blocked = ticks_during(function(done)
  busy(120)
  done()
end)
print("computing on the main thread: ticks meanwhile " .. blocked)

local worker = Worker(function()
  local port = require "worker_threads".parentPort
  port:on("message", function(ms)
    local stop = process.hrtime.bigint() + ms * 1000000
    while process.hrtime.bigint() < stop do end
    port:postMessage "done"
  end)
end)
await(Promise(function(resolve) worker:once("online", resolve) end))
local free = ticks_during(function(done)
  worker:once("message", done)
  worker:postMessage(120)
end)
print("computing in a worker thread: the main thread ticked several times " .. tostring(free >= 3))
await(worker:terminate())

-- ten waits need no threads at all
local start, waits = process.hrtime.bigint(), {}
for i = 1, 10 do
  waits[i] = Promise(function(resolve) setTimeout(resolve, 50) end)
end
await(Promise.all(waits))
print("ten waits of 50 at the same time take much less than 500: " ..
  tostring((process.hrtime.bigint() - start) / 1e6 < 400))
