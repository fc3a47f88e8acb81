-- An application of main.lua. It leaves with the channel, should the manager end.
print "app has started"
process.send "up"
setInterval(function() end, 1000)
process:on("disconnect", function() process.exit(0) end)
