-- What servers, connections and UDP sockets record.
local tap = require "../lib/tap"
local traced = require "./lib/traced"

tap.test("a server tells its port, inode and address, its connections, and its end", function()
  local dir, out = traced.run [[
    local net = require "net"
    local server = net.createServer(function(socket) socket:finish "hello" end)
    server:listen(0, "127.0.0.1", function()
      local port = server:address().port
      print(port)
      local left = 2
      for i = 1, 2 do
        net.connect(port, "127.0.0.1"):on("close", function()
          left = left - 1
          if left == 0 then server:close() end
        end):resume()
      end
    end)]]
  local ring, port = traced.ring(dir, "main.lua"), tonumber(out)
  local listen, close = traced.events(ring, "port.listen"), traced.events(ring, "port.close")
  tap.is(#listen .. " " .. #close, "1 1")
  tap.is(listen[1].n[1], port)
  tap.ok(listen[1].n[2] > 0 and listen[1].n[3] > 2, "inode and descriptor")
  tap.is(listen[1].text, "127.0.0.1")
  tap.is(table.concat(close[1].n, " "), table.concat(listen[1].n, " "))
  local accepted, lost = traced.events(ring, "conn.accept"), traced.events(ring, "conn.close")
  tap.is(#accepted .. " " .. #lost, "2 2")
  for i = 1, 2 do
    tap.is(accepted[i].n[1] .. " " .. accepted[i].n[2], port .. " " .. listen[1].n[2])
    tap.is(accepted[i].n[3], ring.pid)
    tap.is(accepted[i].text, "direct")
    tap.is(lost[i].n[1], port)
  end
  tap.is(traced.texts(traced.events(ring, "proc.ready")), "listen loop")
end)

tap.test("a port that is in use, for TCP and UDP; a path", function()
  local dir, out = traced.run [[
    local net, dgram = require "net", require "dgram"
    local path = __dirname .. "/socket"
    local one, two = net.createServer(), net.createServer()
    one:listen(0, "127.0.0.1", function()
      local port = one:address().port
      two:on("error", function()
        one:close()
        local a, b = dgram.createSocket "udp4", dgram.createSocket "udp4"
        a:bind(0, "127.0.0.1", function()
          print(port, a:address().port)
          b:on("error", function()
            a:close()
            net.createServer():listen(path, function(self) end):on("listening", function() process:exit(0) end)
          end)
          b:bind(a:address().port, "127.0.0.1")
        end)
      end)
      two:listen(port, "127.0.0.1")
    end)]]
  local ring = traced.ring(dir, "main.lua")
  local tcp, udp = out:match "^(%d+)%s(%d+)"
  local failed, listen = traced.events(ring, "port.err"), traced.events(ring, "port.listen")
  tap.is(traced.texts(failed), "EADDRINUSE EADDRINUSE")
  tap.is(failed[1].n[1] .. " " .. failed[2].n[1], tcp .. " " .. udp)
  tap.is(failed[1].text2, "127.0.0.1")
  tap.is(listen[2].text, "udp 127.0.0.1")
  tap.is(listen[2].n[1], tonumber(udp))
  tap.ok(listen[3].text:find("/socket", 1, true), listen[3].text)
  tap.is(listen[3].n[1], 0)
end)

-- Three requests to a cluster of one worker with this policy.
local function cluster(policy)
  return traced.run(([[
    local cluster, net = require "cluster", require "net"
    if cluster.isPrimary then
      cluster.schedulingPolicy = cluster.%s
      local w = cluster.fork()
      w:on("listening", function(address)
        print(address.port)
        local left = 3
        for i = 1, 3 do
          net.connect(address.port, "127.0.0.1"):on("close", function()
            left = left - 1
            if left == 0 then w:disconnect() end
          end):resume()
        end
      end)
    else
      net.createServer(function(s) s:finish() end):listen(0, "127.0.0.1")
    end]]):format(policy))
end

tap.test("round robin: the primary listens, the worker gets connections", function()
  local dir, out = cluster "SCHED_RR"
  local primary, worker = traced.ring(dir, "primary"), traced.ring(dir, "worker#1")
  local listen = traced.events(primary, "port.listen")
  tap.is(#listen, 1)
  tap.is(listen[1].n[1], tonumber(out))
  tap.is(#traced.events(primary, "port.close"), 1)
  tap.is(#traced.events(worker, "port.listen"), 0)
  local share = traced.events(worker, "port.share")
  tap.is(share[1].n[1], tonumber(out))
  tap.is(share[1].n[3], primary.pid, "whose socket it is")
  tap.is(share[1].n[4], 0)
  tap.is(traced.texts(traced.events(worker, "proc.ready")), "loop listen")
  local accepted = traced.events(worker, "conn.accept")
  tap.is(traced.texts(accepted), "rr rr rr")
  tap.is(accepted[1].n[1], tonumber(out))
  tap.is(accepted[1].n[3], primary.pid)
  tap.is(traced.match(dir, "hnd.send", "hnd.recv"), 3)
end)

tap.test("no round robin: the worker listens on the primary's socket", function()
  local dir, out = cluster "SCHED_NONE"
  local primary, worker = traced.ring(dir, "primary"), traced.ring(dir, "worker#1")
  tap.is(#traced.events(primary, "port.listen"), 0)
  local listen, came = traced.events(worker, "port.listen")[1], traced.events(worker, "hnd.recv")[1]
  tap.is(listen.n[1], tonumber(out))
  tap.is(listen.n[2], came.n[3], "the inode that came with the message")
  tap.is(came.text, "net.Server")
  tap.is(traced.texts(traced.events(worker, "conn.accept")), "none none none")
end)

tap.test("a connection that was sent to a child", function()
  local dir, out = traced.run [[
    local net = require "net"
    if process.send then
      process:on("message", function(_, socket) socket:finish() process:disconnect() end)
    else
      local c = require("child_process").fork(__filename)
      local server = net.createServer({ pauseOnConnect = true }, function(socket) c:send("socket", socket) end)
      server:listen(0, "127.0.0.1", function()
        print(server:address().port)
        net.connect(server:address().port, "127.0.0.1"):on("close", function() server:close() end):resume()
      end)
    end]]
  local accepted = traced.events(traced.ring(dir, "child"), "conn.accept")
  tap.is(traced.texts(accepted), "passed")
  tap.is(accepted[1].n[1], tonumber(out))
end)

tap.test("a port that a cluster's primary cannot have is told by the worker", function()
  local dir, out = traced.run [[
    local cluster, net = require "cluster", require "net"
    if cluster.isPrimary then
      local server = net.createServer()
      server:listen(0, "127.0.0.1", function()
        print(server:address().port)
        cluster.fork { PORT = tostring(server:address().port) }:on("exit", function() server:close() end)
      end)
    else
      local server = net.createServer()
      server:on("error", function() process:exit(0) end)
      server:listen(tonumber(process.env.PORT), "127.0.0.1")
    end]]
  local failed = traced.events(traced.ring(dir, "worker#1"), "port.err")
  tap.is(#failed, 1)
  tap.is(failed[1].n[1] .. " " .. failed[1].text .. " " .. failed[1].text2, tonumber(out) .. " EADDRINUSE 127.0.0.1")
end)
