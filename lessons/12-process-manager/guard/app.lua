-- The application that main.lua guards: two tasks, and a mistake in one of them.
local attempt = tonumber(process.argv[3])
local nothing

setTimeout(function()
  if attempt < 3 then print(nothing.property) end
end, 5)
setTimeout(function()
  print(("start %d: another task, reached only if nothing fails before"):format(attempt))
end, 20)
setTimeout(function() process.disconnect() end, 30)
