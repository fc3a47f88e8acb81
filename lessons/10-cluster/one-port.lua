-- Cluster: several processes, one port
-- sample: S005
-- watch: one file, run three times: once as the primary, twice as a worker. All workers listen on the
--   same port, and none of them knows of the others.
-- try: start three workers.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once
local count = 2

if cluster.isWorker then
  http.createServer(function(_, res)
    res:writeHead(200)
    res:finish "你好世界\n"
  end):listen(0, "127.0.0.1")
  print(("worker pid %d started"):format(process.pid))
  return
end

local function get(port)
  return await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(res.statusCode .. " " .. body) end)
    end)
  end))
end

print(("primary pid %d is running"):format(process.pid))
local listening, exits = {}, {}
for i = 1, count do
  local worker = cluster.fork()
  listening[i], exits[i] = once(worker, "listening"), once(worker, "exit")
end
local port = await(Promise.all(listening))[1][1].port

for n = 1, 4 do io.write(("request %d: %s"):format(n, get(port))) end

for _, worker in pairs(cluster.workers) do worker:kill() end
print(("all %d workers have exited"):format(#await(Promise.all(exits))))
