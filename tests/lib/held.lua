-- Holds a lesson at a place, so that what a view shows there can be looked at without haste:
--
--   moonfork -r tests/lib/held.lua lesson.lua      with HELD_AFTER=2 and HELD_GO=FILE in the environment
--
-- The lesson waits for events by events.once; what it waits for the second time is given to it when FILE is
-- there. The lesson itself is not touched.
local events, fs = require "events", require "fs"
local once, left, go = events.once, tonumber(process.env.HELD_AFTER), process.env.HELD_GO

local function when_told(act)
  local asking
  asking = setInterval(function()
    if not fs.existsSync(go) then return end
    clearInterval(asking)
    act()
  end, 20)
end

function events.once(...)
  local came = once(...)
  left = left - 1
  if left > 0 then return came end
  return Promise(function(resolve, reject)
    came:andThen(function(values) when_told(function() resolve(values) end) end, reject)
  end)
end
