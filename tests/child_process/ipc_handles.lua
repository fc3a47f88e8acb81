-- Servers and sockets that travel with messages.
local tap = require "../lib/tap"
local child_process = require "child_process"
local net = require "net"
local dgram = require "dgram"

local function ask(port, done)
  local text = ""
  local client = net.connect(port, "127.0.0.1")
  client:on("data", function(d) text = text .. d end)
  client:on("close", function() done(text) end)
  return client
end

tap.test("a server is shared until one closes it", function(done)
  local c = child_process.fork(function()
    process:once("message", function(m, server)
      server:on("connection", function(s) s:finish("child " .. m.n) end)
      process.send { listening = server.listening, port = server:address().port }
      process:once("message", function()
        server:close()
        process.disconnect()
      end)
    end)
  end)
  local server = net.createServer()
  server:listen(0, "127.0.0.1", function()
    tap.is(c:send({ n = 1 }, server, tap.expect(function(err) tap.is(err, nil) end)), true)
    tap.is(server.listening, true)
    c:on("message", function(m)
      tap.is_deep(m, { listening = true, port = server:address().port })
      server:close()
      ask(m.port, function(text)
        tap.is(text, "child 1")
        c:send "end"
      end)
    end)
  end)
  c:on("close", function() done() end)
end)

tap.test("a socket leaves its object, unless it is kept open", function(done)
  local c = child_process.fork(function()
    process:on("message", function(m, socket)
      if m == "end" then return process.disconnect() end
      socket:write("child " .. m)
      if m == "gone" then socket:finish() else process.send "written" end
    end)
  end)
  local server, kept
  server = net.createServer(function(s)
    if not kept then
      kept = s
      c:send("kept", s, { keepOpen = true })
      tap.is(s.destroyed, false)
      tap.ok(s.remotePort)
    else
      c:send("gone", s)
      tap.is(s.destroyed, false)
      tap.is(s.remotePort, nil, "hollow")
      s:on("error", tap.expect(function(err) tap.ok(err.code) end))
      s:write "x"
    end
  end)
  server:listen(0, "127.0.0.1", function()
    local port = server:address().port
    local first
    c:on("message", function() kept:finish " parent" end)
    first = net.connect(port, "127.0.0.1")
    local text = ""
    first:on("data", function(d)
      text = text .. d
      if text ~= "child kept parent" then return end
      first:destroy()
      ask(port, function(other)
        tap.is(other, "child gone")
        c:send "end"
        server:close()
      end)
    end)
  end)
  c:on("close", function() done() end)
end)

tap.test("what has no descriptor travels as its message alone", function(done)
  local c = child_process.fork(function()
    process:on("message", function(m, handle)
      process.send { m, handle == nil, select("#", m, handle) }
      if m == 4 then process.disconnect() end
    end)
  end)
  local warned = {}
  local function on_warning(w) warned[#warned + 1] = w.message end
  process:on("warning", on_warning)
  local got = {}
  c:on("message", function(m) got[#got + 1] = m end)
  c:send(1, net.createServer())
  c:send(2, net.Socket())
  local server = net.createServer()
  server:listen(0, "127.0.0.1", function()
    server:close()
    c:send(3, server)
    c:send(4)
  end)
  c:on("close", function()
    process:removeListener("warning", on_warning)
    tap.is_deep(got, { { 1, true, 2 }, { 2, true, 2 }, { 3, true, 2 }, { 4, true, 2 } })
    tap.is_deep(warned, { "server is not listening yet", "server is not listening yet" })
    tap.raises(function() c:send("x", {}) end, { code = "ERR_INVALID_HANDLE_TYPE" })
    tap.raises(function() c:send("x", c) end, { code = "ERR_INVALID_HANDLE_TYPE" })
    done()
  end)
end)

tap.test("everything waits behind a handle, in order", function(done)
  local c = child_process.fork(function()
    local seen = {}
    process:on("message", function(m, handle)
      seen[#seen + 1] = tostring(m) .. (handle and "+" or "")
      if handle then handle:close() end
    end)
    process:on("disconnect", function() process.exit(table.concat(seen, " ") == "a+ b c+ d end" and 7 or 8) end)
  end)
  local server = net.createServer()
  server:listen(0, "127.0.0.1", function()
    local order = {}
    local function told(name) return function(err) order[#order + 1] = err and err.code or name end end
    tap.is(c:send("a", server, told "a"), true)
    tap.is(c:send("b", told "b"), true, "the first one that waits")
    tap.is(c:send("c", server, told "c"), false)
    tap.is(c:send("d", told "d"), false)
    tap.raises(function() c:send { f = function() end, x = "\xff" } end, { name = "TypeError" })
    c:send "end"
    c:disconnect()
    tap.is(c.connected, false)
    c:on("disconnect", function() tap.is_deep(order, { "a", "b", "c", "d" }) end)
    c:on("close", function(code)
      tap.is(code, 7, "disconnect waits for all that was sent")
      server:close()
      done()
    end)
  end)
end)

tap.test("a child sends to its parent", function(done)
  local c = child_process.fork(function()
    local server = require("net").createServer(function(s) s:finish "made in the child" end)
    server:listen(0, "127.0.0.1", function()
      process.send({ port = server:address().port }, server, function() server:close() end)
    end)
    process:on("message", process.disconnect)
  end, { serialization = "advanced" })
  c:on("message", function(m, server)
    server:on("connection", function(s) s:finish "served by the parent" end)
    setTimeout(function()
      ask(m.port, function(text)
        tap.is(text, "served by the parent")
        server:close()
        c:send "end"
      end)
    end, 20)
  end)
  c:on("close", function() done() end)
end)

tap.test("a UDP socket is shared", function(done)
  local c = child_process.fork(function()
    process:once("message", function(_, s)
      s:on("message", function(text, from)
        s:send("child " .. text, from.port, from.address, function()
          s:close()
          process.disconnect()
        end)
      end)
      process.send { type = s.type, port = s:address().port }
    end)
  end)
  local socket = dgram.createSocket "udp4"
  c:send("unbound", socket, tap.expect(function(err)
    tap.is_error(err, { code = "EBADF", message = "write EBADF" })
    socket:bind(0, "127.0.0.1", function() c:send("bound", socket) end)
  end))
  c:on("message", function(m)
    tap.is_deep(m, { type = "udp4", port = socket:address().port })
    socket:close()
    local client = dgram.createSocket "udp4"
    client:on("message", function(text)
      tap.is(tostring(text), "child hello")
      client:close()
    end)
    client:send("hello", m.port, "127.0.0.1")
  end)
  c:on("close", function() done() end)
end)

tap.test("unix sockets too", function(done)
  local path = tap.tmp .. "/ipc-handles-" .. process.pid .. ".sock"
  local c = child_process.fork(function()
    process:on("message", function(_, s)
      s:finish "unix"
      s:on("close", function() process.disconnect() end)
    end)
  end)
  local server = net.createServer(function(s) c:send("s", s) end)
  server:listen(path, function()
    local text = ""
    local client = net.connect(path)
    client:on("data", function(d) text = text .. d end)
    client:on("close", function()
      tap.is(text, "unix")
      server:close()
    end)
  end)
  c:on("close", function() done() end)
end)

tap.test("close and getConnections know the sockets of children", function(done)
  local function child()
    return child_process.fork(function()
      process:on("message", function(m, s)
        if not s then return process.disconnect() end
        s:resume()
        s:on("end", function() s:finish() end)
        process.send "has it"
      end)
    end)
  end
  local children, clients, ready = { child(), child() }, {}, 0
  local server
  server = net.createServer(function(s) children[ready % 2 + 1]:send("s", s) end)
  local function go_on()
    ready = ready + 1
    if ready < 3 then
      clients[#clients + 1] = net.connect(server:address().port, "127.0.0.1")
      return
    end
    server:getConnections(function(err, n)
      tap.is(err, nil)
      tap.is(n, 3)
      server:close(function()
        for _, c in ipairs(children) do c:send "end" end
      end)
      server:getConnections(function(_, m)
        tap.is(m, 3)
        for _, k in ipairs(clients) do k:finish() end
      end)
    end)
  end
  local left = 2
  for _, c in ipairs(children) do
    c:on("message", go_on)
    c:on("close", function()
      left = left - 1
      if left == 0 then done() end
    end)
  end
  server:listen(0, "127.0.0.1", function() clients[1] = net.connect(server:address().port, "127.0.0.1") end)
end)

tap.test("a child that dies lets the server go", function(done)
  local c = child_process.fork(function()
    process:on("message", function(_, s)
      s:on("error", function() end)
      process.send "has it"
    end)
  end)
  local server, client
  server = net.createServer(function(s) c:send("s", s) end)
  server:listen(0, "127.0.0.1", function()
    client = net.connect(server:address().port, "127.0.0.1")
    client:on("error", function() end)
    client:resume()
  end)
  c:on("message", function()
    server:close(function() done() end)
    c:kill "SIGSTOP" -- it cannot answer before it dies
    server:getConnections(function(err)
      tap.is_error(err, { code = "ERR_CHILD_CLOSED_BEFORE_REPLY" })
    end)
    c:kill "SIGKILL"
  end)
end)

-- A peer that speaks the protocol by hand: what it writes comes from us.
local function by_hand(finished)
  local c = child_process.spawn("sh", { "-c", "cat <&3 >&4 & cat <&4 >&3" },
    { stdio = { "ignore", "ignore", "inherit", "ipc", "pipe" } })
  local lines = {}
  local rest = ""
  c.stdio[5]:on("data", function(d)
    rest = rest .. d
    for line in rest:gmatch "([^\n]*)\n" do lines[#lines + 1] = JSON.parse(line) end
    rest = rest:match "[^\n]*$"
    finished(c, lines, function(t) c.stdio[5]:write(JSON.stringify(t) .. "\n") end)
  end)
  return c
end

tap.test("a socket that did not arrive is sent again, three times", function(done)
  local server, warned
  process:once("warning", function(w) warned = w.name end)
  local told = 0
  local c = by_hand(function(c, lines, answer)
    if #lines == 1 then tap.is(lines[1].type, "net.Socket") end
    if #lines >= 2 and #lines <= 4 then
      tap.is(lines[#lines].type, "net.Native")
      tap.is(lines[#lines].msg.type, "net.Socket")
      tap.is(lines[#lines].msg.msg, "s")
    end
    if #lines <= 4 then return answer { cmd = "NODE_HANDLE_NACK" } end
    tap.is(lines[5], "behind")
    tap.is(told, 1)
    tap.is(warned, "SentHandleNotReceivedWarning")
    c:disconnect()
    server:close()
  end)
  server = net.createServer(function(s)
    c:send("s", s, function(err)
      told = told + 1
      tap.is(err, nil)
    end)
    c:send "behind"
  end)
  server:listen(0, "127.0.0.1", function()
    local client = net.connect(server:address().port, "127.0.0.1")
    client:on("error", function() end)
    client:resume()
  end)
  c:on("close", function() done() end)
  c:on("disconnect", function() c.stdio[5]:destroy() end)
end)

tap.test("a handle without a descriptor is refused", function(done)
  local c = by_hand(function(c, lines)
    tap.is_deep(lines[1], { cmd = "NODE_HANDLE_NACK" })
    c:disconnect()
  end)
  c:on("message", function() tap.ok(false, "no message") end)
  c.stdio[5]:write '{"cmd":"NODE_HANDLE","type":"net.Server","msg":1}\n'
  c:on("disconnect", function() c.stdio[5]:destroy() end)
  c:on("close", function() done() end)
end)
