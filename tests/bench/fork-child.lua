process.send("up")
process:on("message", function() end)
