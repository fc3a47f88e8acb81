-- The child of main.lua.
process.send { name = "child" }
process:on("message", function(message)
  print("parentMsg: name = " .. message.name)
  process.disconnect()
end)
