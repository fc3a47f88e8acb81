-- emit calls the listeners at once, in the order they were added
-- sample: S014
-- watch: 222 comes after 111: emit is a function call. Find the place where each emit returns.
-- try: wrap the body of the first listener in setImmediate(function() ... end): now 222 comes first.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:on("test", function()
  print(111)
end)
emitter:emit("test")
print(222)

emitter:on("order", function() print("first listener") end)
emitter:on("order", function()
  print("second listener begins")
  emitter:emit("test")
  print("second listener ends")
end)
emitter:on("order", function() print("third listener") end)
emitter:emit("order")
print("after emit")
