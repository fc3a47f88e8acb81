-- Cluster: different duties for different workers
-- sample: S007
-- watch: the environment tells each worker what it is for: one answers on a port, the other only
--   computes.
-- try: let the job worker sum up to 10.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once
local role = process.env.ROLE

if cluster.isWorker and role == "web" then
  http.createServer(function(_, res) res:finish("hello from the " .. role .. " role") end)
    :listen(0, "127.0.0.1")
  return
elseif cluster.isWorker then
  process:on("message", function(m)
    local sum = 0
    for i = 1, m.n do sum = sum + i end
    process.send { n = m.n, sum = sum }
  end)
  return
end

local web = cluster.fork { ROLE = "web" }
local job = cluster.fork { ROLE = "job" }
print("two different processes: " .. tostring(web.process.pid ~= job.process.pid))

local port = await(once(web, "listening"))[1].port
http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
  res:on("data", function(d) print("web worker: " .. d) end)
  res:on("end", function()
    web:kill()
    job:send { n = 1000000 }
  end)
end)

local m = await(once(job, "message"))[1]
print(("job worker: sum of 1..%d is %d"):format(m.n, m.sum))
job:disconnect()
