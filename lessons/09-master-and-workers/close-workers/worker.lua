-- A worker of master.lua. It leaves with the channel, should the master end without a word.
process.title = "moonfork-worker"
process.send "ready"
process:on("disconnect", function() process.exit(0) end)
