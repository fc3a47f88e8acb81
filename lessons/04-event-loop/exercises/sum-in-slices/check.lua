-- Loads the student's file and tells the guide's check what it did.
local sumInSlices = require "../../../student" "function"

local function cpu()
  local used = process.cpuUsage()
  return (used.user + used.system) / 1000
end

-- The interval does not keep the program alive: when the work stops early, the program ends.
local ticks, longest, before = 0, 0, cpu()
local beat = setInterval(function()
  local now = cpu()
  ticks = ticks + 1
  longest = math.max(longest, now - before)
  before = now
end, 5)
beat:unref()

local calls = 0
sumInSlices(10000000, 50000, function(sum)
  calls = calls + 1
  if calls > 1 then return process.send { calls = calls } end
  process.send { sum = sum, calls = calls, ticks = ticks, longest = math.max(longest, cpu() - before) }
  sumInSlices(0, 50000, function(none) process.send { none = none } end)
end)
