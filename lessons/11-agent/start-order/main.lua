-- Master, agent, worker: the order in which they start
-- sample: S070
-- watch: first the agent, then the workers, and only when all are ready egg-ready goes to everybody.
--   What is sent before that may find nobody.
-- try: start three workers: the agent and they make four.
local child_process = require "child_process"
local once = require "events".once
local count = 2

print "master: fork agent"
local agent = child_process.fork(__dirname .. "/agent.lua")
await(once(agent, "message"))
print "master: agent ready"

local all = { agent }
local ready = 0
local waiting = {}
for i = 1, count do
  print("master: fork worker " .. i)
  local worker = child_process.fork(__dirname .. "/app.lua")
  all[#all + 1] = worker
  waiting[i] = once(worker, "message"):andThen(function()
    ready = ready + 1
    print(("master: worker ready (%d of %d)"):format(ready, count))
  end)
end
await(Promise.all(waiting))

print "master: egg-ready to everybody"
local answers = {}
for i, p in ipairs(all) do
  answers[i] = once(p, "message")
  p:send "egg-ready"
end
print(("master: %d processes know it"):format(#await(Promise.all(answers))))
for _, p in ipairs(all) do p:disconnect() end
