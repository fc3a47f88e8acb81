-- fork: a new process that runs a file
-- sample: S060
-- watch: arguments go in, messages and an exit code come out.
-- try: in worker.lua, leave the call of process.exit out: nobody listens to the channel there, so the
--   worker ends by itself, with code 0.
local child_process = require "child_process"

local worker = child_process.fork(__dirname .. "/worker.lua", { "first", "second" })
print("a process of its own: " .. tostring(worker.pid ~= process.pid))
print("connected: " .. tostring(worker.connected))
worker:on("message", function(message) print("worker reports " .. message) end)
worker:on("exit", function(code, signal)
  print(("worker exit code %d signal %s"):format(code, signal or "none"))
end)
