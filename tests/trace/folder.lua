-- The folder of a trace: who makes it, who may not be used, and when it goes.
local tap = require "../lib/tap"
local rings = require "./lib/rings"
local cp, fs = require "child_process", require "fs"

local root = fs.mkdtempSync(tap.tmp .. "/trace-")
local script, runs = root .. "/main.lua", root .. "/runs"
fs.mkdirSync(runs, { mode = tonumber("700", 8) })

local function with(extra)
  local env = {}
  for k, v in pairs(process.env) do env[k] = v end
  env.MOONFORK_TRACE_DIR, env.XDG_RUNTIME_DIR, env.TMPDIR = nil, runs, nil
  for k, v in pairs(extra or {}) do env[k] = v end
  return env
end

-- Runs moonfork with these options and this script.
local function run(options, code, env)
  fs.writeFileSync(script, code)
  options[#options + 1] = script
  return cp.spawnSync(process.execPath, options, { env = with(env), encoding = "utf8", cwd = root })
end

local function left() return fs.readdirSync(runs) end

tap.test("--trace makes a folder, says where, and takes it away at the end", function()
  local r = run({ "--trace" }, [[
    local dir = process.env.MOONFORK_TRACE_DIR
    print(dir, require("fs").statSync(dir).mode & 511)]])
  local dir, mode = r.stdout:match "^(.-)\t(%d+)\n$"
  tap.is(r.stderr, "moonfork: traced in " .. tostring(dir) .. "\n")
  tap.ok(dir and dir:find(runs .. "/moonfork-", 1, true), "in the place for it")
  tap.is(mode, tostring(tonumber("700", 8)))
  tap.is(#left(), 0)
end)

tap.test("without a place of its own it lies in the temporary folder", function()
  local r = run({ "--trace" }, "print(process.env.MOONFORK_TRACE_DIR)", { XDG_RUNTIME_DIR = "/nowhere", TMPDIR = runs })
  tap.ok(r.stdout:find(runs .. "/moonfork-", 1, true), r.stdout)
  tap.is(#left(), 0)
end)

tap.test("a folder that is named is made, kept, and known to children elsewhere", function()
  local r = run({ "--trace=named" }, [[
    local cp = require "child_process"
    if process.send then process:disconnect() else cp.fork(__filename, {}, { cwd = "/" }) end]])
  tap.is(r.stderr, "")
  tap.is(r.status, 0)
  tap.is(fs.statSync(root .. "/named").mode & 511, tonumber("700", 8))
  tap.is(#rings.all(root .. "/named"), 2)
  for _, ring in ipairs(rings.all(root .. "/named")) do
    tap.ok(ring.size < 16384, "the room that was not used is given back")
    tap.is(#ring.records, ring.head)
  end
end)

tap.test("a link, an open folder and a file are refused with 9; the variable only warns", function()
  fs.symlinkSync(root .. "/named", root .. "/link")
  fs.mkdirSync(root .. "/open", { mode = tonumber("755", 8) })
  fs.writeFileSync(root .. "/file", "")
  local why = { link = "is a link", open = "mode must be 0700", file = "is no folder" }
  for name, text in pairs(why) do
    local r = run({ "--trace=" .. name }, "print 'ran'")
    tap.is(r.status, 9, name)
    tap.is(r.stdout, "")
    tap.ok(r.stderr:find(text, 1, true), r.stderr)
    r = run({}, "print 'ran'", { MOONFORK_TRACE_DIR = root .. "/" .. name })
    tap.is(r.status, 0, name)
    tap.is(r.stdout, "ran\n")
    tap.ok(r.stderr:find("not traced: .*" .. text), r.stderr)
  end
  tap.is(run({ "--trace=" }, "print 'ran'").status, 9)
  local r = run({ "--trace=no/such" }, "print 'ran'")
  tap.is(r.status, 9)
  tap.ok(r.stderr:find("not traced: no/such does not exist", 1, true), r.stderr)
end)

tap.test("the folder stays for orphans, and the next start sweeps it", function()
  local r = run({ "--trace" }, [[
    local c = require("child_process").spawn("sh", { "-c", "read line" },
      { detached = true, stdio = { "pipe", "ignore", "ignore" } })
    c:unref() c.stdin:unref()
    print(c.pid)
    io.stdout:flush()
    process:kill(c.pid, "SIGSTOP")
    process:exit()]])
  local pid = tonumber(r.stdout)
  tap.is(#left(), 1)
  tap.is(run({ "--trace" }, "").status, 0)
  tap.is(#left(), 1, "a shell without a ring lives in it")
  process:kill(pid, "SIGKILL")
  local till = os.time() + 20
  repeat
    os.execute "sleep 0.02"
    run({ "--trace" }, "")
  until #left() == 0 or os.time() > till
  tap.is(#left(), 0, "swept")
end)

tap.test("a folder of somebody else's making is never swept", function()
  fs.mkdirSync(runs .. "/moonfork-abcdef", { mode = tonumber("700", 8) })
  fs.writeFileSync(runs .. "/moonfork-abcdef/kept", "")
  run({ "--trace" }, "")
  tap.is(left()[1], "moonfork-abcdef")
  fs.rmSync(runs .. "/moonfork-abcdef", { recursive = true })
end)

tap.test("the folder may vanish while it is used", function()
  local r = run({ "--trace=vanishing" }, [[
    local fs, cp = require "fs", require "child_process"
    fs.rmSync(process.env.MOONFORK_TRACE_DIR, { recursive = true })
    local r = cp.spawnSync(process.execPath, { "-e", "print 'child'" }, { encoding = "utf8" })
    print(r.stdout, r.status)
    local w = require "worker_threads"
    w.Worker("print 'thread'", { eval = true })
    w.Worker("print 'thread'", { eval = true })]])
  tap.is(r.status, 0)
  tap.is(r.stdout, "child\n\t0\nthread\nthread\n")
  local _, count = r.stderr:gsub("not traced", "")
  tap.is(count, 1, r.stderr)
end)

tap.test("without room there is one warning, and the program goes on", function()
  fs.mkdirSync(root .. "/small", { mode = tonumber("700", 8) })
  fs.writeFileSync(script, "require('worker_threads').Worker('print(1)', { eval = true })")
  local r = cp.spawnSync("sh", { "-c", "ulimit -f 200; exec " .. process.execPath .. " " .. script },
    { env = with { MOONFORK_TRACE_DIR = root .. "/small" }, encoding = "utf8" })
  tap.is(r.status, 0)
  tap.is(r.stdout, "1\n")
  local _, count = r.stderr:gsub("not traced: .-no space", "")
  tap.is(count, 1, r.stderr)
  tap.is(#fs.readdirSync(root .. "/small"), 0, "no file is left half made")
end)

tap.test("a run that is over is no fault of a late child", function()
  local r = run({}, "print 'ran'", { MOONFORK_TRACE_DIR = runs .. "/moonfork-gone00" })
  tap.is(r.stderr, "")
  tap.is(r.stdout, "ran\n")
end)


-- Waits for the number of folders.
local function comes_to(n)
  local till = os.time() + 20
  while #left() ~= n and os.time() <= till do os.execute "sleep 0.02" end
  return #left()
end

tap.test("the last process takes the folder away, though its maker ended before", function()
  local r = run({ "--trace" }, [[
    if process.argv[3] == "child" then return process.stdin:resume() end
    local c = require("child_process").spawn(process.execPath, { __filename, "child" },
      { detached = true, stdio = { "pipe", "ignore", "ignore" } })
    c.stdin:unref()
    c:unref()
    local fs = require "fs"
    repeat until #fs.readdirSync(process.env.MOONFORK_TRACE_DIR) >= 4 -- its ring and its door
    print(c.pid, #fs.readdirSync(process.env.MOONFORK_TRACE_DIR .. "/.."))
    io.stdout:flush()
    process:exit()]], { ASAN_OPTIONS = (process.env.ASAN_OPTIONS or "") .. ":detect_leaks=0" }) -- that is one more process
  tap.is(r.stdout:match "%d+\t(%d)\n", "1", "while both live")
  tap.is(comes_to(0), 0, "when both have ended")
end)

process:on("exit", function() fs.rmSync(root, { recursive = true }) end)
