-- The agent of main.lua: it has some work to do before it is ready.
setTimeout(function() process.send "agent ready" end, 30)
process:on("message", function(message) process.send("got " .. message) end)
