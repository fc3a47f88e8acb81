-- Guarding: an error ends the whole application, a guard starts it again
-- sample: S104
-- watch: one mistake in one task ends the other task, too. The guard is a process of its own, so it
--   lives on and starts the application anew; a normal end is left alone.
-- try: in app.lua, let the first five starts fail: the guard gives up.
local child_process = require "child_process"
local most = 5

local function start(n)
  local app = child_process.fork(__dirname .. "/app.lua", { tostring(n) }, { silent = true })
  app.stdout:on("data", function(text) io.write("  app: " .. text) end)
  app:on("close", function(code)
    print(("guard: start %d ended with code %d"):format(n, code))
    if code == 0 then return print "guard: finished normally, no restart" end
    if n == most then return print "guard: giving up" end
    start(n + 1)
  end)
end
start(1)
