-- A Buffer's memory lies outside the script's heap
-- sample: S040
-- watch: 32 MB more in arrayBuffers and in the whole process, hardly anything in heapUsed; they go when nobody
--   refers to them any more. .mem beside it draws the three as curves.
-- try: make a string instead, ("x"):rep(32 * MB): now it is the heap that grows.
local sleep = require "timers/promises".setTimeout
local MB = 1024 * 1024

await(sleep(1000)) -- time for the curves, here and below
local before = process.memoryUsage()
local keep = Buffer.alloc(32 * MB, 1)
local after = process.memoryUsage()

print("outside the heap: grew by at least 32 MB " ..
  tostring(after.arrayBuffers - before.arrayBuffers >= 32 * MB))
print("heap: grew by less than 8 MB " .. tostring(after.heapUsed - before.heapUsed < 8 * MB))
print("the process as a whole grew " .. tostring(after.rss - before.rss >= 16 * MB))
print(("still held: %d MB"):format(#keep // MB))

await(sleep(1500))
keep = nil
collectgarbage()
print("after the last reference: " .. process.memoryUsage().arrayBuffers // MB .. " MB of buffers")
await(sleep(1000))
