-- Cluster: as long as one worker lives the service lives; with the last one it is gone
-- sample: S137
-- watch: the port belongs to the primary, and is closed with the last worker. Nobody starts new ones by
--   itself.
-- try: send the last request before the second worker is killed: it is answered.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  http.createServer(function(_, res) res:finish "answered" end):listen(0, "127.0.0.1")
  return
end

local function get(port)
  return await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      res:on("data", function(d) resolve(tostring(d)) end)
    end):on("error", function(e) resolve(e.code) end)
  end))
end

local function kill(worker)
  local gone = Promise.all { once(worker, "exit"), once(worker, "disconnect") }
  worker.process:kill "SIGKILL"
  await(gone)
end

local first = cluster.fork()
local port = await(once(first, "listening"))[1].port
local second = cluster.fork()
await(once(second, "listening"))

print("two workers: " .. get(port))
kill(first)
print("one worker: " .. get(port))
kill(second)
print("no worker: " .. get(port))

local count = 0
for _ in pairs(cluster.workers) do count = count + 1 end
print(("workers in the list: %d; nobody starts new ones by itself"):format(count))
