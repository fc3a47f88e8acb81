-- process: signals as events
-- sample: S128
-- watch: a listener takes the place of what the signal would do; SIGKILL asks nobody. A listener alone
--   does not keep a process alive: here the channel does.
-- try: take "SIGHUP" out of the catcher's list: it ends by SIGHUP, before SIGKILL comes.
local child_process = require "child_process"
local role = process.argv[3]

if role then
  if role == "catcher" then
    for _, name in ipairs { "SIGTERM", "SIGINT", "SIGUSR2", "SIGHUP" } do
      process:on(name, function(signal) process.send("caught " .. signal) end)
    end
  end
  process:on("message", function() end)
  process.send "ready"
  return
end

local function without_listeners()
  local plain = child_process.fork(__filename, { "plain" })
  plain:on("message", function() plain:kill "SIGTERM" end)
  plain:on("exit", function(code, signal)
    print(("a process without listeners ended by %s, code %s"):format(signal, code or "none"))
  end)
end

local catcher = child_process.fork(__filename, { "catcher" })
local signals = { "SIGTERM", "SIGINT", "SIGUSR2", "SIGHUP", "SIGKILL" }
catcher:on("message", function(message)
  if message ~= "ready" then print("catcher: " .. message) end
  catcher:kill(table.remove(signals, 1))
end)
catcher:on("exit", function(_, signal)
  print(("catcher ended by %s, which cannot be caught"):format(signal))
  without_listeners()
end)
