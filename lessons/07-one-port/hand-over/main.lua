-- A port: the master hands its listening socket to the workers
-- sample: S088
-- watch: a socket can be sent like a message: the worker gets the same one, not a copy of what it says.
--   The master closes its own, so only the workers accept.
-- try: send nine requests: the workers answer all of them.
local child_process = require "child_process"
local http = require "http"
local net = require "net"
local once = require "events".once
local count = 2
process.title = "moonfork-master"

local function get(port)
  return await(Promise(function(resolve, reject)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end):on("error", reject)
  end))
end

local server = net.createServer()
await(once(server:listen(0, "127.0.0.1"), "listening"))
local port = server:address().port

local workers, ready, is_worker = {}, {}, {}
for i = 1, count do
  local worker = child_process.fork(__dirname .. "/worker.lua")
  worker:send("server", server)
  workers[i], ready[i], is_worker[worker.pid] = worker, once(worker, "message"), true
end
await(Promise.all(ready)) -- now three hold the socket
print "server close" -- from now on only the workers accept connections
server:close()

local by_worker, by_master = 0, 0
for i = 1, 6 do
  local body = get(port)
  if i == 1 then print(body) end
  local pid = tonumber(body:match "pid: (%d+)")
  if is_worker[pid] then by_worker = by_worker + 1 end
  if pid == process.pid then by_master = by_master + 1 end
end
print(("answered by workers %d, by the master %d"):format(by_worker, by_master))
for _, worker in ipairs(workers) do worker:send "stop" end
