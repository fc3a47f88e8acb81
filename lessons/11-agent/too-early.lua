-- Messenger: what is sent before everybody is ready gets lost
-- sample: S079
-- watch: the agent sends twice: at once, when there is no app yet, and after egg-ready. The master can
--   pass a message on only to those that are there.
-- try: send the early message in the listener of egg-ready, too, before the late one, and not at once:
--   both reach two apps.
local child_process = require "child_process"
local once = require "events".once
local role = process.argv[3]

if role == "agent" then
  process.send { to = "app", action = "early" }
  process.send "ready"
  process:on("message", function(m)
    if m.action == "egg-ready" then process.send { to = "app", action = "late" } end
  end)
  return
elseif role == "app" then
  local actions = {}
  process:on("message", function(m)
    if m == "report" then process.send(actions) else actions[m.action] = true end
  end)
  process.send "ready"
  return
end

local agent = child_process.fork(__filename, { "agent" })
local apps = {}
agent:on("message", function(m)
  if m == "ready" then return agent:emit "ready" end
  print(('master relays "%s" to %d apps'):format(m.action, #apps))
  for _, app in ipairs(apps) do app:send { action = m.action } end
  if m.action == "late" then agent:emit "done" end
end)
await(once(agent, "ready"))

for i = 1, 2 do apps[i] = child_process.fork(__filename, { "app" }) end
await(Promise.all { once(apps[1], "message"), once(apps[2], "message") })
for _, p in ipairs { agent, apps[1], apps[2] } do p:send { action = "egg-ready" } end
await(once(agent, "done"))

local reached = { early = 0, late = 0 }
for _, app in ipairs(apps) do
  app:send "report"
  local actions = await(once(app, "message"))[1]
  if actions.early then reached.early = reached.early + 1 end
  if actions.late then reached.late = reached.late + 1 end
end
print(("early reached %d apps, late reached %d apps"):format(reached.early, reached.late))
for _, p in ipairs { agent, apps[1], apps[2] } do p:disconnect() end
