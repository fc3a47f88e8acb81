-- Master and workers: the master takes its workers with it
-- sample: S067
-- watch: this program plays the person at the keyboard. The master catches the signal, ends its
--   workers, and leaves only when the last of them has gone.
-- try: send "SIGQUIT" (Ctrl-\) instead of "SIGTERM": it is caught, too.
local child_process = require "child_process"

local function alive(pids)
  local count = 0
  for _, pid in ipairs(pids) do
    if pcall(process.kill, pid, 0) then count = count + 1 end
  end
  return count
end

local function run(signal, next)
  local master = child_process.fork(__dirname .. "/master.lua")
  local pids
  master:on("message", function(message)
    pids = message
    print(("driver: %d workers, all alive %s"):format(#pids, alive(pids) == #pids))
    print("driver: sends " .. signal)
    process.kill(master.pid, signal)
  end)
  master:on("exit", function(code)
    print("driver: master exit code " .. code)
    print("driver: workers alive " .. alive(pids))
    next()
  end)
end

run("SIGINT", function()
  run("SIGTERM", function() print "driver: done" end)
end)
