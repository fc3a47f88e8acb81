-- A consumer takes three jobs, does one, and dies. What does the broker of the notes know of it?
local child_process = require "child_process"
local net = require "net"
local once = require "events".once
local role, port = process.argv[3], tonumber(process.argv[4])

local function each_message(socket, fn)
  local rest = ""
  socket:on("data", function(chunk)
    rest = (rest .. tostring(chunk)):gsub("([^\n]*)\n", function(text)
      fn(JSON.parse(text))
      return ""
    end)
  end)
end
local function send(socket, message) socket:write(JSON.stringify(message) .. "\n") end

if role == "consumer" then
  local socket = net.connect(port, "127.0.0.1")
  send(socket, { take = 3 })
  each_message(socket, function(m)
    print("consumer does " .. m.job)
    process.kill(process.pid, "SIGKILL") -- in the middle of its work
  end)
  return
end

local queue = {}
local broker = net.createServer(function(socket)
  each_message(socket, function(m)
    for _ = 1, m.take or 0 do send(socket, { job = table.remove(queue, 1) }) end
  end)
  socket:on("error", function() end)
end)
await(once(broker:listen(0, "127.0.0.1"), "listening"))
for i = 1, 5 do queue[i] = "job " .. i end

local consumer = child_process.spawn(process.execPath,
  { __filename, "consumer", tostring(broker:address().port) }, { stdio = "inherit" })
local _, signal = table.unpack(await(once(consumer, "exit")), 1, 2)
print("consumer ended by " .. signal)
print("jobs that the broker still holds: " .. #queue)
broker:close()
