-- A thread calls process.exit(5). Does the program end?
local worker = require "worker_threads".Worker(function() process.exit(5) end)

worker:on("exit", function(code)
  print("the thread ended with code " .. code)
  setTimeout(print, 20, "the program goes on")
end)
