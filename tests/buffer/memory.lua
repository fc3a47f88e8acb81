-- A loop that drops Buffers stays flat, whatever their size.
local tap = require "../lib/tap"

local function resident()
  for line in io.lines "/proc/self/status" do
    local kb = line:match "^VmRSS:%s*(%d+)"
    if kb then return tonumber(kb) // 1024 end
  end
end

local function peak_of(count, size)
  local peak, before = 0, resident()
  for i = 1, count do
    local b = Buffer.alloc(size, 1)
    b[0] = i
    if i % 8 == 0 then peak = math.max(peak, resident() - before) end
  end
  collectgarbage()
  return peak
end

if tap.variant:find "[at]san" then tap.skip_all "the sanitizer keeps freed memory for a while" end
local large = peak_of(tap.scale(80), 64 << 20)
tap.ok(large <= 4 * 64, "64 MiB each: " .. large .. " MiB at most")
local middle = peak_of(tap.scale(4000), 256 << 10)
tap.ok(middle <= 96, "256 KiB each: " .. middle .. " MiB at most")
local small = peak_of(tap.scale(200000), 1000)
tap.ok(small <= 96, "1000 bytes each: " .. small .. " MiB at most")
local kept = {}
for i = 1, 64 do kept[i] = Buffer.alloc(1 << 20) end
tap.ok(process.memoryUsage().arrayBuffers >= 64 << 20, "arrayBuffers counts what lives")
