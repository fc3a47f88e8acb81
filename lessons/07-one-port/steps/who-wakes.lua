-- Three workers hold one socket, the master has closed it. Connections come one by one: who answers?
local child_process = require "child_process"
local net = require "net"
local once = require "events".once

local function worker()
  process:on("message", function(m, server)
    if m == "stop" then return process.disconnect() end
    server:on("connection", function(socket) socket:finish(tostring(process.pid)) end)
    process.send "ready"
    process:once("disconnect", function() server:close() end)
  end)
end

local server = net.createServer()
await(once(server:listen(0, "127.0.0.1"), "listening"))
local port = server:address().port

local workers = {}
for i = 1, 3 do
  workers[i] = child_process.fork(worker)
  workers[i]:send("server", server)
  await(once(workers[i], "message"))
end
server:close()

local answers, total = {}, 0
for _ = 1, 12 do
  local socket, text = net.connect(port, "127.0.0.1"), ""
  socket:on("data", function(piece) text = text .. tostring(piece) end)
  await(once(socket, "close"))
  answers[text] = (answers[text] or 0) + 1
  total = total + 1
end

local names = {}
for _, w in ipairs(workers) do names[#names + 1] = ("%d"):format(answers[tostring(w.pid)] or 0) end
print(("12 connections were answered %d times: %s"):format(total, table.concat(names, " + ")))
print("answered by the master: " .. (answers[tostring(process.pid)] or 0))
for _, w in ipairs(workers) do w:send "stop" end
