-- Cost of a message: process against thread
-- sample: S184
-- watch: 200 messages there and back, after one to warm up; a thread is reached without the kernel's pipes.
-- try: 10000 as an argument; then a string of 1 MiB instead of "ping".
local cluster = require "cluster"
local Worker = require "worker_threads".Worker
local ROUNDS = math.tointeger(tonumber(process.argv[3] or "")) or 200

local function measure(name, peer, send)
  await(Promise(function(resolve)
    local n, start = 0, nil
    peer:on("message", function(message)
      if message ~= "pong" then return end
      n = n + 1
      if n == 1 then start = process.hrtime.bigint() end -- the first one was the warm-up
      if n <= ROUNDS then return send "ping" end
      local ms = (process.hrtime.bigint() - start) / 1e6
      print(("%s: %d round trips, %.2f ms"):format(name, n - 1, ms))
      resolve()
    end)
    send "ping"
  end))
end

if cluster.isWorker then
  process:on("message", function(message) if message == "ping" then process.send "pong" end end)
else
  local worker = cluster.fork()
  measure("process", worker, function(m) worker:send(m) end)
  worker:disconnect()

  local thread = Worker(function()
    local port = require "worker_threads".parentPort
    port:on("message", function(message) if message == "ping" then port:postMessage "pong" end end)
  end)
  measure("thread", thread, function(m) thread:postMessage(m) end)
  thread:terminate()
end
