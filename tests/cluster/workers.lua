-- Workers given as a Lua function, the list of them, and what the module refuses.
local tap = require "../lib/tap"
local cluster = require "cluster"

-- Forks with these settings and hands the worker and what it said to check once it is gone.
local function run(settings, env, check)
  cluster.setupPrimary(settings)
  local worker = cluster.fork(env)
  local said = {}
  worker:on("message", function(m) said[#said + 1] = m end)
  worker.process:on("close", function(code, signal) check(worker, said, code, signal) end)
  return worker
end

tap.test("a function as a worker, its arguments and environment", function(done)
  run({
    exec = function(...)
      local c = require "cluster"
      process.send { args = array { ... }, id = c.worker.id, extra = process.env.EXTRA, inside = c.isWorker }
      c.worker:disconnect()
    end, args = { "a", "b" },
  }, { EXTRA = "e" }, function(worker, said, code)
    tap.is_deep(said, { { args = said[1].args, id = worker.id, extra = "e", inside = true } })
    tap.is(table.concat(said[1].args, " "), "a b")
    tap.is(code, 0)
    tap.is(worker.exitedAfterDisconnect, true)
    done()
  end)
end)

tap.test("a worker without anything to do lives until it is let go", function(done)
  local worker
  worker = run({ exec = function() end }, nil, function(_, _, code)
    tap.is(code, 0)
    done()
  end)
  worker:on("online", function() setTimeout(function() worker:disconnect() end, 30) end)
end)

tap.test("it does not pass its number on to its own children", function(done)
  run({
    exec = function()
      local child = require "child_process".fork(function()
        process.send { inside = require "cluster".isWorker, number = process.env.NODE_UNIQUE_ID or "none" }
        process.disconnect()
      end)
      child:on("message", function(m) process.send(m) end)
      child:on("close", function() process.exit() end)
    end,
  }, nil, function(_, said)
    tap.is_deep(said, { { inside = false, number = "none" } })
    done()
  end)
end)

tap.test("cut off, it ends with 0 at once", function(done)
  local worker
  worker = run({
    exec = function()
      setInterval(function() end, 60000)
      process.on("disconnect", function() print "not reached" end)
    end, silent = true,
  }, nil, function(_, _, code)
    tap.is(code, 0)
    tap.is(worker.exitedAfterDisconnect, false)
    done()
  end)
  worker.process.stdout:on("data", tap.never())
  worker:on("online", function() worker.process:disconnect() end)
end)

tap.test("a script that is not there", function(done)
  local online
  run({ exec = "/nonexistent/worker.lua", silent = true }, nil, function(worker, _, code)
    tap.is(code, 1)
    tap.is(worker.exitedAfterDisconnect, false)
    tap.ok(online, "online came")
    done()
  end):on("online", function() online = true end)
  cluster.setupPrimary { silent = false }
end)

tap.test("dot and colon, names and classes", function()
  tap.is(cluster.setupMaster, cluster.setupPrimary)
  tap.ok(instanceof(cluster, require "events"))
  tap.is(require "node:cluster", cluster)
  local w = cluster.Worker { id = 7, state = "listening" }
  tap.is(w.id, 7)
  tap.is(w.state, "listening")
  tap.is(w:isDead(), false)
  tap.is(w:isConnected(), false)
  tap.is(w.process, nil)
  tap.ok(instanceof(w, cluster.Worker))
  tap.raises(function() w:send "x" end, { code = "ERR_IPC_CHANNEL_CLOSED" })
  tap.raises(function() w.send "x" end, { code = "ERR_INVALID_THIS", message = "colon" })
  tap.raises(function() cluster.Worker { process = 5 } end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() cluster.fork(5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() cluster:setupPrimary(5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.is(next(cluster.workers), nil)
end)

tap.test("workers in waves: all listed, all gone", function(done)
  local n, gone = math.max(4, tap.scale(20)), 0
  cluster.setupPrimary { exec = function() end }
  for _ = 1, n do cluster.fork() end
  local listed, ids = 0, {}
  for id, worker in pairs(cluster.workers) do
    listed = listed + 1
    tap.is(worker.id, id)
    ids[id] = worker
  end
  tap.is(listed, n)
  cluster.on("exit", function(worker)
    tap.is(ids[worker.id], worker)
    gone = gone + 1
    if gone < n then return end
    tap.is(next(cluster.workers), nil)
    cluster.removeAllListeners "exit"
    setImmediate(done)
  end)
  cluster.on("online", function()
    listed = listed - 1
    if listed == 0 then cluster.disconnect() end
  end)
end)
