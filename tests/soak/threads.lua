-- Threads under load: 1,000 workers in waves of 50; 1,000,000 messages through a ring of ports between 8
-- threads, in order per port, with ports in flight; terminate() at a random moment 1,000 times. Memory and
-- threads are back to the start.
local tap = require "../lib/tap"
local threads = require "worker_threads"
local Worker = threads.Worker
local times = tap.scale
local function event(emitter, name) return Promise(function(resolve) emitter:once(name, resolve) end) end
local function thread_count() return #require("fs").readdirSync "/proc/self/task" end

-- ---- waves ----
local function wave(count)
  local ends = {}
  for i = 1, count do
    ends[i] = event(Worker(function() require "worker_threads".parentPort:postMessage "here" end), "exit")
  end
  await(Promise.all(ends))
end
wave(50)
collectgarbage()
local before, started = process.memoryUsage.rss(), thread_count()
for _ = 1, times(1000) // 50 do wave(50) end
collectgarbage()
local grown = (process.memoryUsage.rss() - before) / 2 ^ 20
tap.ok(thread_count() <= started, "no thread is left after the waves")
tap.ok(grown < 16, ("memory is back after the waves: %.1f MiB more"):format(grown))

-- ---- a ring of eight: each passes on what comes, and ports travel along ----
local COUNT, EACH = 8, times(1000000) // 8
local function member()
  local t = require "worker_threads"
  local each = t.workerData.each
  local seen, sent, got_ports, bad = 0, 0, 0, 0
  t.parentPort:once("message", function(ports)
    local from, to = ports.from, ports.to
    local function send()
      for _ = 1, math.min(500, each - sent) do
        sent = sent + 1
        if sent % 1000 == 0 then
          local c = MessageChannel()
          c.port1:postMessage { n = sent }
          c.port1:close()
          to:postMessage({ n = sent, port = c.port2 }, { c.port2 })
        else
          to:postMessage { n = sent }
        end
      end
      if sent < each then setImmediate(send) end
    end
    from:on("message", function(m)
      seen = seen + 1
      if m.n ~= seen then bad = bad + 1 end
      if m.port then
        local inner = t.receiveMessageOnPort(m.port)
        if inner and inner.message.n == m.n then got_ports = got_ports + 1 else bad = bad + 1 end
        m.port:close()
      end
      if seen < each then return end
      t.parentPort:postMessage { seen = seen, bad = bad, ports = got_ports }
      from:unref()
    end)
    send()
  end)
end

local workers, froms, tos = {}, {}, {}
for i = 1, COUNT do
  local c = MessageChannel()
  tos[i], froms[i % COUNT + 1] = c.port1, c.port2
end
local answers = {}
for i = 1, COUNT do
  workers[i] = Worker(member, { workerData = { each = EACH } })
  answers[i] = event(workers[i], "message")
  workers[i]:postMessage({ from = froms[i], to = tos[i] }, { froms[i], tos[i] })
end
local seen, bad, ports = 0, 0, 0
for _, a in ipairs(await(Promise.all(answers))) do
  seen, bad, ports = seen + a.seen, bad + a.bad, ports + a.ports
end
tap.ok(seen == COUNT * EACH and bad == 0, seen .. " messages, each once and in order")
tap.ok(ports == COUNT * (EACH // 1000), ports .. " ports arrived with what waited in them")
for _, w in ipairs(workers) do w:terminate() end

-- ---- terminate at any moment ----
local codes = { [0] = 0, [1] = 0 }
local left = times(1000)
local function one()
  local w = Worker(function()
    local t = require "worker_threads"
    local c = MessageChannel()
    c.port2:on("message", function(m) c.port1:postMessage(m) end)
    c.port1:postMessage { "round and round" }
    while math.random() < 0.999 do t.parentPort:postMessage { 1, 2, 3 } end
    while true do pcall(string.rep, "x", 100) end
  end)
  local delay = math.random() * 5
  if delay < 1 then w:terminate() else setTimeout(function() w:terminate() end, delay) end
  local code = await(event(w, "exit"))
  codes[code] = (codes[code] or 0) + 1
end
local lanes = {}
for i = 1, 8 do
  lanes[i] = async(function()
    while left > 0 do
      left = left - 1
      one()
    end
  end)()
end
await(Promise.all(lanes))
tap.ok(codes[1] == times(1000), codes[1] .. " ended by terminate, wherever they were")
