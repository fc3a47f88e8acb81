-- Master, agent, worker: who ends after an uncaught exception
-- sample: S074
-- watch: the agent is one of a kind: it logs its errors and stays. A worker is one of many: it reports,
--   ends with code 1, and the master starts a new one.
-- try: let the agent end as a worker does, local stays = false: the master waits for its next answer in
--   vain.
local child_process = require "child_process"
local role = process.argv[3]

if role then
  process:on("message", function(message)
    if message == "fail" then error(Error(role .. " failed")) end
    process.send "yes"
  end)
  process:on("uncaughtException", function()
    local stays = role == "agent"
    process.send("error logged", function()
      if not stays then process.exit(1) end
    end)
  end)
  return
end

local once = require "events".once
local agent = child_process.fork(__filename, { "agent" })
local agent_exited = false
agent:on("exit", function() agent_exited = true end)

local errors = 0
for _ = 1, 2 do
  agent:send "fail"
  await(once(agent, "message"))
  errors = errors + 1
end

local starts = 0
repeat
  if starts > 0 then print "master starts a new worker" end
  local worker = child_process.fork(__filename, { "worker" })
  starts = starts + 1
  worker:send "fail"
  print("worker exited, code " .. await(once(worker, "exit"))[1])
until starts == 2

print("worker starts: " .. starts)
print("errors logged by the agent: " .. errors)
print("agent has exited: " .. tostring(agent_exited))
agent:send "are you there"
print("agent answers: " .. await(once(agent, "message"))[1])
agent:disconnect()
