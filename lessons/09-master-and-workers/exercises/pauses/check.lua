-- Loads the student's file and tells the guide's check what it did.
local child_process = require "child_process"
local guard = require "../../../student" "function"

local function fails() process.exit(7) end
local function lives() setTimeout(function() process.exit(7) end, 1800) end
local function stays() setTimeout(function() end, 20000) end

-- Workers 1 to 7 fail at once, 8 lives for a while, 9 and 10 fail again, 11 stays.
local kinds = { [8] = lives, [11] = stays }
local started, pauses, early = 0, {}, 0
local last

local function finish()
  process.send({ started = started, pauses = table.concat(pauses, " "), early = early }, function()
    last:kill "SIGKILL"
    last:once("exit", function() process.exit() end)
  end)
end

local alive = 0
local function start()
  started = started + 1
  if alive > 0 then early = early + 1 end -- two at a time
  alive = alive + 1
  local worker = child_process.fork(kinds[started] or fails)
  worker:once("exit", function() alive = alive - 1 end)
  last = worker
  if started == 4 then process.send { atOnce = #pauses == 0 } end
  if started == 11 then setImmediate(finish) end
  if started > 11 then error "too many workers" end
  return worker
end

local function wait(fn, ms)
  pauses[#pauses + 1] = ("%g"):format(ms)
  setTimeout(fn, 1) -- the check is in a hurry: what counts is what was asked for
end

guard(start, { limit = 3, pause = 50, steady = 1500, wait = wait })
-- Whoever gives up never comes to worker 11.
setTimeout(function()
  process.send({ started = started, pauses = table.concat(pauses, " "), early = early }, function()
    process.exit()
  end)
end, 8000)
