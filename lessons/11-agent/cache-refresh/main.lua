-- IPC in practice: force, pull and push refresh of a cache in every worker
-- sample: S081
-- watch: the counters. By force every worker reads; by pull one worker asks, and all read only after a
--   change; by push the source tells the agent, and the whole application holds one connection for it.
-- try: run the pull twice without a change: one more question, and no read.
local child_process = require "child_process"
local once = require "events".once
local remote = require "./remote".start()

local env = { HTTP_PORT = tostring(remote.httpPort), PUSH_PORT = tostring(remote.pushPort) }
for name, value in pairs(process.env) do env[name] = env[name] or value end

-- The event ready, updated, done or state of a process is an answer of it; the rest is passed on to
-- all apps, as the framework's messenger does it.
local apps = {}
local function run(role)
  local p = child_process.fork(__dirname .. "/boot.lua", { role }, { env = env })
  p:on("message", function(m)
    if m.answer then return p:emit(m.answer, m.data) end
    for _, app in ipairs(apps) do app:send(m) end
  end)
  return p
end

local function both(event) return Promise.all { once(apps[1], event), once(apps[2], event) } end

local function report(when)
  for i, app in ipairs(apps) do
    app:send { control = "state" }
    local s = await(once(app, "state"))[1]
    print(("%s: worker %d has %s, last update by %s"):format(when, i, s.value, s.by))
  end
  print(("%s: remote was read %d, asked for changes %d"):format(when, remote.fetches, remote.checks))
end

local agent = run "agent"
await(once(agent, "ready"))
apps = { run "app", run "app" }
await(both "ready")

-- Plan 1: every worker reads.
for _, app in ipairs(apps) do app:send { control = "force_refresh" } end
await(both "updated")
report "force"

-- Plan 2: one worker asks, and only if something has changed everybody reads.
apps[1]:send { control = "pull_refresh" }
await(once(apps[1], "done"))
report "pull without a change"

remote.change "v2"
apps[2]:send { control = "pull_refresh" }
await(both "updated")
report "pull with a change"

-- Plan 3: the agent holds one connection on which the remote announces changes.
remote.change "v3"
remote.push()
await(both "updated")
report "push"
print("push connections held by the whole application: " .. remote.pushConnections)

for _, p in ipairs { agent, apps[1], apps[2] } do p:disconnect() end
remote.close()
