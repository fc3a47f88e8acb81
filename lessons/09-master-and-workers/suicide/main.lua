-- Master and workers: a broken worker reports, is replaced, and only then ends
-- sample: S063
-- watch: the order of each round. The notice comes first, the replacement is started at once, and only
--   then does the broken worker end: there are always enough that take connections.
-- try: start with three workers: two of them are replaced, and three are left.
local child_process = require "child_process"
local http = require "http"
local net = require "net"
local EventEmitter = require "events"
local once = EventEmitter.once
local count = 2
process.title = "moonfork-master"

local workers = {} -- by pid: those that take connections
local life = EventEmitter() -- emits ready and exit, of any worker

-- Master and workers accept on the same socket; what the master accepts it hands on, unread.
local server = net.createServer { pauseOnConnect = true }
server:on("connection", function(socket)
  local _, worker = next(workers)
  worker:send("socket", socket)
end)

local function create_worker()
  local worker = child_process.fork(__dirname .. "/worker.lua")
  worker:on("message", function(message)
    if message == "ready" then return life:emit "ready" end
    print "suicide notice received"
    workers[worker.pid] = nil
    create_worker()
  end)
  worker:on("exit", function(code, signal)
    console.log("worker process exited, code: %s signal: %s", code or "none", signal or "none")
    workers[worker.pid] = nil
    life:emit "exit"
  end)
  worker:send("server", server)
  workers[worker.pid] = worker
  console.log("worker process created, pid: %s ppid: %s", worker.pid, process.pid)
end

local function get()
  local to = { host = "127.0.0.1", port = server:address().port, agent = false }
  return await(Promise(function(resolve)
    http.get(to, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end)
  end))
end

await(once(server:listen(0, "127.0.0.1"), "listening"))
for _ = 1, count do create_worker() end
for _ = 1, count do await(once(life, "ready")) end

for n = 1, 2 do
  local replaced = Promise.all { once(life, "ready"), once(life, "exit") }
  local body = get()
  await(replaced)
  print(("request %d was answered: %s"):format(n, body))
  local left = 0
  for _ in pairs(workers) do left = left + 1 end
  print("workers now: " .. left)
end

server:close()
for _, worker in pairs(workers) do worker:kill "SIGINT" end
