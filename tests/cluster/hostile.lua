-- Messages of the protocol that make no sense: neither side falls over them.
local tap = require "../lib/tap"
local cluster, net = require "cluster", require "net"
local flood = require "./fixtures/flood"

local count = math.max(20, tap.scale(2000))

for _, serialization in ipairs { "json", "advanced" } do
  tap.test("from a worker, " .. serialization, function(done)
    cluster.setupPrimary {
      serialization = serialization,
      exec = function()
        require "./fixtures/flood"(tonumber(process.env.COUNT), process.send)
        process.send "done"
      end,
    }
    local worker, answered = cluster.fork { COUNT = count }, false
    worker:on("message", function(m)
      tap.is(m, "done")
      answered = true
      worker.process:disconnect()
    end)
    worker:on("exit", function(code)
      tap.is(code, 0)
      tap.ok(answered)
      done()
    end)
  end)

  tap.test("from the primary, " .. serialization, function(done)
    cluster.setupPrimary {
      exec = function()
        require "net".createServer(function(c) c:finish "served" end):listen(0, "127.0.0.1")
        process.on("message", function(m) process.send(m) end)
      end,
    }
    local worker, port = cluster.fork(), nil
    worker:on("listening", function(address)
      port = address.port
      flood(count, function(m) worker.process:send(m) end)
      worker:send "still there?"
    end)
    worker:on("message", function(m)
      tap.is(m, "still there?")
      local text = ""
      local client = net.connect(port, "127.0.0.1")
      client:on("data", function(d) text = text .. d end)
      client:on("close", function()
        tap.is(text, "served")
        worker:disconnect()
      end)
    end)
    worker:on("exit", function(code)
      tap.is(code, 0)
      done()
    end)
  end)
end
