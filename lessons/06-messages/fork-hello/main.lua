-- fork: a child with a message channel
-- sample: S004
-- watch: two programs, two memories; what passes between them are copies of messages.
-- try: send another word than "world": the child prints what it got, not what it expects.
local child_process = require "child_process"

local child = child_process.fork(__dirname .. "/script.lua")

child:on("message", function(message)
  print("message from the child: foo = " .. message.foo)
end)
child:on("exit", function(code)
  print("child exit code " .. code)
end)

child:send { hello = "world" }
