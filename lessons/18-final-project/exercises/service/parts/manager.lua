-- The manager: guards the primary and passes messages on between it and whoever started us.
--   moonfork manager.lua PRIMARY
-- A primary that fails is started again, three times; one that ends with 0 is not.
local child_process = require "child_process"
local restarts, primary = 0, nil

local function run()
  primary = child_process.fork(process.argv[3], { __dirname })
  primary:on("message", function(m) process.send(m) end)
  primary:on("exit", function(code)
    if code == 0 or restarts == 3 or not process.connected then return process.exit(code or 1) end
    restarts = restarts + 1
    run()
  end)
end

process:on("message", function(m)
  if m.command == "manager" then process.send { manager = process.pid, restarts = restarts }
  elseif primary.connected then primary:send(m) end
end)
process:on("disconnect", function() primary:kill() end) -- nobody is there any more
run()
