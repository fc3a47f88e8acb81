-- Cluster: watch the memory of the workers and restart one that takes too much
-- sample: S167
-- watch: every worker measures itself; the primary only asks. The one that has taken 64 MB is told to
--   leave, and another one takes its place.
-- try: raise the threshold to 128 MB: nobody is replaced.
local cluster = require "cluster"
local once = require "events".once
local MB = 1024 * 1024
local threshold = 32 * MB -- on top of what a worker has at its start

if cluster.isWorker then
  local hoard = {}
  local function tell()
    local m = process.memoryUsage()
    process.send { rss = m.rss, heapTotal = m.heapTotal, heapUsed = m.heapUsed, external = m.external }
  end
  process:on("message", function(message)
    if message == "take 64 MB" then hoard[#hoard + 1] = Buffer.alloc(64 * MB, 1) end
    tell()
  end)
  return tell()
end

local base = {} -- by worker id

local function start()
  local worker = cluster.fork()
  base[worker.id] = await(once(worker, "message"))[1].external
  return worker
end

local function ask(worker, what)
  worker:send(what)
  return await(once(worker, "message"))[1]
end

-- Gives the worker, or the one that takes its place.
local function check(worker)
  local m = ask(worker, "report")
  local figures = m.rss > 0 and m.heapTotal > 0 and m.heapUsed > 0 and m.external >= 0
  local over = m.external - base[worker.id] > threshold
  print(("worker %d: four figures in bytes %s, heap within the process %s, over the threshold %s")
    :format(worker.id, figures, m.rss > m.heapUsed, over))
  if not over then return worker end
  worker:disconnect()
  await(once(worker, "exit"))
  local new = start()
  print(("worker %d was replaced by worker %d"):format(worker.id, new.id))
  return new
end

local workers = { start(), start() }
for i, worker in ipairs(workers) do workers[i] = check(worker) end
ask(workers[1], "take 64 MB")
for _ = 1, 2 do
  for i, worker in ipairs(workers) do workers[i] = check(worker) end
end
cluster.disconnect()
