-- What a thread is told to receive slowly (.slow, through its door): messages of ports and of its parent
-- wait, in order, also for receiveMessageOnPort, and travel along with a port that moves on; what a thread
-- has posted comes before its end.
local tap = require "../lib/tap"
local cp = require "child_process"
local events = require "events"
local fs = require "fs"
local net = require "net"
local threads = require "worker_threads"

local given = process.env.MOONFORK_TRACE_DIR
if not given or not process.env.MOONFORK_SLOW_TEST then -- once more, traced
  local dir = fs.mkdtempSync(tap.tmp .. "/mf-slow-")
  fs.chmodSync(dir, 448)
  local env = {}
  for k, v in pairs(process.env) do env[k] = v end
  env.MOONFORK_TRACE_DIR, env.MOONFORK_SLOW_TEST = dir, "1"
  local run = cp.spawnSync(process.execPath, { __filename }, { env = env, stdio = { 0, "pipe", 2 } })
  fs.rmSync(dir, { recursive = true, force = true })
  tap.is(run.status, 0, "the traced run passes")
  for line in run.stdout:toString():gmatch "[^\n]+" do tap.comment(line) end
  return
end

local function slow(main, ms)
  local path
  for _, name in ipairs(fs.readdirSync(given)) do
    local tid = name:match("^" .. process.pid .. "%.%d+%.(%d+)%.sock$")
    if tid and (tonumber(tid) == process.pid) == main then path = given .. "/" .. name end
  end
  return Promise(function(resolve)
    local s = net.connect { path = path }
    s:once("data", function(d) s:destroy() resolve(d:readUInt32BE(5)) end)
    s:write(Buffer.from(string.pack(">I4", 5) .. "s" .. string.pack(">I4", ms)))
  end)
end

local worker = threads.Worker(function()
  local w = require "worker_threads"
  w.parentPort:on("message", function(m)
    if m == "close" then
      for i = 1, 3 do w.parentPort:postMessage("last " .. i) end
      process.exit(0)
    elseif type(m) == "table" and m.port then
      local seen = w.receiveMessageOnPort(m.port)
      w.parentPort:postMessage(seen and "seen" or "not yet")
      m.port:on("message", function(x) w.parentPort:postMessage("port " .. x) end)
    else
      w.parentPort:postMessage("back " .. m)
    end
  end)
end)
await(events.once(worker, "online"))
worker:postMessage "up"
await(events.once(worker, "message"))
local list, wanted, all = {}, 0, nil
worker:on("message", function(m) list[#list + 1] = m if #list == wanted then all() end end)
local function want(n) list, wanted = {}, n return Promise(function(resolve) all = resolve end) end

tap.is(await(slow(false, 150)), 150, "a thread has a door of its own")
local began, full = process.hrtime(), want(3)
for i = 1, 3 do worker:postMessage(i) end
await(full)
local took = process.hrtime(began)
tap.ok(took[1] * 1000 + took[2] / 1e6 >= 140, "messages of the parent wait")
tap.is_deep(list, { "back 1", "back 2", "back 3" }, "in order")

local channel = threads.MessageChannel()
full = want(3)
channel.port2:postMessage "a"
channel.port2:postMessage "b"
worker:postMessage({ port = channel.port1 }, { channel.port1 })
await(full)
tap.is_deep(list, { "not yet", "port a", "port b" }, "those of a port, too, however they are taken")
channel.port2:close()

await(slow(false, 60000))
full = want(2)
worker:postMessage(1)
worker:postMessage(2)
tap.is(await(slow(false, 0)), 0, "slowness ends")
await(full)
tap.is_deep(list, { "back 1", "back 2" }, "and lets them in at once")

tap.is(await(slow(true, 60000)), 60000, "the main thread is slow now")
worker:postMessage "close"
list = {}
worker:on("exit", function() list[#list + 1] = "exit" end)
await(events.once(worker, "exit"))
tap.is_deep(list, { "last 1", "last 2", "last 3", "exit" }, "what a thread has posted comes before its end")
