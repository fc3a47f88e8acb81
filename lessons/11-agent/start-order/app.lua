-- A worker of main.lua.
process.send "worker ready"
process:on("message", function(message) process.send("got " .. message) end)
