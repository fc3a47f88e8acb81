-- What nobody holds lives as long as it is open, and no longer: servers, connections, time limits.
local tap = require "../lib/tap"
local net = require "net"
local dgram = require "dgram"

local function collect() for _ = 1, 3 do collectgarbage() end end

tap.test("a server and its connections live without a reference", function(done)
  local port
  do
    local s
    s = net.createServer(function(c)
      c:on("data", function(d)
        collect()
        s:close()
        c:finish("got " .. d)
      end)
    end)
    s:listen(0, "127.0.0.1", function()
      port = s:address().port
      s.maxConnections = 5
    end)
    s:unref()
  end
  setTimeout(function()
    collect()
    net.connect(port, "127.0.0.1", function() collect() end):on("data", function(d)
      tap.is(tostring(d), "got hi")
      collect()
    end):on("close", done):write "hi"
    collect()
  end, 5)
end)

tap.test("a paused connection is not collected", function(done)
  local server
  server = net.createServer({ pauseOnConnect = true }, function(c)
    local weak = setmetatable({ c }, { __mode = "v" })
    setTimeout(function()
      collect()
      tap.ok(weak[1], "it is there")
      weak[1]:destroy()
      server:close(function()
        setTimeout(function()
          collect()
          tap.is(weak[1], nil, "it is gone")
          done()
        end, 5)
      end)
    end, 5)
  end)
  server:listen(0, "127.0.0.1", function()
    net.connect(server:address().port, "127.0.0.1"):on("error", function() end):resume()
  end)
end)

tap.test("what was never opened is collected", function()
  local weak = setmetatable({}, { __mode = "k" })
  for _ = 1, 50 do
    weak[net.Socket()] = true
    weak[net.createServer()] = true
    weak[dgram.createSocket "udp4"] = true
    local s = net.Socket()
    s:setTimeout(1000)
    s:setTimeout(0)
    weak[s] = true
  end
  collect()
  tap.ok(next(weak) == nil, "nothing is left")
end)

tap.test("a time limit before connect, and one that is never reached", function(done)
  local s = net.Socket()
  s:setTimeout(5, function()
    tap.is(s.timeout, 5)
    s:destroy()
    local t = net.Socket()
    t:setTimeout(1e9)
    done()
  end)
  setTimeout(function() end, 30) -- a time limit alone keeps no program
end)

tap.test("datagrams without a reference", function(done)
  do
    local s = dgram.createSocket("udp4", function(msg)
      tap.is(tostring(msg), "x")
      done()
    end)
    s:bind(0, "127.0.0.1", function()
      collect()
      local c = dgram.createSocket "udp4"
      c:send("x", s:address().port, "127.0.0.1", function() c:close() end)
      s:once("message", function() s:close() end)
      collect()
    end)
  end
  collect()
end)

tap.test("two servers share a socket; a path that is too long; a name without a file", function(done)
  local one, two = net.createServer(function(c) c:finish "1" end), net.createServer(function(c) c:finish "2" end)
  tap.raises(function() two:listen(one) end, "EBADF")
  one:listen(0, "127.0.0.1", function()
    two:listen(one, function()
      tap.is_deep(two:address(), one:address())
      one:close()
      net.connect(two:address().port, "127.0.0.1"):on("data", function(d) tap.is(tostring(d), "2") end)
        :on("close", function()
          two:close()
          two:once("error", function(e)
            tap.is(e.code, "ENAMETOOLONG")
            local name = "\0moonfork-test-" .. process.pid
            one:once("close", function() done() end)
            one:listen(name, function()
              net.connect(name):on("data", function(d) tap.is(tostring(d), "1") one:close() end)
            end)
          end)
          two:listen("/tmp/" .. ("x"):rep(200))
        end)
    end)
  end)
end)
