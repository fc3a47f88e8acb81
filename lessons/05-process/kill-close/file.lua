-- The child of main.lua. It answers, and would wait for ever.
process:on("message", function(message)
  process.send(message .. " and more data")
end)
