-- The child of main.lua. An open channel with a listener keeps it alive: it must disconnect.
process:on("message", function(message)
  print("message from the parent: hello = " .. message.hello)
  process.send { foo = "bar" }
  process.disconnect()
end)
