-- once listens a single time
-- sample: S020
-- watch: the count falls from 2 to 1 at the first emit; the function below does by hand what once does.
-- try: register the second listener with once, too: nothing is left after the first emit.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:once("test", function() print "once" end)
emitter:on("test", function() print "on" end)

print("listeners before: " .. emitter:listenerCount("test"))
emitter:emit("test")
print("listeners after the first emit: " .. emitter:listenerCount("test"))
emitter:emit("test")
emitter:emit("test")

-- once is on plus removeListener; the same by hand:
local function by_hand()
  emitter:removeListener("hand", by_hand)
  print "by hand"
end
emitter:on("hand", by_hand)
console.log("first:", emitter:emit("hand"))
console.log("second:", emitter:emit("hand"))
