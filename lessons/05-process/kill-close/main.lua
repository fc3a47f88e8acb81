-- fork: take one result, kill the child, see it close
-- sample: S105
-- watch: kill sends a signal and returns at once; killed says that it was sent, close that the child
--   has ended. A dead child cannot be killed again.
-- try: send "SIGKILL" instead: the child has no choice, and close names it.
local child_process = require "child_process"
local compute = child_process.fork(__dirname .. "/file.lua")

compute:send "data"
compute:on("message", function(answer)
  print(("parent received %s, child pid %d"):format(answer, compute.pid))
  print(("kill sent: %s, killed: %s"):format(compute:kill(), compute.killed))
end)
compute:on("close", function(code, signal)
  print(("closed: code %s, signal %s"):format(code or "none", signal))
  print("kill again: " .. tostring(compute:kill()))
end)
