-- The pool of a worker by itself: eight heavy tasks, and the beat of the loop beside them.
local Worker = require "worker_threads".Worker
local SIZE = 2

local function heavy()
  local port = require "worker_threads".parentPort
  port:on("message", function(n)
    local sum = 0
    for i = 0, n - 1 do sum = sum + i end
    port:postMessage(sum)
  end)
end

local beats, done, start = 0, 0, performance.now()
local beat = setInterval(function() beats = beats + 1 end, 2)
for _ = 1, SIZE do
  local thread = Worker(heavy)
  thread:on("message", function()
    done = done + 1
    if done + SIZE <= 8 then return thread:postMessage(3000000) end
    thread:terminate()
    if done < 8 then return end
    clearInterval(beat)
    print(("8 tasks on %d threads took %d ms"):format(SIZE, math.floor(performance.now() - start)))
    print("the loop was free: " .. tostring(beats > 2))
  end)
  thread:postMessage(3000000)
end
