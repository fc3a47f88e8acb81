-- What a runtime is told to receive slowly (.slow, through its door): users' messages wait, in order, with
-- their handles; internal ones do not; `disconnect` comes behind them; 0 lets all of them in at once.
local tap = require "../lib/tap"
local cp = require "child_process"
local events = require "events"
local fs = require "fs"
local net = require "net"
local rings = require "../trace/lib/rings"

local dir = process.env.MOONFORK_SLOW_TEST
if not dir then -- once more, traced
  dir = fs.mkdtempSync(tap.tmp .. "/mf-slow-")
  fs.chmodSync(dir, 448)
  local env = {}
  for k, v in pairs(process.env) do env[k] = v end
  env.MOONFORK_TRACE_DIR, env.MOONFORK_SLOW_TEST = dir, dir
  local run = cp.spawnSync(process.execPath, { __filename }, { env = env, stdio = { 0, "pipe", 2 } })
  fs.rmSync(dir, { recursive = true, force = true })
  tap.is(run.status, 0, "the traced run passes")
  for line in run.stdout:toString():gmatch "[^\n]+" do tap.comment(line) end
  return
end

local function slow(child, ms) -- as the command does
  local path
  for _, name in ipairs(fs.readdirSync(dir)) do
    if name:match("^" .. child.pid .. "%..*%.sock$") then path = dir .. "/" .. name end
  end
  return Promise(function(resolve)
    local s = net.connect { path = path }
    s:once("data", function(d) s:destroy() resolve(d:readUInt32BE(5)) end)
    s:write(Buffer.from(string.pack(">I4", 5) .. "s" .. string.pack(">I4", ms)))
  end)
end

fs.writeFileSync(dir .. "/child.lua", [[
  process:on("message", function(m, handle)
    print("got " .. m.n)
    if process.connected then process.send { n = m.n, kind = handle and "handle" } end
    if handle then handle:destroy() end
  end)
  process:on("disconnect", function() print "disconnected" process.exit(3) end)
  process.send "up"
]])

local child = cp.fork(dir .. "/child.lua", {}, { stdio = { "ignore", "pipe", "inherit", "ipc" } })
await(events.once(child, "message"))
tap.is(await(slow(child, 200)), 200, "the door takes it")

local began = process.hrtime()
local function since() local d = process.hrtime(began) return d[1] * 1000 + d[2] / 1e6 end
local got, all = {}, nil
local full = Promise(function(resolve) all = resolve end)
child:on("message", function(m) got[#got + 1] = m if #got == 4 then all() end end)
local server = net.createServer()
server:listen(0, "127.0.0.1")
await(events.once(server, "listening"))
local client = net.connect(server:address().port, "127.0.0.1")
local socket = await(events.once(server, "connection"))[1]
client:on("error", function() end)
child:send { n = 1 }
child:send { n = 2 }
child:send({ n = 3 }, socket)
child:send { n = 4 }
await(full)
tap.ok(since() >= 190, "messages wait")
local order = {}
for i, m in ipairs(got) do order[i] = m.n end
tap.is_deep(order, { 1, 2, 3, 4 }, "in order")
tap.is(got[3].kind, "handle", "a handle comes with its message")
tap.ok(got[1].kind == nil and got[4].kind == nil, "and with no other")
local ring = rings.find(dir, "child.lua")
local marked = 0
for _, record in ipairs(rings.events(ring, "ipc.recv")) do
  if record.n[4] == 200000000 then marked = marked + 1 end
end
tap.is(ring.slow, 200, "the page says how slow")
tap.is(marked, 4, "and the record of each message")
client:destroy()
server:close()

got, full = {}, Promise(function(resolve) all = resolve end)
await(slow(child, 60000))
for i = 1, 4 do child:send { n = i } end
tap.is(await(slow(child, 0)), 0, "slowness ends")
await(full)
tap.is_deep({ got[1].n, got[2].n, got[3].n, got[4].n }, { 1, 2, 3, 4 }, "what waits comes at once, in order")

await(slow(child, 100))
local text = ""
child.stdout:on("data", function(d) text = text .. d:toString() end)
child:send { n = 7 }
child:disconnect()
local over = await(events.once(child, "close"))
tap.like(text, "got 7\ndisconnected\n$", "a child that is cut off hears of it behind what waits")
tap.is(over[1], 3, "and ends as it likes")
