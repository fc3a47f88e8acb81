-- IPC: one worker writes to another one, through the master
-- sample: S077
-- watch: workers have no channel between them: every message makes two hops, and only worker 3 gets it.
-- try: let worker 1 write to worker 2 instead.
local cluster = require "cluster"
local once = require "events".once

if cluster.isWorker then
  local inbox = {}
  process:on("message", function(m)
    if m.write_to then
      process.send { to = m.write_to, text = "hello neighbour" }
    elseif m == "report" then
      process.send { received = table.concat(inbox, ", ") }
    else
      inbox[#inbox + 1] = ('"%s" from worker %d'):format(m.text, m.from)
    end
  end)
  return
end

cluster:on("message", function(worker, m)
  if not m.to then return end
  print(("master: from worker %d to worker %d"):format(worker.id, m.to))
  cluster.workers[m.to]:send { from = worker.id, text = m.text }
end)

local workers, online = {}, {}
for i = 1, 3 do
  workers[i] = cluster.fork()
  online[i] = once(workers[i], "online")
end
await(Promise.all(online))

workers[1]:send { write_to = 3 }
await(once(workers[1], "message")) -- it is passed on by now
for _, worker in ipairs(workers) do
  worker:send "report"
  local received = await(once(worker, "message"))[1].received
  print(("worker %d received: %s"):format(worker.id, received ~= "" and received or "nothing"))
end
for _, worker in ipairs(workers) do worker:disconnect() end
