-- Every process of a run gets a ring, however it was started, and says what it is.
local tap = require "../lib/tap"
local rings = require "./lib/rings"
local cp, fs, path = require "child_process", require "fs", require "path"

local root = fs.mkdtempSync(tap.tmp .. "/trace-")
local count = 0

-- A new folder as tracing wants it.
local function folder()
  count = count + 1
  local dir = root .. "/" .. count
  fs.mkdirSync(dir, { mode = tonumber("700", 8) })
  return dir
end

-- Runs the code traced and returns the folder and what came out.
local function run(code, ...)
  local dir, script = folder(), root .. "/main.lua"
  fs.writeFileSync(script, code)
  local env = {}
  for k, v in pairs(process.env) do env[k] = v end
  env.MOONFORK_TRACE_DIR = dir
  local r = cp.spawnSync(process.execPath, { script, ... }, { env = env, encoding = "utf8" })
  tap.is(r.stderr, "", "nothing on stderr")
  return dir, r.stdout
end

local function child_of(dir, word)
  local ring = rings.find(dir, word)
  return tap.ok(ring, word .. " has a ring") and ring or { records = {} }
end

fs.writeFileSync(root .. "/leaf.lua", "if process.argv[3] then process:exit(tonumber(process.argv[3])) end")

tap.test("a script tells its start and its end", function()
  local dir = run "process.exitCode = 7"
  local ring = child_of(dir, "main.lua")
  tap.is(ring.role, "script")
  tap.is(ring.records[1].ev, "proc.start")
  tap.is(ring.records[1].n[1], process.pid)
  local exit = rings.events(ring, "proc.exit")
  tap.is(#exit, 1)
  tap.is(exit[1].n[1], 7)
  tap.ok(ring.ended, "the page says that it is over")
end)

tap.test("spawn, exec, spawnSync, a shell and an env of its own all inherit it", function()
  local dir, out = run [==[
    local cp = require "child_process"
    local leaf = __dirname .. "/leaf.lua"
    local exe = process.execPath
    cp.spawn(exe, { leaf, "11" }, { stdio = "inherit" }):on("exit", function()
      cp.spawn(exe, { leaf, "12" }, { env = { A = "1" } }):on("exit", function()
        cp.exec(exe .. " " .. leaf .. " 13; true", function()
          cp.spawnSync("sh", { "-c", exe .. " " .. leaf .. " 14; true" }, { env = { PATH = process.env.PATH } })
          os.execute(exe .. " " .. leaf .. " 15")
          print(cp.execFileSync("env", {}, { env = { B = "2" }, encoding = "utf8" }))
          local w = require("worker_threads")
          w.Worker([[require("child_process").spawnSync(process.execPath,
            { require("worker_threads").workerData, "16" })]], { eval = true, workerData = leaf, env = {} })
        end)
      end)
    end)
  ]==]
  local codes = {}
  for _, ring in ipairs(rings.all(dir)) do
    for _, record in ipairs(rings.events(ring, "proc.exit")) do codes[#codes + 1] = record.n[1] end
  end
  table.sort(codes)
  tap.is(table.concat(codes, " "), "0 11 12 13 14 15 16", "the exit codes of all")
  tap.ok(out:find("B=2", 1, true), "the env that was given")
  tap.ok(out:find("MOONFORK_TRACE_DIR=" .. dir, 1, true), "and the folder")
end)

tap.test("a folder that the script names for a child is the child's", function()
  local other = folder()
  local dir = run(([[
    require("child_process").spawnSync(process.execPath, { __dirname .. "/leaf.lua", "21" },
      { env = { MOONFORK_TRACE_DIR = "%s" } })]]):format(other))
  tap.is(#rings.all(dir), 1)
  tap.is(#rings.all(other), 1)
end)

tap.test("a fork and its parent name the channel alike; its variable is hidden", function()
  local dir, out = run [[
    if process.send then
      print(process.env.MOONFORK_TRACE_CHANNEL, process.env.MOONFORK_TRACE_ROLE)
      process:disconnect()
    else
      require("child_process").fork(__filename)
    end]]
  tap.is(out, "nil\tnil\n")
  local child, parent = child_of(dir, "child"), child_of(dir, "script")
  local spawn = rings.events(parent, "proc.spawn")[1]
  tap.is(spawn.n[1], child.pid)
  tap.ok(spawn.n[2] ~= 0)
  tap.is(child.from_channel, spawn.n[2])
  tap.is(child.records[1].n[2], spawn.n[2])
end)

tap.test("a program that cannot be started is told with its error", function()
  local dir = run [[require("child_process").spawn("/nowhere/at-all"):on("error", function() end)]]
  local spawn = rings.events(child_of(dir, "script"), "proc.spawn")[1]
  tap.is(spawn.n[1], 0)
  tap.ok(spawn.n[4] < 0)
  tap.is(spawn.text, "/nowhere/at-all")
end)

tap.test("a thread has a ring", function()
  local dir = run [[
    local w = require "worker_threads"
    if w.isMainThread then w.Worker(__filename):on("exit", function() end) else process:exit(3) end]]
  local ring = child_of(dir, "thread")
  tap.is(ring.thread_id, 1)
  tap.is(ring.records[1].ev, "thr.start")
  tap.is(ring.file, root .. "/main.lua")
  local exit = rings.events(ring, "thr.exit")[1]
  tap.is(exit.n[1], 1)
  tap.is(exit.n[2], 3)
end)

tap.test("a cluster's primary and its workers say so", function()
  local dir = run [[
    local cluster = require "cluster"
    if cluster.isPrimary then cluster.fork() cluster.fork() else process:exit() end]]
  local roles = {}
  for _, ring in ipairs(rings.all(dir)) do roles[#roles + 1] = ring.role end
  table.sort(roles)
  tap.is(table.concat(roles, " "), "primary worker#1 worker#2")
end)

tap.test("an orphan writes on", function()
  local dir = run [[
    local cp = require "child_process"
    local c = cp.spawn(process.execPath, { "-e", "process.stdin:on('end', function() end):resume()" },
      { detached = true, stdio = { "pipe", "ignore", "ignore" } })
    c:on("spawn", function() c:unref() c.stdin:unref() process:exit() end)]]
  local till, ring = os.time() + 20, nil
  repeat
    os.execute "sleep 0.02"
    ring = rings.find(dir, "[eval]")
  until ring and ring.ended or os.time() > till
  tap.ok(ring and #rings.events(ring, "proc.exit") == 1, "its end is there")
end)

process:on("exit", function() fs.rmSync(root, { recursive = true }) end)
