-- The same end seen by Node's API and by a shell: a child is killed with signal 9.
local child_process = require "child_process"

local child = child_process.spawn("sleep", { "30" })
child:on("exit", function(code, signal)
  print(("the exit event says: code %s, signal %s"):format(code or "none", signal or "none"))
  local shell = child_process.spawnSync("sh", { "-c", "sh -c 'kill -9 $$'; echo $?" }, { encoding = "utf8" })
  io.write("the shell says: " .. shell.stdout)
end)
child:on("spawn", function() child:kill "SIGKILL" end)
