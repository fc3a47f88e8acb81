-- Cluster: the built-in distribution, in turn or left to the system
-- sample: S139
-- watch: in turn, eight requests are four and four. With a shared handle the system chooses, and one
--   worker may get them all; only the sum is certain.
-- try: send nine requests: in turn, one worker gets five.
local cluster = require "cluster"
local child_process = require "child_process"
local http = require "http"
local once = require "events".once
local policy = process.argv[3]
local requests = 8

if cluster.isWorker then
  http.createServer(function(_, res) res:finish(tostring(cluster.worker.id)) end):listen(0, "127.0.0.1")
  return
elseif not policy then
  for _, name in ipairs { "rr", "none" } do
    local r = child_process.spawnSync(process.execPath, { __filename, name }, { encoding = "utf8" })
    io.write(r.stdout)
  end
  return
end

-- Which worker answers.
local function get(port)
  return await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      res:on("data", function(d) resolve(tonumber(tostring(d))) end)
    end)
  end))
end

cluster.schedulingPolicy = policy == "rr" and cluster.SCHED_RR or cluster.SCHED_NONE
local workers = { cluster.fork(), cluster.fork() }
local listening = await(Promise.all { once(workers[1], "listening"), once(workers[2], "listening") })
local count = { 0, 0 }
for _ = 1, requests do
  local id = get(listening[1][1].port)
  count[id] = count[id] + 1
end
if policy == "rr" then
  print(("in turn: worker 1 %d, worker 2 %d"):format(count[1], count[2]))
else
  print("shared handle: together " .. count[1] + count[2])
end
for _, worker in ipairs(workers) do worker:kill() end
