-- The same table is sent twice within one message, and comes back.
local child_process = require "child_process"
local child = child_process.fork(function()
  process:once("message", function(m)
    m.first.n = 99
    process.send(m)
    process.disconnect()
  end)
end)

local shared = { n = 1 }
child:on("message", function(m)
  print(("first has %d, second has %d, ours has %d"):format(m.first.n, m.second.n, shared.n))
end)
child:send { first = shared, second = shared }
