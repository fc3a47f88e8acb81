-- process.exit: whatever is still open is dropped
-- sample: S122
-- watch: exit leaves a timer behind that was about to fire; a process that ends by itself waits for it,
--   unless the timer does not count.
-- try: make the last timer one of 10 ms without unref: it counts, and is waited for.
local child_process = require "child_process"
local function timer() print "timer" end

local ways = {
  { "exit at once", function()
    setTimeout(timer, 10)
    process.exit(0)
  end },
  { "end by itself", function() setTimeout(timer, 10) end },
  { "timer not counted", function() setTimeout(timer, 10000):unref() end },
}

for _, way in ipairs(ways) do
  if not process.argv[3] then
    local r = child_process.spawnSync(process.execPath, { __filename, way[1] }, { encoding = "utf8" })
    print(("%s: printed %s, code %d"):format(way[1], r.stdout:match "%w+" or "nothing", r.status))
  elseif process.argv[3] == way[1] then
    way[2]()
  end
end
