-- process.abort: an immediate end
-- sample: S121
-- watch: abort is a signal that the process sends to itself: nobody is asked, no exit event comes.
-- try: call process.exit(134) instead: the exit event comes, and there is a code and no signal.
local child_process = require "child_process"

if process.argv[3] == "child" then
  process:on("exit", function() print "abort asks nobody" end)
  print "before abort"
  process.abort()
end

-- Started by a shell that forbids core files.
local child = child_process.spawn("sh",
  { "-c", 'ulimit -c 0; exec "$0" "$1" child', process.execPath, __filename },
  { stdio = { "ignore", "pipe", "ignore" } })
local out = ""
child.stdout:on("data", function(d) out = out .. d end)
child:on("close", function(code, signal)
  io.write("printed: " .. out)
  print(("signal %s, code %s"):format(signal or "none", code or "none"))
end)
