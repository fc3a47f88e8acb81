-- Micro tasks before macro tasks
-- sample: S016
-- watch: what runs between two callbacks of the loop (ticks, promises), and what the loop itself brings
--   (immediates, timers, messages).
-- try: let the interval tick three times: the promise of a tick always comes before the next tick.
local fs = require "fs"

local function channel()
  local ports = MessageChannel()
  ports.port2:on("message", function(m)
    print("MessageChannel " .. m)
    ports.port1:close()
  end)
  ports.port1:postMessage "ping"
  Promise.resolve():andThen(function() print "promise before the channel" end)
  print "posted"
end

local function interval()
  local n, timer = 0, nil
  timer = setInterval(function()
    n = n + 1
    print("setInterval " .. n)
    local now = n
    Promise.resolve():andThen(function() print("promise after tick " .. now) end)
    if n == 2 then
      clearInterval(timer)
      channel()
    end
  end, 5)
end

fs.readFile(__filename, function()
  setTimeout(function()
    print "setTimeout 0"
    interval()
  end, 0)
  setImmediate(function() print "setImmediate" end)
  Promise.resolve():andThen(function() print "promise" end)
  queueMicrotask(function() print "queueMicrotask" end)
  process.nextTick(function() print "nextTick" end)
  print "synchronous"
end)
