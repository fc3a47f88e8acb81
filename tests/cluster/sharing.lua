-- What workers share besides TCP connections: UDP sockets, handles in messages; the end of the primary.
local tap = require "../lib/tap"
local cluster, dgram, net = require "cluster", require "dgram", require "net"
local child_process = require "child_process"

tap.test("UDP: one port, each datagram to one worker", function(done)
  cluster.setupPrimary {
    exec = function()
      local id = require "cluster".worker.id
      local socket = require "dgram".createSocket "udp4"
      socket:on("message", function(m, from) socket:send(id .. ":" .. m, from.port, from.address) end)
      socket:bind(0, "127.0.0.1")
    end,
  }
  local workers, ports, n = { cluster.fork(), cluster.fork() }, {}, 20
  local client, got, left = dgram.createSocket "udp4", {}, n
  local function gone()
    left = left - 1
    if left == 0 then done() end
  end
  client:on("message", function(m)
    local id, i = tostring(m):match "^(%d+):(%d+)$"
    tap.ok(id == tostring(workers[1].id) or id == tostring(workers[2].id))
    tap.is(got[i], nil)
    got[i] = true
    left = left - 1
    if left > 0 then return client:send(tostring(left), ports[1], "127.0.0.1") end
    client:close()
    left = 2
    for _, w in ipairs(workers) do
      w:on("exit", function(code)
        tap.is(code, 0)
        gone()
      end)
      w:disconnect()
    end
  end)
  for _, w in ipairs(workers) do
    w:on("listening", function(address)
      tap.is(address.addressType, "udp4")
      ports[#ports + 1] = address.port
      if #ports < 2 then return end
      tap.is(ports[1], ports[2])
      client:send(tostring(left), ports[1], "127.0.0.1")
    end)
  end
end)

tap.test("a handle with a message, both ways", function(done)
  cluster.setupPrimary {
    exec = function()
      process.on("message", function(_, socket)
        socket:write "worker "
        process.send("back", socket)
      end)
    end,
  }
  local worker = cluster.fork()
  local server = net.createServer(function(socket) worker:send("take", socket) end)
  cluster.once("message", function(w, m, socket)
    tap.is(w, worker)
    tap.is(m, "back")
    socket:finish "primary"
    server:close()
    worker:disconnect()
  end)
  server:listen(0, "127.0.0.1", function()
    local text = ""
    local client = net.connect(server:address().port, "127.0.0.1")
    client:on("data", function(d) text = text .. d end)
    client:on("close", function() tap.is(text, "worker primary") end)
  end)
  worker:on("exit", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("the primary is killed: its workers end", function(done)
  local code = [[
    local cluster = require "cluster"
    cluster.setupPrimary { exec = function() setInterval(function() end, 60000) process.send(process.pid) end }
    cluster.fork():on("message", function(pid) print(pid) end)
  ]]
  local primary = child_process.spawn(process.execPath, { "-e", code }, { stdio = { "ignore", "pipe", "inherit" } })
  local pid
  primary.stdout:on("data", function(d)
    pid = tonumber(tostring(d))
    primary:kill "SIGKILL"
  end)
  primary:on("close", function(_, signal) -- stdout is the worker's, too
    tap.is(signal, "SIGKILL")
    local function look() -- its descriptors are closed a moment before it has ended
      local stat = io.open("/proc/" .. pid .. "/stat")
      local text = stat and stat:read "a" -- nil when it ends between the two
      local state = text and text:match "%) (%a)"
      if stat then stat:close() end
      if state and state ~= "Z" then return setTimeout(look, 5) end
      done()
    end
    look()
  end)
end)

for _, policy in ipairs { "rr", "none" } do
  tap.test("what workers listen on, " .. policy, function(done)
    local env = { NODE_CLUSTER_SCHED_POLICY = policy }
    for key, value in pairs(process.env) do env[key] = env[key] or value end
    local script = __dirname .. "/../node/fixtures/cluster-listen.lua"
    child_process.execFile(process.execPath, { script }, { env = env }, function(e, stdout, stderr)
      tap.is(e, nil)
      tap.is(stderr, "")
      local _, exits = stdout:gsub("exit 0 null", "")
      tap.is(exits, 11)
      tap.like(stdout, "twice\n  listening 4 127.0.0.1 port %- listening\n  says error bind EADDRINUSE")
      tap.like(stdout, "udp\n  says up 0.0.0.0\n  listening udp4 0.0.0.0 port %-1 listening")
      tap.like(stdout, "path left false\n$")
      done()
    end)
  end)
end
