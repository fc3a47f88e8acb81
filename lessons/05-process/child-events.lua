-- ChildProcess: the order of its events
-- sample: S135
-- watch: exit says that the process has ended, close that its output has ended, too. A program that
--   cannot be started gives error alone.
-- try: spawn "true" instead of the missing program: it starts and ends, and there is no error to tell.
local child_process = require "child_process"

if process.argv[3] == "child" then
  process.send "hello"
  process:on("message", function() process.exit(0) end)
  return
end

local function missing_program()
  local missing = child_process.spawn(__dirname .. "/no-such-program")
  local order = {}
  for _, name in ipairs { "spawn", "exit", "error" } do
    missing:on(name, function() order[#order + 1] = name end)
  end
  missing:on("error", function(e)
    setImmediate(function()
      print(("missing program: %s, %s from %s"):format(table.concat(order, " "), e.code,
        e.syscall:match "^%S+"))
    end)
  end)
end

local child = child_process.fork(__filename, { "child" },
  { stdio = { "ignore", "pipe", "inherit", "ipc" } })
local seen = {}
for _, name in ipairs { "spawn", "message", "disconnect", "exit", "close", "error" } do
  child:on(name, function() seen[#seen + 1] = name end)
end
child:on("message", function() child:send "end" end)
child:on("close", function()
  print(("first: %s, then %s, last: %s"):format(seen[1], seen[2], seen[#seen]))
  local between = table.move(seen, 3, #seen - 1, 1, {})
  table.sort(between)
  print("between them, in this order or the other: " .. table.concat(between, " "))
  missing_program()
end)
