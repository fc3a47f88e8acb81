-- spawn: a child's output goes nowhere until somebody takes it
-- sample: S089
-- watch: two children run the same file. The first one's line is read and thrown away; the second one's
--   pipe is connected with our own output.
-- try: start the second child with stdio = "inherit" and no pipe: its line appears all the same.
local child_process = require "child_process"
local worker = __dirname .. "/worker.lua"

local function spawn_worker()
  local child = child_process.spawn(process.execPath, { worker })
  print(("master pid %d child pid %d"):format(process.pid, child.pid))
  return child
end

local silent = spawn_worker()
silent.stdout:resume() -- thrown away; "close" needs the stream to end
silent:on("close", function(code)
  print(("first child closed with %d, its line was not shown"):format(code))

  local child = spawn_worker()
  child.stdout:pipe(process.stdout)
  child:on("close", function(code2) print("second child closed with " .. code2) end)
end)
