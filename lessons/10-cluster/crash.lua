-- Cluster: one worker crashes, the others go on, the primary starts a new one
-- sample: S006
-- watch: an error that nobody catches ends worker 1 alone. Its requests go to the other one until the
--   replacement listens; then the two take turns.
-- try: send six requests at the end: three and three.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  process:on("message", function() error(Error "worker crashed on purpose") end)
  http.createServer(function(_, res) res:finish(tostring(cluster.worker.id)) end):listen(0, "127.0.0.1")
  return
end

-- Which worker answers.
local function get(port)
  return await(Promise(function(resolve, reject)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      res:on("data", function(d) resolve(tostring(d)) end)
    end):on("error", reject)
  end))
end

local first = cluster.fork()
local port = await(once(first, "listening"))[1].port
local second = cluster.fork()
await(once(second, "listening"))
print(("workers %d and %d listen"):format(first.id, second.id))

local gone = Promise.all { once(first, "exit"), once(first, "disconnect") }
first:send "crash"
local exit = await(gone)[1]
print(("worker 1 exited, code %d signal %s"):format(exit[1], exit[2] or "none"))
for _ = 1, 2 do print("answered by worker " .. get(port)) end

local third = cluster.fork()
await(once(third, "listening"))
print(("worker %d replaces it"):format(third.id))
local seen = { ["2"] = 0, ["3"] = 0 }
for _ = 1, 4 do
  local id = get(port)
  seen[id] = seen[id] + 1
end
print("worker 2 answered " .. seen["2"])
print("worker 3 answered " .. seen["3"])

for _, worker in pairs(cluster.workers) do worker:kill() end
