-- UDP: what is sent arrives, in all forms of send; bind, connect, disconnect, close.
local tap = require "../lib/tap"
local dgram = require "dgram"

tap.test("all forms of send", function(done)
  local got, sent, client = {}, 0, nil
  local server = dgram.createSocket "udp4"
  server:on("message", function(msg, from)
    got[#got + 1] = tostring(msg)
    tap.is(from.size, #msg)
    tap.is(from.family, "IPv4")
    tap.is(from.address, "127.0.0.1")
    if #got == 6 then
      table.sort(got)
      tap.is_deep(got, { "", "bc", "connected", "one", "slice", "two" })
      tap.is(sent, 6)
      client:close()
      server:close(done)
    end
  end)
  server:bind(0, "127.0.0.1", function()
    local port = server:address().port
    client = dgram.createSocket { type = "udp4" }
    local function out(len)
      return tap.expect(function(err, n)
        sent = sent + 1
        tap.is(err, nil)
        tap.is(n, len)
      end)
    end
    client:send("one", port, out(3))
    client:send({ "t", Buffer.from "wo" }, port, "127.0.0.1", out(3))
    client:send("abcd", 1, 2, port, "127.0.0.1", out(2))
    client:send("", port, nil, out(0))
    client:connect(port, tap.expect(function()
      tap.is(client:remoteAddress().port, port)
      client:send(Buffer.from "connected", out(9))
      client:send("a slice", 2, 5, out(5))
      tap.raises(function() client:send("x", 0, 1, port) end, "Already connected")
    end))
  end)
end)

tap.test("disconnect", function(done)
  local s = dgram.createSocket "udp4"
  tap.raises(function() s:disconnect() end, "Not connected")
  s:connect(9, "127.0.0.1", function()
    tap.raises(function() s:connect(9) end, "Already connected")
    s:disconnect()
    tap.raises(function() s:remoteAddress() end, "Not connected")
    s:close(done)
  end)
end)

tap.test("errors", function(done)
  tap.raises(function() dgram.createSocket "tcp" end, "Bad socket type specified. Valid types are: udp4, udp6")
  local s = dgram.createSocket "udp4"
  tap.raises(function() s:send("x", 0) end, "Port should be > 0 and < 65536%. Received type number %(0%)%.")
  tap.raises(function() s:send("abc", 2, 2, 9) end, "\"length\" is outside of buffer bounds")
  tap.raises(function() s:send(5, 9) end, "\"buffer\" argument must be of type string")
  s:on("error", function(e)
    tap.is(e.message, "bind EADDRNOTAVAIL 1.2.3.4:1234")
    tap.is_deep({ e.code, e.syscall, e.address, e.port }, { "EADDRNOTAVAIL", "bind", "1.2.3.4", 1234 })
    s:close()
    tap.raises(function() s:close() end, "Not running")
    tap.raises(function() s:bind() end, "Not running")
    done()
  end)
  s:bind(1234, "1.2.3.4", tap.expect(function() end, 0))
  tap.raises(function() s:bind() end, "Socket is already bound")
end)

tap.test("a signal closes it; settings", function(done)
  local controller = AbortController()
  local s = dgram.createSocket { type = "udp4", signal = controller.signal, recvBufferSize = 20000 }
  s:bind(function()
    tap.ok(s:getRecvBufferSize() >= 20000)
    s:setSendBufferSize(10000)
    tap.ok(s:getSendBufferSize() >= 10000)
    tap.is(s:setTTL(5), 5)
    tap.is(s:setMulticastTTL(1), 1)
    tap.is(s:setMulticastLoopback(true), true)
    s:setBroadcast(true)
    tap.raises(function() s:setTTL(1000) end, "setTTL EINVAL")
    tap.raises(function() s:addMembership "1.2.3.4" end, "addMembership EINVAL")
    tap.is(s:getSendQueueSize(), 0)
    tap.is(s:getSendQueueCount(), 0)
    s:on("close", done)
    controller:abort()
  end)
end)
