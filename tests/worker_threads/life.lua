-- A worker from start to end: the order of its events, its code, what ends it.
local tap = require "../lib/tap"
local threads = require "worker_threads"
local Worker = threads.Worker

-- Collects the events of a worker and calls done(list) after its exit.
local function watch(worker, done)
  local seen = {}
  worker:on("online", function() seen[#seen + 1] = "online" end)
  worker:on("message", function(m) seen[#seen + 1] = "message " .. tostring(m) end)
  worker:on("error", function(e) seen[#seen + 1] = "error " .. tostring(e) end)
  worker:on("exit", function(code)
    seen[#seen + 1] = "exit " .. code
    done(seen)
  end)
end

tap.test("online, messages, error, exit", function(done)
  local worker = Worker(function()
    local port = require "worker_threads".parentPort
    for i = 1, 3 do port:postMessage(i) end
    error(TypeError "boom")
  end)
  tap.ok(worker.threadId > 0)
  watch(worker, function(seen)
    tap.is_deep(seen, { "online", "message 1", "message 2", "message 3", "error TypeError: boom", "exit 1" })
    tap.is(worker.threadId, -1)
    tap.is_deep(worker.resourceLimits, {})
    done()
  end)
end)

tap.test("process.exit ends the thread, exit listeners and all", function(done)
  watch(Worker(function()
    local port = require "worker_threads".parentPort
    process.on("exit", function(code) port:postMessage("exit listener " .. code) end)
    process.exit(300)
  end), function(seen)
    tap.is_deep(seen, { "online", "message exit listener 300", "exit 300" })
    done()
  end)
end)

tap.test("what a worker knows", function(done)
  local worker = Worker(function(a, b)
    local t = require "worker_threads"
    t.parentPort.postMessage { t.isMainThread, t.threadId, t.workerData.n, process.env.WHO, process.argv[3], a, b,
      process.env.HOME or null, type(process.send) }
  end, { workerData = { n = 7 }, env = { WHO = "me" }, argv = { "x", 2 } })
  local id = worker.threadId
  worker:on("message", function(m)
    tap.is_deep(m, { false, id, 7, "me", "x", "x", "2", null, "nil" })
    done()
  end)
end)

tap.test("source text, a missing file, wrong names", function(done)
  local left = 2
  local function one() left = left - 1; if left == 0 then done() end end
  watch(Worker("return 1", { eval = true }), function(seen)
    tap.is_deep(seen, { "online", "exit 0" })
    one()
  end)
  watch(Worker "./no-such-file.lua", function(seen)
    tap.is(seen[1], "online")
    tap.like(seen[2], "Cannot find module")
    tap.is(seen[3], "exit 1")
    one()
  end)
  tap.raises(function() Worker "nope.lua" end, { code = "ERR_WORKER_PATH" })
  tap.raises(function() Worker(5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() Worker("x", { eval = true, execArgv = { "--nope" } }) end,
    { code = "ERR_WORKER_INVALID_EXEC_ARGV" })
  tap.raises(function() Worker("x", { eval = true, workerData = print }) end, { code = 25 })
  tap.raises(function() Worker("x", { eval = true, env = 5 }) end, { code = "ERR_INVALID_ARG_TYPE" })
end)

tap.test("what belongs to the process is refused", function(done)
  local worker = Worker(function()
    local codes = {}
    for _, f in ipairs { function() process.chdir "/" end, function() process.setuid(0) end,
      function() process.abort() end, function() process.umask(0) end } do
      local _, e = pcall(f)
      codes[#codes + 1] = e.code
    end
    process.title = "ignored"
    require "worker_threads".parentPort.postMessage { codes, process.umask() >= 0 }
  end)
  worker:on("message", function(m)
    for i = 1, 4 do tap.is(m[1][i], "ERR_WORKER_UNSUPPORTED_OPERATION") end
    tap.ok(m[2])
    done()
  end)
end)

tap.test("the limit of the heap ends that worker alone", function(done)
  watch(Worker(function()
    local t = {}
    while true do t[#t + 1] = ("x"):rep(2000) .. #t end
  end, { resourceLimits = { maxOldGenerationSizeMb = 1 } }), function(seen)
    tap.like(seen[2], "ERR_WORKER_OUT_OF_MEMORY")
    tap.is(seen[3], "exit 1")
    done()
  end)
end)

tap.test("a listener of one message holds the program no longer than that, after unref()", function()
  local code = [[
    local w = require "worker_threads".Worker(function()
      local port = require "worker_threads".parentPort
      port:on("message", function(m) port:postMessage(m) end)
    end)
    w:unref()
    w:once("message", print)
    w:postMessage "heard"]]
  local r = require "child_process".spawnSync(process.execPath, { "-e", code }, { encoding = "utf8", timeout = 20000 })
  tap.is(r.stdout, "heard\n")
  tap.is(r.status, 0)
end)
