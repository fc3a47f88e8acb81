-- A timer and an interval of 10 ms, and a loop that is busy for 80 ms.
local start = process.hrtime.bigint()
local function ms() return (process.hrtime.bigint() - start) / 1e6 end

local ticks = 0
local interval = setInterval(function() ticks = ticks + 1 end, 10)
setTimeout(function()
  print("timer fires at " .. math.floor(ms()) .. " ms")
  -- The rest of this round of the loop: whatever is due now has been called.
  setImmediate(function()
    print(("interval has fired %d time%s"):format(ticks, ticks == 1 and "" or "s"))
    clearInterval(interval)
  end)
end, 10)

while ms() < 80 do end
print("main code ends at " .. math.floor(ms()) .. " ms")
