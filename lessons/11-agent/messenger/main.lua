-- Messenger: broadcast, sendToApp, sendToAgent, sendRandom, sendTo, on, once
-- sample: S078
-- watch: who hears which call. Every call is a message to the master, which passes it on to those that
--   it is meant for; once hears the first of two.
-- try: make a third app: it hears what the others hear.
local child_process = require "child_process"
local once = require "events".once

local names = { "agent", "app 1", "app 2" }
local all, apps, by_name = {}, {}, {}
local heard = {}

-- The master forwards; it alone knows everybody.
local function targets(m)
  if m.to == "all" then return all end
  if m.to == "app" then return apps end
  if m.to == "agent" then return { by_name.agent } end
  if m.to == "random" then return { apps[math.random(#apps)] } end
  for _, p in ipairs(all) do
    if p.pid == m.pid then return { p } end
  end
end

for i, name in ipairs(names) do
  local p = child_process.fork(__dirname .. "/boot.lua", { name:match "%a+" })
  all[i], by_name[name] = p, p
  if name ~= "agent" then apps[#apps + 1] = p end
  p:on("message", function(m)
    if m.to then
      for _, target in ipairs(targets(m)) do target:send { action = m.action, data = m.data } end
    elseif m.heard then
      heard[#heard + 1] = name .. (m.heard == "once" and " (once)" or "")
    else
      p:emit("answer", m.answer)
    end
  end)
end

-- Sends a question to each and gives the answers.
local function ask(list, question)
  local answers = {}
  for i, p in ipairs(list) do
    answers[i] = once(p, "answer")
    if question then p:send(question) end
  end
  return await(Promise.all(answers))
end

-- Lets one process make one call. A process answers a ping when it has handled all that came before.
local function call(name, method, ...)
  heard = {}
  ask({ by_name[name] }, { control = "call", method = method, args = { ... } })
  ask(all, { control = "ping" })
  table.sort(heard)
  return table.concat(heard, ", ")
end

local function say(name, method, ...)
  print(("%s %s: heard by %s"):format(name, method, call(name, method, ...)))
end

ask(all) -- all are ready
say("app 1", "broadcast", "news", 1)
say("agent", "broadcast", "news", 1)
say("app 1", "sendToApp", "news", 1)
say("agent", "sendToApp", "news", 1)
say("app 2", "sendToAgent", "news", 1)
say("agent", "sendToAgent", "news", 1)
say("app 1", "sendTo", by_name["app 2"].pid, "news", 1)
local lucky = call("agent", "sendRandom", "news", 1)
print("agent sendRandom: heard by one app " .. tostring(lucky:find "^app %d$" ~= nil))
print("an app has sendRandom: " .. ask({ apps[1] }, { control = "has sendRandom" })[1][1])
say("app 1", "sendTo", by_name["app 1"].pid, "single", 1)
say("app 1", "sendTo", by_name["app 1"].pid, "single", 1)
for _, p in ipairs(all) do p:disconnect() end
