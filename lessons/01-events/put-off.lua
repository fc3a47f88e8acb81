-- A listener that puts its work off
-- sample: S015
-- watch: the order of the lines is not the order in the code: first what runs now, then the tick, then
--   the immediate.
-- try: emit "test" twice: both ticks come before the first immediate.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:on("test", function()
  setImmediate(function() print("111 from setImmediate") end)
  process.nextTick(function() print("000 from nextTick") end)
end)
emitter:emit("test")
print(222)
