-- ChildProcess: what is known before and after its end
-- sample: S133
-- watch: exitCode and signalCode are empty while the child runs, and then one of them is filled. killed
--   only says that a signal was sent from here.
-- try: let it sleep for 0.1 s only, and send 0 instead of "SIGINT": killed is true, and yet the child
--   ends by itself.
local child_process = require "child_process"

if process.argv[3] == "child" then
  process:on("message", function() process.exit(9) end)
  return
end

local function forked()
  local child = child_process.fork(__filename, { "child" })
  print(("forked: connected %s, has stdout %s"):format(child.connected, child.stdout ~= nil))
  child:send "go"
  child:on("close", function()
    print(("ended: exitCode %s, signalCode %s, killed %s, connected %s"):format(child.exitCode,
      child.signalCode or "none", child.killed, child.connected))
    local result = child_process.spawnSync "true"
    print("spawnSync gives a plain result: has send " .. tostring(result.send ~= nil))
  end)
end

local child = child_process.spawn("sleep", { "10" })
print(("spawnfile %s, spawnargs %s, pid is a number %s"):format(child.spawnfile,
  table.concat(child.spawnargs, " "), math.type(child.pid) == "integer"))
print(("streams: %d, stdin is the first %s, stdout the second %s"):format(#child.stdio,
  child.stdio[1] == child.stdin, child.stdio[2] == child.stdout))
print(("running: exitCode %s, signalCode %s, killed %s"):format(child.exitCode or "none",
  child.signalCode or "none", child.killed))
print(("kill accepted %s, killed %s, exitCode %s"):format(child:kill "SIGINT", child.killed,
  child.exitCode or "none"))
child:on("exit", function()
  print(("ended: exitCode %s, signalCode %s"):format(child.exitCode or "none",
    child.signalCode or "none"))
  forked()
end)
