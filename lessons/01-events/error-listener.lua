-- With an error listener the process goes on
-- sample: S024
-- watch: the error has become an event like any other; both lines after it are reached.
-- try: listen to "fault" instead of "error": nobody hears the error, and it ends the process.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:on("error", function(err) print("error listener: " .. err.message) end)
emitter:emit("error", Error "this is an error")
print "still running"
setTimeout(function() print "and still running later" end, 10)
