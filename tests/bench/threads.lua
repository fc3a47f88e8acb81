-- Workers: their start, and messages to and fro.
-- figure: first_ms | Worker started to its first message, ms | ratio <= 0.05
-- figure: rounds | round trips with a worker, 1/s | ratio >= 1
-- figure: async | the same by bare uv_async_send, the limit, 1/s
-- figure: stream | small messages to a worker, 1/s | ratio >= 1.5
-- figure: copied | Buffers of 1 MiB copied to a worker, 1/s | ratio >= 1
-- figure: moved_us | 64 MiB moved through a port, us |
-- figure: moved_small_us | 1 MiB moved through a port, us |
-- figure: among_8 | the same stream while 8 workers live, 1/s | ratio >= 1.5
-- figure: among_64 | while 64 workers live, 1/s | ratio >= 1.5
local Worker = require "worker_threads".Worker
local function now() return process.hrtime.bigint() / 1e9 end
local function start(task) return Worker("./threads-worker.lua", { workerData = task }) end
local function event(worker, name)
  return Promise(function(resolve) worker:once(name, resolve) end)
end
local function stop(worker)
  local over = event(worker, "exit")
  worker:postMessage "end"
  await(over)
end

-- first message
local times = {}
for i = 1, 7 do
  local t = now()
  local w = start "first"
  await(event(w, "message"))
  times[i] = now() - t
  stop(w)
end
table.sort(times)
print("first_ms " .. times[4] * 1000)

-- round trips
local function rounds(w, n)
  local t, left = now(), n
  return Promise(function(resolve)
    local function echo(m)
      left = left - 1
      if left > 0 then return w:postMessage(m) end
      w:removeListener("message", echo)
      resolve(n / (now() - t))
    end
    w:on("message", echo)
    w:postMessage { i = 1, name = "round" }
  end)
end
local w = start "echo"
await(rounds(w, 1000))
print("rounds " .. await(rounds(w, 30000)))

stop(w)

-- what libuv alone does
local limit = io.popen "../../build/release/tests/bench/async 2>/dev/null"
print("async " .. (tonumber(limit:read "a") or 0))
limit:close()

-- blocks that are moved: the time does not grow with the size
local function move(size)
  local channel, turns = MessageChannel(), 200
  local block = ArrayBuffer(size)
  local t = now()
  for _ = 1, turns do
    channel.port1:postMessage(block, { block })
    block = require "worker_threads".receiveMessageOnPort(channel.port2).message
  end
  local each = (now() - t) / turns * 1e6
  channel.port1:close()
  return each
end
print("moved_us " .. move(64 << 20))
print("moved_small_us " .. move(1 << 20))

-- streams
local function stream(n)
  local w = start "sink"
  await(event(w, "online"))
  local t = now()
  for i = 1, n do w:postMessage { i = i, name = "message", done = false } end
  w:postMessage "end"
  await(event(w, "message"))
  local rate = n / (now() - t)
  await(event(w, "exit"))
  return rate
end
stream(1000)
print("stream " .. stream(100000))
for _, count in ipairs { 8, 64 } do
  local others = {}
  for i = 1, count do
    others[i] = start "echo"
    await(event(others[i], "online"))
  end
  print("among_" .. count .. " " .. stream(100000))
  for i = 1, count do stop(others[i]) end
end

-- copies
local w = start "sink"
await(event(w, "online"))
local bytes = Buffer.alloc(1 << 20, 7)
local t = now()
for _ = 1, 300 do w:postMessage(bytes) end
w:postMessage "end"
await(event(w, "message"))
print("copied " .. 300 / (now() - t))
await(event(w, "exit"))

