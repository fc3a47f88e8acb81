-- process.kill: a signal, or only a question
-- sample: S120
-- watch: signal 0 is never delivered: it asks whether the process is there. ESRCH is the answer "no".
-- try: send "SIGINT" instead of the default: the exit event names it.
local child_process = require "child_process"
local child = child_process.spawn("sleep", { "10" })

print("signal 0 to a living process: " .. tostring(process.kill(child.pid, 0)))
process.kill(child.pid) -- SIGTERM unless told otherwise
child:on("exit", function(code, signal)
  print(("it ended by %s, code %s"):format(signal, code or "none"))
  local _, e = pcall(process.kill, child.pid, 0)
  print("signal 0 to a dead one: " .. e.code)
  _, e = pcall(process.kill, process.pid, "SIGNONSENSE")
  print("unknown signal: " .. e.code)
end)
