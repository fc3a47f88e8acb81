-- Cluster: primary and workers in two files, messages and listening events
-- sample: S144
-- watch: messages and listening events of all workers come together at cluster, with the worker as
--   first argument. How the lines mix is not certain.
-- try: fork three workers.
local cluster = require "cluster"
local http = require "http"
local count = 2

-- Only the primary may create workers.
if cluster.isWorker then return require "./worker" end

print(("Master Process pid %d is running"):format(process.pid))
for i = 1, count do
  print(("Forking process number %d..."):format(i))
  cluster.fork()
end

cluster:on("message", function(worker, message)
  print(("%d: %s"):format(worker.id, message))
end)

local listening = 0
cluster:on("listening", function(_, address)
  print(("cluster - listening - %s:%d"):format(address.address, address.port))
  listening = listening + 1
  if listening < count then return end
  http.get({ host = "127.0.0.1", port = address.port, agent = false }, function(res)
    local body = ""
    res:on("data", function(d) body = body .. d end)
    res:on("end", function()
      print("client received " .. body)
      cluster.disconnect()
    end)
  end)
end)
