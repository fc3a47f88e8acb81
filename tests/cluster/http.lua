-- HTTP in workers: a worker that is told to go loses no request, and says Connection: close in each answer.
local tap = require "../lib/tap"
local cluster, net = require "cluster", require "net"
local load = require "../soak/fixtures/load"

cluster.setupPrimary {
  exec = function()
    local server = require "http".createServer(function(req, res)
      if req.url == "/slow" then
        process.send "asked"
        process.once("message", function() res:finish "slow" end)
      else
        res:finish "fast"
      end
    end)
    server:listen(0, "127.0.0.1")
  end,
}

local request = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n"

-- A connection whose answers, head and body as one text, go to `on`, and its end to `gone`.
local function client(port, on, gone)
  local socket, text = net.connect(port, "127.0.0.1"), ""
  socket:on("data", function(d)
    text = text .. d
    local head, length = text:match "^(.-\r\n\r\n)", text:match "Content%-Length: (%d+)"
    if not head or #text < #head + length then return end
    local answer = text
    text = ""
    on(answer)
  end)
  socket:on("close", function() if gone then gone() end end)
  return socket
end

tap.test("answers under way and yet to come", function(done)
  local worker = cluster.fork()
  worker:on("exit", function(code)
    tap.is(code, 0)
    tap.is(worker.exitedAfterDisconnect, true)
    done()
  end)
  worker:on("listening", function(address)
    local slow, fast, second
    local ends = {}
    slow = client(address.port, function(answer)
      tap.like(answer, "Connection: close\r\n.*slow$")
      ends.slow = true
    end, function() tap.ok(ends.slow, "not before its answer") end)
    fast = client(address.port, function(answer)
      if second then
        tap.like(answer, "Connection: close\r\n.*fast$")
        ends.fast = true
        return worker:send "answer"
      end
      tap.like(answer, "Connection: keep%-alive\r\n.*fast$")
      second = true
      slow:write(request:format "/slow")
    end, function() tap.ok(ends.fast, "the idle one had its last request") end)
    fast:write(request:format "/")
    worker:on("message", function()
      worker:disconnect()
      setTimeout(function() fast:write(request:format "/") end, 30)
    end)
  end)
end)

tap.test("a connection that has nothing to say does not hold it for long", function(done)
  local worker = cluster.fork()
  local closed
  worker:on("listening", function(address)
    local socket
    socket = client(address.port, function()
      worker:disconnect()
    end, function() closed = true end)
    socket:write(request:format "/")
  end)
  worker:on("exit", function(code)
    tap.is(code, 0)
    setTimeout(function()
      tap.ok(closed)
      done()
    end, 1)
  end)
end)

-- With a collection at every object a client may need longer than the half second that idle ones have.
if tap.variant:find "stress" then return tap.skip("rolling", "too slow for it") end

tap.test("rolling: no request is lost while workers come and go", function(done)
  local rounds, current = math.max(2, tap.scale(4)), {}
  local found, stop

  local function leave(workers, after)
    local left = #workers
    for _, w in ipairs(workers) do
      w:on("exit", function(code)
        tap.is(code, 0)
        left = left - 1
        if left == 0 then after() end
      end)
      w:disconnect()
    end
  end

  local function start(after)
    local fresh, up = {}, 0
    for i = 1, 2 do
      fresh[i] = cluster.fork()
      fresh[i]:on("listening", function(address)
        up = up + 1
        if up == 2 then after(fresh, address.port) end
      end)
    end
  end

  local function roll()
    rounds = rounds - 1
    if rounds > 0 then
      return start(function(fresh)
        local old = current
        current = fresh
        leave(old, roll)
      end)
    end
    stop(function()
      tap.ok(found.answers > 0, "answers")
      tap.is(found.lost + found.refused + found.hung, 0, "lost")
      leave(current, done)
    end)
  end

  start(function(fresh, port)
    current = fresh
    found, stop = load.clients(port, 4, tap.never "a connection was lost", "fast")
    roll()
  end)
end)
