-- Cluster: a web service whose dead workers are replaced
-- sample: S166
-- watch: worker 1 is killed; the primary takes it out of its table and starts a new one, with a new id.
--   The web framework is rebuilt in a few lines: its get, listen and send.
-- try: give the application a second page, app:get("/other", ...): the path is not unknown any more.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once
local count = 2

local function express()
  local routes = {}
  local app = {}
  function app:get(path, handler) routes[path] = handler end
  function app:listen(...)
    return http.createServer(function(req, res)
      function res:send(text) self:finish(text) end
      local handler = routes[req.url]
      if handler then return handler(req, res) end
      res.statusCode = 404
      res:send "Not Found"
    end):listen(...)
  end
  return app
end

if cluster.isWorker then
  local app = express()
  app:get("/", function(_, res) res:send("request served by worker pid " .. process.pid) end)
  app:listen(0, "127.0.0.1")
  return
end

local workers = {} -- by id: pid and number of requests
local ids = {} -- in the order of their start

local function create()
  local worker = cluster.fork()
  workers[worker.id] = { pid = worker.process.pid, requests = 0 }
  ids[#ids + 1] = worker.id
  return worker
end

local function get(port, path)
  local to = { host = "127.0.0.1", port = port, path = path, agent = false }
  return await(Promise(function(resolve)
    http.get(to, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end)
  end))
end

local function four_requests(port)
  for _ = 1, 4 do
    local pid = tonumber(get(port, "/"):match "pid (%d+)")
    for _, info in pairs(workers) do
      if info.pid == pid then info.requests = info.requests + 1 end
    end
  end
  for _, id in ipairs(ids) do print(("worker %d: requests %d"):format(id, workers[id].requests)) end
end

print(("primary pid %d is running"):format(process.pid))
local listening = {}
for i = 1, count do listening[i] = once(create(), "listening") end
local port = await(Promise.all(listening))[1][1].port

local replaced
cluster:once("exit", function(worker, _, signal)
  print(("worker %d has exited, signal %s"):format(worker.id, signal))
  workers[worker.id] = nil
  table.remove(ids, 1)
  replaced = create() -- a new one in place of the dead one
end)

four_requests(port)
local gone = once(cluster, "exit")
process.kill(workers[1].pid, "SIGKILL")
await(gone)
await(once(replaced, "listening"))
four_requests(port)
print("unknown path: " .. get(port, "/other"))
print("tracked workers: " .. table.concat(ids, " "))
for _, worker in pairs(cluster.workers) do worker:kill() end
