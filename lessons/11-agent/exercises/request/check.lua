-- The master: forks an agent and two apps that use the student's file, and tells the guide's check.
local child_process = require "child_process"
local file = process.argv[3]
local all, apps, agent = {}, {}, nil
local waiting, number = {}, 0

local function targets(m)
  if m.to == "all" then return all end
  if m.to == "app" then return apps end
  if m.to == "agent" then return { agent } end
  for _, p in ipairs(all) do
    if p.pid == m.pid then return { p } end
  end
  return {}
end

local function boot(role)
  local p = child_process.fork(__dirname .. "/boot.lua", { role, file })
  all[#all + 1] = p
  p:on("error", function() end) -- it may end while something is sent to it
  p:on("message", function(m)
    if m.to then
      for _, target in ipairs(targets(m)) do
        if target.connected then target:send { action = m.action, data = m.data } end
      end
    elseif m.told then
      waiting[m.told](m)
    end
  end)
  return p, require "events".once(p, "message")
end

local ready
agent, ready = boot "agent"
await(ready)
for i = 1, 2 do
  apps[i], ready = boot "app"
  await(ready)
end
agent:on("exit", function()
  for _, app in ipairs(apps) do app:send { action = "agent-exit" } end
end)

-- Lets an app make one request.
local function ask(app, action, data, timeout)
  number = number + 1
  local mine = number
  return Promise(function(resolve)
    waiting[mine] = resolve
    app:send { number = mine, ask = action, data = data, timeout = timeout }
    setTimeout(resolve, 3000, { ok = false, result = "nothing came" }):unref()
  end)
end

local pending, right = {}, 0
for i = 1, 20 do pending[i] = ask(apps[i % 2 + 1], "double", i, 5000) end
for i = 1, 20 do
  local answer = await(pending[i])
  if answer.ok and answer.result == 2 * i then right = right + 1 end
end
process.send { right = right }

local late = await(ask(apps[1], "never", 1, 100))
process.send { timeout = not late.ok and late.result ~= "nothing came", said = late.result }

local open = { ask(apps[1], "never", 1, 20000), ask(apps[2], "never", 2, 20000) }
await(ask(apps[1], "double", 1, 5000)) -- the two are under way
ask(apps[1], "die", 0, 20000)
local failed, reason = 0, ""
for _, promise in ipairs(open) do
  local answer = await(promise)
  if not answer.ok and answer.result ~= "nothing came" then failed = failed + 1 end
  reason = answer.result
end
process.send({ failed = failed, reason = tostring(reason) }, function()
  for _, p in ipairs(all) do p:kill "SIGKILL" end
  process.disconnect()
end)
