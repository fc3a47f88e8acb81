-- Communication 3: a message queue between processes that need not be there at the same time
-- sample: S098
-- watch: the producer has ended before the first consumer starts; the broker holds its jobs meanwhile.
-- try: let the first consumer take two jobs: the queue holds three.
local child_process = require "child_process"
local net = require "net"
local once = require "events".once
local sleep = require "timers/promises".setTimeout
local role, port, extra = process.argv[3], tonumber(process.argv[4]), tonumber(process.argv[5])

-- One message a line: a socket has no borders of its own.
local function each_message(socket, fn)
  local rest = ""
  socket:on("data", function(chunk)
    rest = (rest .. chunk):gsub("([^\n]*)\n", function(line)
      fn(JSON.parse(line))
      return ""
    end)
  end)
end
local function send(socket, message) socket:write(JSON.stringify(message) .. "\n") end

if role == "producer" then
  local socket = net.connect(port, "127.0.0.1")
  for i = 1, 5 do send(socket, { put = "job " .. i }) end
  socket:finish()
  return
elseif role == "consumer" then
  local socket = net.connect(port, "127.0.0.1")
  local got = {}
  send(socket, { take = extra })
  each_message(socket, function(m)
    got[#got + 1] = m.job
    if #got < extra then return end
    print("consumer took: " .. table.concat(got, ", "))
    socket:finish()
  end)
  return
end

local queue = {}
local broker = net.createServer(function(socket)
  each_message(socket, function(m)
    queue[#queue + 1] = m.put
    for _ = 1, m.take or 0 do send(socket, { job = table.remove(queue, 1) }) end
  end)
  socket:on("error", function() end)
end)
await(once(broker:listen(0, "127.0.0.1"), "listening"))

local function run(...)
  local client = child_process.spawn(process.execPath,
    { __filename, (...), tostring(broker:address().port), select(2, ...) }, { stdio = "inherit" })
  await(once(client, "exit"))
end

run "producer"
while #queue < 5 do await(sleep(5)) end
print("the producer is gone, the queue holds " .. #queue)
run("consumer", "3")
print("the queue holds " .. #queue)
run("consumer", "2")
print("the queue holds " .. #queue)
broker:close()
