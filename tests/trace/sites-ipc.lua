-- What a channel between processes records, at both ends.
local tap = require "../lib/tap"
local traced = require "./lib/traced"

local function numbers(records, i)
  local list = {}
  for _, record in ipairs(records) do list[#list + 1] = tostring(record.n[i]) end
  return table.concat(list, " ")
end

tap.test("messages are counted alike at both ends, in each direction", function()
  local dir, out = traced.run [[
    if process.send then
      process:on("message", function(m)
        process.send { answer = m.n }
        if m.n == 3 then process:disconnect() end
      end)
    else
      local c = require("child_process").fork(__filename)
      c:on("exit", function() print(c.pid) end)
      for n = 1, 3 do c:send { n = n } end
    end]]
  tap.is(traced.match(dir, "ipc.send", "ipc.recv"), 6)
  local parent, child = traced.ring(dir, "script"), traced.ring(dir, "child")
  local sent = traced.events(parent, "ipc.send")
  tap.is(numbers(sent, 2), "1 2 3")
  tap.is(sent[1].n[1], child.from_channel)
  tap.is(sent[1].text, '{"n":1}')
  tap.is(sent[1].n[3], 7)
  tap.is(sent[1].flags, 0)
  local back = traced.events(parent, "ipc.recv")
  tap.is(numbers(back, 2), "1 2 3")
  tap.is(back[2].text, '{"answer":2}')
  tap.is(back[2].flags, traced.UP)
  local reap = traced.events(parent, "proc.reap")
  tap.is(#reap, 1)
  tap.is(reap[1].n[1], tonumber(out))
  tap.is(reap[1].n[2] .. " " .. reap[1].n[3], "0 0")
  tap.is(traced.events(parent, "ipc.close")[1].text, "peer closed")
  tap.is(traced.events(child, "ipc.close")[1].text, "disconnect")
  tap.is(traced.events(parent, "proc.spawn")[1].n[3], 1, "the number of the ChildProcess")
  tap.ok(traced.events(parent, "proc.spawn")[1].text:find("main.lua", 1, true), "what it runs")
end)

tap.test("the page tells what each channel has sent and received, and that it is closed", function()
  local dir = traced.run [[
    if process.send then
      process:once("message", function() process.send(1) process.send(2) process:disconnect() end)
    else
      require("child_process").fork(__filename):send "go"
    end]]
  local parent, child = traced.ring(dir, "script").channels[1], traced.ring(dir, "child").channels[1]
  tap.is(parent.id, child.id)
  tap.is(("%d %d"):format(parent.sent, parent.received), "1 2")
  tap.is(("%d %d"):format(child.sent, child.received), "2 1")
  tap.is(parent.open + child.open, 0)
  tap.is(parent.waiting + child.waiting, 0)
end)

tap.test("a server goes with a message: both ends name its inode and port", function()
  local dir, out = traced.run [[
    if process.send then
      process:on("message", function(m, server)
        if server then server:close() else process:disconnect() end
      end)
    else
      local c = require("child_process").fork(__filename)
      local server = require("net").createServer()
      server:listen(0, "127.0.0.1", function()
        print(server:address().port)
        c:send("server", server)
        c:send("behind")
        c:on("exit", function() server:close() end)
      end)
    end]]
  local parent, child = traced.ring(dir, "script"), traced.ring(dir, "child")
  local sent, came = traced.events(parent, "hnd.send")[1], traced.events(child, "hnd.recv")[1]
  tap.is(sent.text .. " " .. came.text, "net.Server net.Server")
  tap.is(table.concat(sent.n, " "), table.concat(came.n, " "))
  tap.is(sent.flags .. " " .. came.flags, traced.HANDLE .. " " .. traced.HANDLE)
  tap.is(sent.n[4], tonumber(out))
  tap.ok(sent.n[3] > 0, "an inode")
  local messages = traced.events(parent, "ipc.send")
  tap.is(messages[1].text, '"server"', "the user's part of the wrapper")
  tap.is(messages[1].flags, traced.HANDLE)
  tap.is(messages[1].n[2], sent.n[2])
  tap.is(messages[2].text, '"behind"')
  local ack = traced.events(child, "ipc.send")[1]
  tap.is(ack.flags, traced.INTERNAL | traced.UP)
  tap.ok(ack.text:find("NODE_HANDLE_ACK", 1, true), "the acknowledgement")
  tap.is(traced.match(dir, "ipc.send", "ipc.recv"), 3)
end)

tap.test("sockets, and messages in V8's format", function()
  local dir = traced.run [[
    local net = require "net"
    if process.send then
      process:on("message", function(m, socket)
        socket:finish("bye")
        socket:on("close", function() process:disconnect() end):resume()
      end)
    else
      local c = require("child_process").fork(__filename, {}, { serialization = "advanced" })
      local server = net.createServer({ pauseOnConnect = true }, function(socket) c:send({ "a", n = 2 }, socket) end)
      server:listen(0, "127.0.0.1", function()
        net.connect(server:address().port, "127.0.0.1"):on("close", function() server:close() end):resume()
      end)
    end]]
  local sent = traced.events(traced.ring(dir, "script"), "hnd.send")[1]
  tap.is(sent.text, "net.Socket")
  local message = traced.events(traced.ring(dir, "script"), "ipc.send")[1]
  tap.is(message.text, '{"a", n = 2}')
  traced.match(dir, "ipc.send", "ipc.recv")
  tap.is(traced.match(dir, "hnd.send", "hnd.recv"), 1)
end)

tap.test("handles in both directions", function()
  local dir = traced.run [[
    local net = require "net"
    local server = net.createServer()
    if process.send then
      process:once("message", function(_, other)
        other:close()
        server:listen(0, "127.0.0.1", function()
          process.send("mine", server)
          process:once("message", function() server:close() process:disconnect() end)
        end)
      end)
    else
      local c = require("child_process").fork(__filename)
      c:on("message", function(_, other)
        other:close()
        server:close()
        c:send "done"
      end)
      server:listen(0, "127.0.0.1", function() c:send("yours", server) end)
    end]]
  tap.is(traced.match(dir, "hnd.send", "hnd.recv"), 2)
  local up = traced.events(traced.ring(dir, "script"), "hnd.recv")[1]
  tap.is(up.flags, traced.HANDLE | traced.UP)
end)

tap.test("a message of the cluster is the protocol's own", function()
  local dir = traced.run [[
    local cluster = require "cluster"
    if cluster.isPrimary then
      local w = cluster.fork()
      w:on("message", function() w:send "bye" end)
    else
      process.send "hello"
      process:on("message", function() process:disconnect() end)
    end]]
  local worker = traced.ring(dir, "worker#1")
  local online = traced.events(worker, "ipc.send")[1]
  tap.is(online.flags, traced.INTERNAL | traced.UP)
  tap.ok(online.text:find('"online"', 1, true), online.text)
  tap.ok(traced.match(dir, "ipc.send", "ipc.recv") >= 3, "pairs")
end)

tap.test("what a child that does not read leaves unwritten is told live", function()
  local dir, out = traced.run [[
    if process.send then
      process:on("message", function() end)
      process:kill(process.pid, "SIGSTOP")
    else
      local fs = require "fs"
      local c = require("child_process").fork(__filename)
      process:on("exit", function() c:kill "SIGKILL" end)
      local function stopped()
        return fs.readFileSync("/proc/" .. c.pid .. "/stat", "utf8"):match "%) (%a)" == "T"
      end
      local function fill()
        if not stopped() then return setTimeout(fill, 5) end
        local n = 0
        repeat n = n + 1 until not c:send(("x"):rep(10000)) or n == 1000
        local rings = process.env.MOONFORK_TRACE_DIR
        for _, name in ipairs(fs.readdirSync(rings)) do
          if name:find("^" .. process.pid .. "%..*%.ring$") then
            local f = io.open(rings .. "/" .. name, "rb")
            local page = f:read(4096)
            local queued = string.unpack("=I4", page, 229)
            local _, _, sent, waiting = string.unpack("=I8I4I4I4", page, 257)
            print(n, queued, sent, waiting)
            f:close()
          end
        end
        c:kill "SIGKILL"
      end
      fill()
    end]]
  local parent = traced.ring(dir, "script")
  tap.is(parent.queued, 0, "nothing is queued at the end")
  tap.is(traced.events(parent, "proc.reap")[1].n[3], 9)
  local n, queued, sent, waiting = out:match "^(%d+)%s(%d+)%s(%d+)%s(%d+)\n$"
  tap.is(sent, n)
  tap.is(queued, waiting)
  tap.ok(tonumber(waiting) > 0 and tonumber(waiting) < tonumber(n), waiting .. " of " .. n)
end)

tap.test("a message is received when its listener gets it, not when it was read together with others", function()
  local dir, out = traced.run [[
    local function busy(ms)
      local from = process.hrtime()
      repeat local took = process.hrtime(from) until took[1] * 1000 + took[2] / 1e6 >= ms
    end
    if process.send then
      process:on("message", function(m)
        busy(30)
        if m == "last" then process:disconnect() end
      end)
      process.send "ready"
    else
      local c = require("child_process").fork(__filename)
      c:once("message", function()
        c:kill "SIGSTOP"
        c:send(1) c:send(2) c:send "last"
        c:kill "SIGCONT"
      end)
    end]]
  traced.match(dir, "ipc.send", "ipc.recv")
  local child = traced.ring(dir, "child")
  local got = traced.events(child, "ipc.recv")
  tap.is(numbers(got, 2), "1 2 3", "in order")
  tap.is(traced.texts(got), '1 2 "last"')
  for i = 2, 3 do tap.ok(got[i].t - got[i - 1].t >= 30e6, "the next waits for the listener") end
  tap.is(child.channels[1].received, 3, "each is counted")
end)

tap.test("a long message, to which nobody listens", function()
  local dir = traced.run [[
    if process.send then
      process.send(("x"):rep(200000))
      setTimeout(function() process.disconnect() end, 1)
    else
      require("child_process").fork(__filename)
    end]]
  local parent = traced.ring(dir, "script")
  tap.is(traced.match(dir, "ipc.send", "ipc.recv"), 1, "it has come all the same")
  tap.is(#traced.events(parent, "ipc.recv")[1].text, 80, "a long one is cut")
  tap.ok(traced.has(traced.events(parent, "ipc.recv")[1], traced.CUT), "and says so")
  tap.is(parent.channels[1].received, 1)
end)
