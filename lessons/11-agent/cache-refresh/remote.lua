-- The remote data source: read it, ask it for changes, or be told.
local http = require "http"
local net = require "net"
local once = require "events".once

local function start()
  local value, changed = "v1", false
  local remote = { fetches = 0, checks = 0, pushConnections = 0 }
  local sockets = {}

  local web = http.createServer(function(req, res)
    if req.url == "/check" then
      remote.checks = remote.checks + 1
      res:finish(tostring(changed))
      changed = false
    else
      remote.fetches = remote.fetches + 1
      res:finish(value)
    end
  end)
  local push = net.createServer(function(socket)
    remote.pushConnections = remote.pushConnections + 1
    sockets[socket] = true
    socket:on("close", function() sockets[socket] = nil end)
    socket:on("error", function() end)
  end)

  function remote.change(v) value, changed = v, true end
  function remote.push()
    for socket in pairs(sockets) do socket:write "changed\n" end
  end
  function remote.close()
    web:close()
    push:close()
  end

  await(once(web:listen(0, "127.0.0.1"), "listening"))
  await(once(push:listen(0, "127.0.0.1"), "listening"))
  remote.httpPort, remote.pushPort = web:address().port, push:address().port
  return remote
end

return { start = start }
