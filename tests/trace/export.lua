-- The export: NDJSON line by line, and Chrome's trace format held against that format's rules.
local tap = require "../lib/tap"
local rings = require "./lib/rings"
local cp, fs = require "child_process", require "fs"

local root = fs.mkdtempSync(tap.tmp .. "/trace-")
local dir, script = root .. "/rings", root .. "/main.lua"
fs.mkdirSync(dir, { mode = tonumber("700", 8) })
fs.writeFileSync(script, [[
  local trace, w = require "trace", require "worker_threads"
  if process.send then
    process:on("message", function(m)
      if m == "end" then return process:disconnect() end
      local t = process.hrtime()
      repeat local now = process.hrtime() until (now[1] - t[1]) * 1e9 + now[2] - t[2] > 3e8
      process:send("got \"it\" \\ </script>\u{e9}")
    end)
  else
    local c = require("child_process").fork(__filename)
    c:on("message", function() trace.mark "the \"mark\"" c:send "end" end)
    c:send "begin"
    require("fs").readFile(__filename, function() end)
    w.Worker("require('worker_threads').parentPort:postMessage(1)", { eval = true }):on("message", function() end)
  end]])

local env = {}
for k, v in pairs(process.env) do env[k] = v end
env.MOONFORK_TRACE_DIR = dir
cp.execFileSync(process.execPath, { script }, { env = env })

local function export(...)
  local r = cp.spawnSync(process.execPath, { "trace", dir, ... }, { encoding = "utf8", maxBuffer = 1 << 26 })
  tap.is(r.stderr, "")
  tap.is(r.status, 0)
  return r.stdout
end

tap.test("NDJSON: each record of each ring, in the order of time", function()
  local total, lines, last, seen = 0, 0, 0, {}
  for _, ring in ipairs(rings.all(dir)) do total = total + #ring.records end
  for line in export():gmatch "[^\n]+" do
    local r = JSON.parse(line)
    lines = lines + 1
    tap.ok(r.v == 1 and r.pid and r.tid and r.seq and r.t >= last, line)
    last = r.t
    seen[r.ev] = seen[r.ev] or r
  end
  tap.is(lines, total)
  tap.is(seen["proc.start"].role, "script")
  tap.is(seen["proc.start"].file, script)
  tap.ok(seen["loop.block"].wall_ms >= 300 and seen["loop.block"].wall_ms < 60000)
  tap.is(seen["user.mark"].text, "the \"mark\"")
  tap.is(seen["ipc.send"].preview, "\"begin\"")
end)

-- Each event against what the format says of its phase.
local function check(events)
  local flows, async, slices, phases = {}, {}, {}, {}
  for i, e in ipairs(events) do
    local at = "event " .. i .. " " .. tostring(e.ph)
    phases[e.ph] = (phases[e.ph] or 0) + 1
    tap.ok(math.type(e.pid) == "integer" and math.type(e.tid) == "integer", at .. ": pid and tid")
    tap.ok(type(e.ts) == "number" and e.ts >= 0, at .. ": ts")
    tap.ok(type(e.name) == "string" and e.name ~= "", at .. ": name")
    if e.ph == "M" then
      tap.ok(e.name == "process_name" or e.name == "thread_name", at)
      tap.is(type(e.args.name), "string", at)
    elseif e.ph == "X" then
      tap.ok(type(e.dur) == "number" and e.dur >= 0, at .. ": dur")
      local key = e.pid .. "." .. e.tid
      slices[key] = slices[key] or {}
      table.insert(slices[key], e)
    elseif e.ph == "s" then
      tap.ok(not flows[e.cat .. e.id], at .. ": an id begins one flow")
      flows[e.cat .. e.id] = e
    elseif e.ph == "f" then
      local s = flows[e.cat .. e.id]
      tap.ok(s and s.name == e.name and s.ts <= e.ts and e.bp == "e", at .. ": ends a flow that has begun")
    elseif e.ph == "b" then
      async[e.cat .. e.id] = e
    elseif e.ph == "e" then
      local b = async[e.cat .. e.id]
      tap.ok(b and b.name == e.name and b.ts <= e.ts, at .. ": ends what has begun")
      async[e.cat .. e.id] = nil
    elseif e.ph == "C" then
      for _, v in pairs(e.args) do tap.is(type(v), "number", at .. ": a counter's values") end
    elseif e.ph == "i" then
      tap.is(e.s, "t", at)
    else
      tap.ok(false, at .. ": a phase that is not used")
    end
  end
  tap.ok(next(async) == nil, "all async events end")
  -- Slices of a thread lie beside or inside each other; a flow's end lies in one.
  for key, list in pairs(slices) do
    table.sort(list, function(a, b) return a.ts < b.ts or (a.ts == b.ts and a.dur > b.dur) end)
    local open = {}
    for _, e in ipairs(list) do
      while #open > 0 and open[#open].ts + open[#open].dur <= e.ts do table.remove(open) end
      local outer = open[#open]
      tap.ok(not outer or e.ts + e.dur <= outer.ts + outer.dur + 1e-3, key .. ": slices nest: " .. e.name)
      table.insert(open, e)
    end
  end
  for i, e in ipairs(events) do
    if e.ph == "s" or e.ph == "f" then
      local inside = false
      for _, x in ipairs(slices[e.pid .. "." .. e.tid] or {}) do
        inside = inside or (x.ts <= e.ts and e.ts <= x.ts + x.dur)
      end
      tap.ok(inside, "event " .. i .. ": a flow ends in a slice")
    end
  end
  return phases
end

tap.test("Chrome's format keeps its rules, and has every kind of event", function()
  local all = JSON.parse(export("--chrome"))
  tap.is(all.displayTimeUnit, "ms")
  local phases = check(all.traceEvents)
  for _, ph in ipairs { "M", "X", "s", "f", "C", "i", "b", "e" } do tap.ok(phases[ph], ph .. " is there") end
  local block
  for _, e in ipairs(all.traceEvents) do
    if e.ph == "X" and e.name:find "^blocked" then block = e end
  end
  tap.ok(block and block.dur >= 300000, "the block is as long as it was")
end)

tap.test("into a file, whose name chooses the form", function()
  export("-o", root .. "/a.json")
  export("-o", root .. "/a.ndjson")
  tap.ok(JSON.parse(fs.readFileSync(root .. "/a.json", "utf8")).traceEvents)
  tap.is(JSON.parse((fs.readFileSync(root .. "/a.ndjson", "utf8"):match "[^\n]+")).v, 1)
end)

tap.test("wrong words and folders", function()
  local function status(...) return cp.spawnSync(process.execPath, { "trace", ... }).status end
  tap.is(status("--bad"), 9)
  tap.is(status(dir, "b"), 9)
  tap.is(status "--help", 0)
  tap.is(status "/nowhere/at/all", 1)
  tap.is(status(dir, "-o", "/nowhere/at/all"), 1)
end)

process:on("exit", function() fs.rmSync(root, { recursive = true }) end)
