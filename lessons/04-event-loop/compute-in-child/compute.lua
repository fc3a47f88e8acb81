-- The child of main.lua: it computes and answers; its parent ends it.
local size = math.tointeger(tonumber(process.argv[3]))

process:on("message", function(message)
  print("child received: " .. message)
  process.send "begun"
  local sum = 0
  for i = 0, size - 1 do sum = sum + i end
  process.send(sum)
end)
