-- The hand-over without the close: the master still holds the socket, and accepts what it never answers.
local child_process = require "child_process"
local net = require "net"
local once = require "events".once
local await_ms = require "timers/promises".setTimeout

local function worker()
  process:on("message", function(m, server)
    if m == "stop" then return process.disconnect() end
    server:on("connection", function(socket) socket:finish "worker" end)
    process.send "ready"
    process:once("disconnect", function() server:close() end)
  end)
end

local taken = {} -- by the master; nobody will answer these
local server = net.createServer(function(socket) taken[#taken + 1] = socket end)
await(once(server:listen(0, "127.0.0.1"), "listening"))
local child = child_process.fork(worker)
child:send("server", server)
await(once(child, "message"))

-- Ten at a time, forty or, if the worker was always first, more: whoever wakes first takes what is there.
local answered, open, i = 0, {}, 0
while i < 40 or i % 10 > 0 or #taken == 0 do
  i = i + 1
  local socket = net.connect(server:address().port, "127.0.0.1")
  open[i] = socket
  socket:on("data", function() answered = answered + 1 end)
  socket:on("error", function() end)
  if i % 10 == 0 then
    while answered + #taken < i do await(await_ms(5)) end
  elseif i % 2 == 0 then
    await(await_ms(5)) -- the worker has time for one
  end
end
print(("%d connections: %d answered, %d accepted by the master and never answered"):format(i, answered, #taken))
for _, socket in ipairs(open) do socket:destroy() end
for _, socket in ipairs(taken) do socket:destroy() end
server:close()
child:send "stop"
