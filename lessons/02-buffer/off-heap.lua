-- A Buffer's memory lies outside the script's heap
-- sample: S040
-- watch: 32 MB more in arrayBuffers and in the whole process, hardly anything in heapUsed. At the prompt,
--   .ps shows the memory of the process.
-- try: make a string instead, ("x"):rep(32 * MB): now it is the heap that grows.
local MB = 1024 * 1024
local before = process.memoryUsage()
local keep = Buffer.alloc(32 * MB, 1)
local after = process.memoryUsage()

print("outside the heap: grew by at least 32 MB " ..
  tostring(after.arrayBuffers - before.arrayBuffers >= 32 * MB))
print("heap: grew by less than 8 MB " .. tostring(after.heapUsed - before.heapUsed < 8 * MB))
print("the process as a whole grew " .. tostring(after.rss - before.rss >= 16 * MB))
print(("still held: %d MB"):format(#keep // MB))
