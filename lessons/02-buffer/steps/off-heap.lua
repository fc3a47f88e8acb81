-- A Buffer of 32 MB is made, held for a while and let go, slowly enough for the curves.
-- sample: S040
local sleep = require "timers/promises".setTimeout
local MB = 1024 * 1024

await(sleep(1000))
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
