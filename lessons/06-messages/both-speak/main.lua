-- fork: parent and child speak first at the same time
-- sample: S136
-- watch: nobody waits for a question: both messages are on their way before either arrives. Which line
--   comes first is not certain.
-- try: in child.lua, send one more message before the disconnect: it still arrives.
local child_process = require "child_process"
local child = child_process.fork(__dirname .. "/child.lua")

child:send { name = "parent" }
child:on("message", function(message)
  print("childMsg: name = " .. message.name)
end)
