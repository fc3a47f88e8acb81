-- 100,000 timers of one delay: the time to make them, and what each holds in memory.
-- figure: create_ms | 100,000 timers of one delay made, ms | ratio <= 1
-- figure: bytes_each | memory of each, bytes | ours <= 512
local n = 100000
local function f() end

local function rss()
  local status = assert(io.open("/proc/self/status"))
  local kb = status:read("a"):match("VmRSS:%s*(%d+)")
  status:close()
  return kb * 1024
end

local timers = {}
for i = 1, n do timers[i] = false end
local before = rss()
local began = process.hrtime.bigint()
for i = 1, n do timers[i] = setTimeout(f, 100000) end
print("create_ms " .. (process.hrtime.bigint() - began) / 1e6)
print("bytes_each " .. (rss() - before) / n)
for i = 1, n do clearTimeout(timers[i]) end
