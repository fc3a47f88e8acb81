-- A global is set on the main thread, then a thread looks, sets it, too, and both look again.
count = 1
local worker = require "worker_threads".Worker(function()
  print("the thread finds " .. tostring(count))
  count = 50
  print("the thread has set it to " .. count)
end)
worker:on("exit", function() print("the main thread still has " .. count) end)
