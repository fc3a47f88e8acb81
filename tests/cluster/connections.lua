-- Where connections go: in turn, past a worker that is full, and from one that dies to another.
local tap = require "../lib/tap"
local cluster, net = require "cluster", require "net"

-- A worker: answers with its number, or as the primary tells it to.
local function worker()
  local c = require "cluster"
  local server = require "net".createServer(function(socket)
    if process.env.HOLD then
      socket:write("W" .. c.worker.id)
      process.once("message", function() socket:finish "." end)
    else
      socket:finish("W" .. c.worker.id)
    end
    socket:resume()
  end)
  if process.env.MAX then server.maxConnections = tonumber(process.env.MAX) end
  server:listen(0, "127.0.0.1")
end

cluster.setupPrimary { exec = worker }

-- Forks one worker for each env, gives them and the port to run when all of them listen.
local function start(envs, run)
  local workers, listening = {}, 0
  for i, env in ipairs(envs) do
    workers[i] = cluster.fork(env)
    workers[i]:on("listening", function(address)
      listening = listening + 1
      if listening == #envs then run(workers, address.port) end
    end)
  end
end

-- Connects; done gets what came and the error, once closed; first what came first.
local function connect(port, done, first)
  local text, failure = "", nil
  local socket = net.connect(port, "127.0.0.1")
  socket:on("data", function(d)
    if text == "" and first then first(tostring(d), socket) end
    text = text .. d
  end)
  socket:on("error", function(e) failure = e end)
  socket:on("close", function() if done then done(text, failure) end end)
  return socket
end

-- Ends them and waits until the last has gone.
local function finish(workers, done)
  local left = 0
  for _, w in ipairs(workers) do
    if not w:isDead() then
      left = left + 1
      w:on("exit", function()
        left = left - 1
        if left == 0 then done() end
      end)
      if w:isConnected() then w:disconnect() end
    end
  end
end

local function number(w) return "W" .. w.id end

tap.test("in turn", function(done)
  start({ {}, {}, {} }, function(workers, port)
    local order = {}
    local function one()
      connect(port, function(text)
        order[#order + 1] = text
        if #order < 9 then return one() end
        local seen = {}
        for i = 1, 9 do seen[order[i]] = (seen[order[i]] or 0) + 1 end
        for _, w in ipairs(workers) do tap.is(seen[number(w)], 3) end
        for i = 4, 9 do tap.is(order[i], order[i - 3]) end
        finish(workers, done)
      end)
    end
    one()
  end)
end)

tap.test("a full worker's go to another", function(done)
  start({ { HOLD = "1", MAX = "1" }, {} }, function(workers, port)
    local held
    local function fill()
      connect(port, nil, function(text, socket)
        if text ~= number(workers[1]) then return fill() end
        held = socket
        local left = 4
        local function one()
          connect(port, function(answer)
            tap.is(answer, number(workers[2]))
            left = left - 1
            if left > 0 then return one() end
            workers[1]:send "end"
            finish(workers, done)
          end)
        end
        one()
      end)
    end
    fill()
  end)
end)

tap.test("all are full: it waits until one has room", function(done)
  start({ { HOLD = "1", MAX = "1" } }, function(workers, port)
    connect(port, nil, function()
      connect(port, function(text)
        tap.is(text, number(workers[1]) .. ".")
        finish(workers, done)
      end, function() workers[1]:send "end" end)
      setTimeout(function() workers[1]:send "end" end, 50)
    end)
  end)
end)

tap.test("one that a worker had not answered when it died", function(done)
  start({ {}, {} }, function(workers, port)
    process.kill(workers[1].process.pid, "SIGSTOP")
    process.kill(workers[2].process.pid, "SIGSTOP")
    local answers, n = {}, 2
    for i = 1, n do
      connect(port, function(text, e)
        tap.is(e, nil)
        answers[i] = text
        n = n - 1
        if n > 0 then return end
        tap.is_deep(answers, { number(workers[2]), number(workers[2]) })
        finish(workers, done)
      end)
    end
    setTimeout(function() -- each of them has been offered one
      workers[1]:kill "SIGKILL"
      workers[1]:on("exit", function() process.kill(workers[2].process.pid, "SIGCONT") end)
    end, 50)
  end)
end)

tap.test("one under way to a worker that is told to go", function(done)
  start({ {}, {} }, function(workers, port)
    process.kill(workers[1].process.pid, "SIGSTOP")
    local answers = {}
    for i = 1, 2 do
      connect(port, function(text, e)
        tap.is(e, nil)
        answers[i] = text
        if not (answers[1] and answers[2]) then return end
        tap.is_deep({ [answers[1]] = true, [answers[2]] = true },
          { [number(workers[1])] = true, [number(workers[2])] = true })
        finish(workers, done)
      end)
    end
    setTimeout(function()
      workers[1]:disconnect()
      process.kill(workers[1].process.pid, "SIGCONT")
    end, 50)
  end)
end)

tap.test("disconnect waits for connections, and the last one closes the port", function(done)
  start({ { HOLD = "1" } }, function(workers, port)
    local ended
    connect(port, function(text)
      tap.is(text, number(workers[1]) .. ".")
      ended = true
    end, function()
      workers[1]:disconnect()
      connect(port, function(_, e)
        tap.is(e.code, "ECONNREFUSED")
        tap.is(workers[1]:isDead(), false)
        workers[1]:send "end"
      end)
    end)
    workers[1]:on("exit", function(code)
      tap.is(code, 0)
      tap.ok(ended, "after its connection")
      done()
    end)
  end)
end)

tap.test("a worker that closes and listens again while it is offered one", function(done)
  cluster.setupPrimary {
    exec = function()
      local id, rounds = require "cluster".worker.id, 0
      local server = require "net".createServer(function(socket) socket:finish("W" .. id) end)
      local function listen()
        rounds = rounds + 1
        server:listen(0, "127.0.0.1", function()
          if id % 2 == 0 and rounds < 200 then setImmediate(function() server:close(listen) end) end
        end)
      end
      listen()
    end,
  }
  local ids = { cluster.fork(), cluster.fork() }
  local odd = ids[1].id % 2 == 1 and ids[1] or ids[2]
  local even = odd == ids[1] and ids[2] or ids[1]
  odd:once("listening", function(address)
    local left = tap.scale(400)
    local function one()
      connect(address.port, function(text, e)
        tap.is(e, nil)
        tap.ok(text == number(odd) or text == number(even))
        left = left - 1
        if left > 0 then return one() end
        finish(ids, function()
          cluster.setupPrimary { exec = worker }
          done()
        end)
      end)
    end
    for _ = 1, 3 do
      left = left + 1
      connect(address.port, function(_, e) tap.is(e, nil) left = left - 1 end)
    end
    one()
  end)
end)

tap.test("many at once", function(done)
  local n, seen = tap.scale(300), {}
  start({ {}, {} }, function(workers, port)
    local left = n
    for _ = 1, n do
      connect(port, function(text, e)
        tap.is(e, nil)
        seen[text] = (seen[text] or 0) + 1
        left = left - 1
        if left > 0 then return end
        tap.is((seen[number(workers[1])] or 0) + (seen[number(workers[2])] or 0), n)
        finish(workers, done)
      end)
    end
  end)
end)
