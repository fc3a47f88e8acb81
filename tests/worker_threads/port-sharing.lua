-- Servers of several threads at one port: reusePort.
local tap = require "../lib/tap"
local net = require "net"
local Worker = require "worker_threads".Worker

local function serve()
  local t = require "worker_threads"
  local server = require "net".createServer(function(socket) socket:finish(tostring(t.threadId)) end)
  server:on("error", function(e) error(e) end)
  server:listen({ host = "127.0.0.1", port = t.workerData, reusePort = true }, function()
    t.parentPort:postMessage(server:address().port)
  end)
end

tap.test("two threads, one port", function(done)
  local served, left, workers = {}, 60, {}
  local function finish()
    for _, worker in pairs(workers) do worker:terminate() end
    local threads = 0
    for _ in pairs(served) do threads = threads + 1 end
    tap.is(threads, 2, "both have served")
    done()
  end
  local function ask(port)
    local text = ""
    net.connect(port, "127.0.0.1"):on("data", function(d) text = text .. d:toString() end):on("close", function()
      served[text] = true
      left = left - 1
      if left == 0 then finish() end
    end)
  end
  workers[1] = Worker(serve, { workerData = 0 })
  workers[1]:on("message", function(port)
    workers[2] = Worker(serve, { workerData = port })
    workers[2]:on("message", function(same)
      tap.is(same, port)
      for _ = 1, 60 do ask(port) end
    end)
  end)
end)

tap.test("without it the port is taken", function(done)
  local first = net.createServer():listen(0, "127.0.0.1")
  first:on("listening", function()
    local second = net.createServer()
    second:on("error", function(e)
      tap.is(e.code, "EADDRINUSE")
      first:close()
      done()
    end)
    second:listen { port = first:address().port, host = "127.0.0.1", reusePort = true }
  end)
end)
