-- Cluster: was it a signal, an error, or a normal end
-- sample: S177
-- watch: code and signal tell how a worker has ended, and so whether a new one is needed.
-- try: let the third one exit with 300: one byte of it arrives.
local cluster = require "cluster"
local once = require "events".once
local how = process.env.HOW

if cluster.isWorker then
  if how == "signal" then process.kill(process.pid, "SIGKILL") end
  process.exit(tonumber(how))
end

local replacements = 0
for _, way in ipairs { "0", "1", "12", "signal" } do
  local exit = await(once(cluster.fork { HOW = way }, "exit"))
  local code, signal = exit[1], exit[2]
  if signal then
    print("worker was ended by signal " .. signal)
  elseif code ~= 0 then
    print("worker failed, exit code " .. code)
    replacements = replacements + 1 -- a service would fork a new one here
    print("replacements so far: " .. replacements)
  else
    print "worker ended normally"
  end
end
print "done"
