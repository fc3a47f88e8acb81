-- process: a forked process has its own variables
-- sample: S047
-- watch: the same name in the same file, and two memories: the child's 5 reaches the parent only in a
--   message.
-- try: let the parent count to 2 before it forks: the child begins at 0 all the same, since it runs the
--   file from the start.
local child_process = require "child_process"
local count = 0

if process.argv[3] == "child" then
  for _ = 1, 5 do count = count + 1 end
  process.send(count)
  process.disconnect()
  return
end

local child = child_process.fork(__filename, { "child" })
child:on("message", function(theirs)
  print("count in the child: " .. theirs)
  print("count in the parent: " .. count)
  count = theirs
  print("after taking it over from the message: " .. count)
end)
child:on("exit", function(code) print("child exit code " .. code) end)
