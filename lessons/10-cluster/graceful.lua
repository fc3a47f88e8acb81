-- Cluster: graceful shutdown, the running request is finished
-- sample: S173
-- watch: the signal comes while a worker is in the middle of a request. The servers close at once, the
--   answer is still complete, and only then the workers end.
-- try: let a worker call process.exit(0) at once when it is told: the answer breaks off.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  local server = http.createServer(function(req, res)
    if req.url == "/slow" then
      process.send "slow begins"
      setTimeout(function() res:finish "complete answer" end, 150)
    else
      res:finish "hello world\n"
    end
  end)
  process:on("message", function()
    server:close(function() process.exit(0) end)
  end)
  server:listen(0, "127.0.0.1")
  return
end

local workers = { cluster.fork(), cluster.fork() }

process:on("SIGTERM", function()
  print "primary: SIGTERM, shutting down"
  for _, worker in ipairs(workers) do
    worker:send "shutdown"
    -- Some time to finish, then by force.
    local timer = setTimeout(function()
      if not worker:isDead() then worker:kill() end
    end, 1000)
    worker:on("exit", function() clearTimeout(timer) end)
  end
end)
cluster:on("exit", function(_, code, signal)
  if code ~= 0 then print(("worker ended with code %s signal %s"):format(code, signal)) end
end)

local function get(port, path)
  local to = { host = "127.0.0.1", port = port, path = path, agent = false }
  return Promise(function(resolve)
    http.get(to, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end):on("error", function(e) resolve(e.code) end)
  end)
end

local listening = await(Promise.all { once(workers[1], "listening"), once(workers[2], "listening") })
local port = listening[1][1].port
local gone = {}
for _, worker in ipairs(workers) do
  gone[#gone + 1] = once(worker, "exit")
  gone[#gone + 1] = once(worker, "disconnect")
end

-- The slow request has arrived in a worker: now the signal.
cluster:once("message", function() process.kill(process.pid, "SIGTERM") end)
print("slow request: " .. await(get(port, "/slow")))
await(Promise.all(gone))
print "both workers exited with code 0"
print("new request: " .. await(get(port, "/")))
