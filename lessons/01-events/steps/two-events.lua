-- A listener of x emits y and then prints; a listener of y prints; after emit("x") the program prints.
local emitter = require "events"()

emitter:on("x", function()
  emitter:emit "y"
  print "the listener of x prints"
end)
emitter:on("y", function() print "the listener of y prints" end)

emitter:emit "x"
print "the program prints"
