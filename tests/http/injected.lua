-- "connection" is an event that a script may emit itself: an HTTP server then speaks on that socket.
local tap = require "../lib/tap"
local http = require "http"
local net = require "net"

-- A net server before an HTTP server that does not listen; hand(socket, server) passes the socket on.
local function front(hand, fn)
  local server = http.createServer(function(req, res) res:finish("answer to " .. req.url) end)
  local gate = net.createServer({ pauseOnConnect = true, allowHalfOpen = true }, function(socket)
    hand(socket, server)
  end)
  gate:listen(0, "127.0.0.1", function() fn(gate:address().port, gate, server) end)
end

local function ask(port, gate, path, done)
  http.get({ host = "127.0.0.1", port = port, path = path, agent = false }, function(res)
    local text = ""
    res:on("data", function(d) text = text .. d end)
    res:on("end", function()
      tap.is(text, "answer to " .. path)
      gate:close(function() done() end)
    end)
  end)
end

tap.test("a socket from another server, unread", function(done)
  front(function(socket, server)
    tap.is(server:emit("connection", socket), true)
    server:emit("connection", socket) -- it speaks HTTP already
    socket:resume()
  end, function(port, gate) ask(port, gate, "/unread", done) end)
end)

tap.test("what was read before is not lost", function(done)
  front(function(socket, server)
    socket:once("data", function(d)
      socket:pause()
      socket:unshift(d)
      server:emit("connection", socket)
      socket:resume()
    end)
    socket:resume()
  end, function(port, gate) ask(port, gate, "/read", done) end)
end)

tap.test("it is a listener like any other", function(done)
  local server = http.createServer()
  tap.is(server:listenerCount "connection", 1)
  local ok, e = pcall(server.emit, server, "connection", {})
  tap.is(ok, false)
  tap.is(e.code, "ERR_INVALID_ARG_TYPE")
  server:removeAllListeners "connection"
  tap.is(server:emit "connection", false)
  done()
end)
