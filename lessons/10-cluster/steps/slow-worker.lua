-- Two workers in turn; worker 1 needs 300 ms for each request, worker 2 answers at once.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  local id = cluster.worker.id
  http.createServer(function(_, res)
    setTimeout(function() res:finish(tostring(id)) end, id == 1 and 300 or 0)
  end):listen(0, "127.0.0.1")
  return
end

cluster.schedulingPolicy = cluster.SCHED_RR
local workers = { cluster.fork(), cluster.fork() }
local port = await(Promise.all { once(workers[1], "listening"), once(workers[2], "listening") })[1][1].port

local count = { 0, 0 }
for _ = 1, 8 do
  local id = await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      res:on("data", function(d) resolve(tonumber(tostring(d))) end)
    end)
  end))
  count[id] = count[id] + 1
end
print(("the slow worker answered %d, the quick one %d"):format(count[1], count[2]))
for _, worker in ipairs(workers) do worker:kill() end
