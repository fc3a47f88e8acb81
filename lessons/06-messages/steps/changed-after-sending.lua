-- The parent changes a field of a message after it has sent it.
local child_process = require "child_process"

local child = child_process.fork(function()
  process:on("message", function(m)
    process.send { seen = m.count }
    process.disconnect()
  end)
end)

local message = { count = 1 }
child:on("message", function(m) print("the child has seen " .. m.seen) end)
child:send(message)
message.count = 2
print("the parent has made it " .. message.count)
