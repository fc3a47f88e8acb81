-- A listener and its emitter
-- sample: S012
-- watch: a listener is given what emit was given and nothing else (JavaScript would pass the emitter in
--   secret, as this). The emitter is there all the same: the function closes over the local.
-- try: emit a third value, "c": the listener gets it, too, and still no emitter.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:on("event", function(...)
  console.log(...)
  local passed = false
  for _, value in ipairs { ... } do passed = passed or value == emitter end
  print("the emitter is among the arguments: " .. tostring(passed))
  print("the local is an EventEmitter: " .. tostring(instanceof(emitter, EventEmitter)))
  print("listeners for event: " .. emitter:listenerCount("event"))
  print("event names: " .. table.concat(emitter:eventNames(), " "))
end)
emitter:emit("event", "a", "b")
