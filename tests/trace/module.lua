-- require "trace": marks, the switch for previews, and what it says of itself.
local tap = require "../lib/tap"
local rings = require "./lib/rings"
local cp, fs = require "child_process", require "fs"

local root = fs.mkdtempSync(tap.tmp .. "/trace-")

local function run(name, code, traced)
  local env, dir = {}, root .. "/" .. name
  fs.mkdirSync(dir, { mode = tonumber("700", 8) })
  fs.writeFileSync(dir .. ".lua", code)
  for k, v in pairs(process.env) do env[k] = v end
  env.MOONFORK_TRACE_DIR = traced and dir or nil
  local r = cp.spawnSync(process.execPath, { dir .. ".lua" }, { env = env, encoding = "utf8" })
  tap.is(r.stderr, "")
  return dir, r.stdout
end

tap.test("marks are records, cut at a character", function()
  local dir, out = run("marks", [[
    local trace = require "trace"
    print(trace.on, trace.dir == process.env.MOONFORK_TRACE_DIR, trace.preview)
    trace.mark "here"
    trace.mark(("\u{e9}"):rep(60))
    trace.mark("a" .. ("\u{e9}"):rep(60))]], true)
  tap.is(out, "true\ttrue\ttrue\n")
  local marks = rings.events(rings.find(dir, "marks.lua"), "user.mark")
  tap.is(marks[1].text, "here")
  tap.is(marks[2].text, ("\u{e9}"):rep(40))
  tap.is(marks[3].text, "a" .. ("\u{e9}"):rep(39))
  tap.ok(marks[1].t <= marks[2].t)
end)

tap.test("previews are left out when they are not wanted", function()
  local dir = run("previews", [[
    local trace = require "trace"
    if process.send then
      process:on("message", function(m) process:disconnect() end)
    else
      trace.preview = false
      require("child_process").fork(__filename):send("a secret")
    end]], true)
  local found = 0
  for _, ring in ipairs(rings.all(dir)) do
    for _, ev in ipairs { "ipc.send", "ipc.recv" } do
      for _, record in ipairs(rings.events(ring, ev)) do
        local secret = record.text:find("secret", 1, true) ~= nil
        tap.is(secret, ring.role == "child", "only the child, which did not say so, keeps it")
        found = found + 1
      end
    end
  end
  tap.is(found, 2)
end)

tap.test("where nothing is recorded it says so, and marks do nothing", function()
  local _, out = run("off", [[
    local trace = require "trace"
    trace.mark "nobody sees it"
    print(trace.on, trace.dir, trace.preview, rawget(_G, "trace"))
    for _, bad in ipairs { {}, 1 } do print(select(2, pcall(trace.mark, bad)).code) end
    print(select(2, pcall(function() trace.preview = "no" end)).code)]])
  tap.is(out, "false\tnil\ttrue\tnil\n" .. ("ERR_INVALID_ARG_TYPE\n"):rep(3))
end)

process:on("exit", function() fs.rmSync(root, { recursive = true }) end)
