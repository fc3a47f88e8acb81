-- Cluster: every worker tells the primary about each finished request
-- sample: S181
-- watch: the workers share nothing; what the primary knows of them it knows from messages.
-- try: send eight requests: four and four.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once
local requests = 6

if cluster.isWorker then
  http.createServer(function(_, res)
    res:writeHead(200)
    res:finish(("answer of process %d\n"):format(process.pid))
    process.send { type = "request_completed" }
  end):listen(0, "127.0.0.1")
  print(("worker pid %d started"):format(process.pid))
  return
end

print(("primary pid %d is running"):format(process.pid))
local workers, listening, info = {}, {}, {}
for i = 1, 2 do
  local worker = cluster.fork()
  workers[i], listening[i] = worker, once(worker, "listening")
  info[worker.id] = { pid = worker.process.pid, start = performance.now(), requests = 0 }
end
cluster:on("message", function(worker, message)
  if message.type ~= "request_completed" then return end
  info[worker.id].requests = info[worker.id].requests + 1
end)
local port = await(Promise.all(listening))[1][1].port

for _ = 1, requests do
  local told = once(cluster, "message")
  http.get({ host = "127.0.0.1", port = port, agent = false }, function(res) res:resume() end)
  await(told)
end

print "report:"
for _, i in ipairs(info) do
  print(("worker pid %d: requests %d, up for some time %s"):format(i.pid, i.requests,
    performance.now() > i.start))
end
for _, worker in ipairs(workers) do worker:kill() end
