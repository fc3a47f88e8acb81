-- Loads the student's file and tells the guide's check what it did.
local child_process = require "child_process"
local net = require "net"
local once = require "events".once
local sleep = require "timers/promises".setTimeout
local front = require "../../../student" "function"

-- A worker tells who it is with the first byte that it reads.
local function worker()
  process:on("message", function(m, socket)
    if m ~= "socket" then return process.disconnect() end
    if not socket then return end
    socket:on("error", function() end)
    socket:on("data", function(d) socket:write(process.env.NUMBER .. ":" .. tostring(d)) end)
    socket:on("close", function()
      if process.connected then process.send { closed = true } end
    end)
    socket:resume()
  end)
end

local workers = {}
for i = 1, 3 do
  workers[i] = child_process.fork(worker, { env = { NUMBER = tostring(i), PATH = process.env.PATH } })
end
local server = net.createServer { pauseOnConnect = true }
await(once(server:listen(0, "127.0.0.1"), "listening"))
front(server, workers)

-- Opens a connection, sends one byte, and learns which worker has it. 0: nobody answers.
local all = {}
local function open()
  local socket = net.connect(server:address().port, "127.0.0.1")
  all[#all + 1] = socket
  socket:on("error", function() end)
  local answer = Promise(function(resolve)
    local clock = setTimeout(resolve, 1500, "0:")
    socket:once("data", function(d) clearTimeout(clock) resolve(tostring(d)) end)
    socket:once("close", function() clearTimeout(clock) resolve "0:" end)
  end)
  socket:write "x"
  local number, byte = await(answer):match "^(%d):(.*)"
  return { socket = socket, worker = tonumber(number), byte = byte }
end

local held, bytes = { {}, {}, {}, [0] = {} }, 0
for _ = 1, 30 do
  local c = open()
  table.insert(held[c.worker], c)
  if c.byte == "x" then bytes = bytes + 1 end
  if c.worker == 0 then break end
end
process.send { first = #held[1], second = #held[2], third = #held[3], bytes = bytes }

-- Five of worker 1 close; the front hears of it by way of the worker.
local closed = 0
workers[1]:on("message", function(m) if m.closed then closed = closed + 1 end end)
for _ = 1, math.min(5, #held[1]) do
  local c = table.remove(held[1])
  c.socket:finish()
end
for _ = 1, 200 do
  if closed == 5 then break end
  await(sleep(10))
end
local again = 0
for _ = 1, 5 do
  if open().worker == 1 then again = again + 1 end
end
process.send { again = again }

for _, socket in ipairs(all) do socket:destroy() end
server:close()
for _, w in ipairs(workers) do
  w:removeAllListeners "message"
  w:send "stop"
end
