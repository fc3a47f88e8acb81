-- Cluster: replace all workers without losing a request
-- sample: S174
-- watch: three clients ask all the time. First a new worker listens, then an old one finishes and goes,
--   and so on: two serve at any time, and no request fails.
-- try: let the versions begin with 5.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  local server = http.createServer(function(_, res) res:finish("version " .. process.env.VERSION) end)
  setTimeout(function() server:listen(0, "127.0.0.1") end, 100) -- a service takes a while to start
  return
end

local workers = {} -- the oldest first
local version = 1

local function start()
  local worker = cluster.fork { VERSION = tostring(version) }
  local address = await(once(worker, "listening"))[1]
  workers[#workers + 1] = worker
  return address.port
end

local function reload()
  version = version + 1
  for _ = 1, #workers do
    start() -- the new one first
    local old = table.remove(workers, 1)
    old:disconnect() -- then the old one finishes and goes
    await(once(old, "exit"))
    print(("one worker replaced, %d serve"):format(#workers))
  end
end

local function get(port)
  return Promise(function(resolve, reject)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end):on("error", reject)
  end)
end

local port = start()
start()
print("before: " .. await(get(port)))

local asked, failed, versions, stop = 0, 0, {}, false
local client = async(function()
  while not stop do
    asked = asked + 1
    await(get(port):andThen(function(body) versions[body] = true end, function() failed = failed + 1 end))
  end
end)
local clients = Promise.all { client(), client(), client() }

local done = Promise(function(resolve)
  process:on("SIGHUP", async(function()
    reload()
    resolve()
  end))
end)
process.kill(process.pid, "SIGHUP")
await(done)
stop = true
await(clients)

print(("requests during the reload, many %s, failed %d"):format(asked > 10, failed))
local seen = {}
for body in pairs(versions) do seen[#seen + 1] = body end
table.sort(seen)
print("versions seen: " .. table.concat(seen, ", "))
print("after: " .. await(get(port)))
for _, worker in ipairs(workers) do worker:kill() end
