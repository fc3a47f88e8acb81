-- Cluster: the primary counts requests and errors of all workers
-- sample: S175
-- watch: a worker only tells what has happened; the sums are the primary's, and outlive the workers.
-- try: ask for "/bad" once more.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once

if cluster.isWorker then
  http.createServer(function(req, res)
    local failed = req.url == "/bad"
    res.statusCode = failed and 500 or 200
    res:finish()
    process.send { type = "metric", error = failed }
  end):listen(0, "127.0.0.1")
  return
end

local stats = {} -- by worker id
local total = { requests = 0, failed = 0, workers = 0 }

local function create()
  local worker = cluster.fork()
  local s = { start = performance.now(), requests = 0, errors = 0 }
  stats[worker.id] = s
  total.workers = total.workers + 1
  worker:on("exit", function() total.workers = total.workers - 1 end)
  worker:on("message", function(m)
    s.requests, total.requests = s.requests + 1, total.requests + 1
    if m.error then s.errors, total.failed = s.errors + 1, total.failed + 1 end
  end)
  return worker
end

local function report(when)
  print(("%s: workers %d, requests %d, failed %d"):format(when, total.workers, total.requests,
    total.failed))
  local errors = 0
  for id, s in ipairs(stats) do
    local uptime = (performance.now() - s.start) / 1000
    print(("  worker %d: requests %d, uptime is a number %s"):format(id, s.requests, uptime >= 0))
    errors = errors + s.errors
  end
  print("  errors of all workers: " .. errors)
end

local workers = { create(), create() }
local listening = await(Promise.all { once(workers[1], "listening"), once(workers[2], "listening") })
local port = listening[1][1].port

for _, path in ipairs { "/", "/", "/bad", "/", "/", "/" } do
  local told = once(cluster, "message")
  http.get({ host = "127.0.0.1", port = port, path = path, agent = false }, function(res)
    res:resume()
  end)
  await(told)
end
report "after six requests"

local gone = Promise.all { once(workers[1], "exit"), once(workers[2], "exit") }
cluster.disconnect()
await(gone)
report "at the end"
