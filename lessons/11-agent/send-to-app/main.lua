-- Messenger: the agent sends to the application workers
-- sample: S073
-- watch: the agent and the workers have no channel between them: what the agent sends to "app" goes to
--   the master, and the master knows who that is.
-- try: in agent.lua, let the id be 8: both workers tell.
local child_process = require "child_process"
local once = require "events".once
local boot = __dirname .. "/boot.lua"

local agent = child_process.fork(boot, { "agent" })
await(once(agent, "message")) -- ready
local apps = { child_process.fork(boot, { "app" }), child_process.fork(boot, { "app" }) }
await(Promise.all { once(apps[1], "message"), once(apps[2], "message") })

-- The master forwards; it alone knows everybody.
agent:on("message", function(m)
  for _, app in ipairs(apps) do app:send(m) end
end)
for _, p in ipairs { agent, apps[1], apps[2] } do p:send { action = "egg-ready" } end

local received = await(Promise.all { once(apps[1], "message"), once(apps[2], "message") })
for i, arguments in ipairs(received) do
  print(("app %d received xxx_action with id %d"):format(i, arguments[1].received.id))
end
for _, p in ipairs { agent, apps[1], apps[2] } do p:disconnect() end
