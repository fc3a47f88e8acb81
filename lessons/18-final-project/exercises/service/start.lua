-- The primary of the service: an agent, two workers on one port, metrics, an
-- end in good order.
--   process.argv[3]   the folder of the parts: agent.lua, worker.lua, ...
-- It is spoken to by messages:
--   { command = "reload" }          replaces all workers, version 2, 3, ...;
--                                   answers { reloaded = true }
--   { command = "push", list = v }  gives the agent a new list; all workers
--                                   get it
--   { command = "report" }          answers { agent = pid, requests = n,
--                                   workers = { pid, ... }, replaced = n }
--   { command = "stop" }            ends everything in good order
-- and tells { ready = true, port = n } once. Missing: reload, a replacement
-- for a worker that ends, and an end for one that does not answer any more.
local cluster = require "cluster"
local child_process = require "child_process"
local once = require "events".once
local parts = process.argv[3]

local version, list, requests, replaced = 1, 0, 0, 0

local agent = child_process.fork(parts .. "/agent.lua")
await(once(agent, "message")) -- it is ready
agent:on("message", function(m)
  if not m.list then return end
  list = m.list
  for _, worker in pairs(cluster.workers) do worker:send { list = list } end
end)
agent:send { ask = "list" }

cluster.setupPrimary { exec = parts .. "/worker.lua" }

-- Starts a worker and waits until it listens. Gives the worker and its port.
local function start()
  local worker = cluster.fork { VERSION = tostring(version) }
  worker:on("message", function(m)
    if m.request then requests = requests + 1 end
  end)
  local address = await(once(worker, "listening"))[1]
  worker:send { list = list }
  return worker, address.port
end

local function stop()
  cluster.disconnect(function()
    agent:disconnect()
    process.disconnect()
  end)
end

local function report()
  local pids = {}
  for _, worker in pairs(cluster.workers) do
    pids[#pids + 1] = worker.process.pid
  end
  process.send {
    agent = agent.pid, workers = pids,
    requests = requests, replaced = replaced,
  }
end

process:on("message", function(m)
  if m.command == "push" then agent:send { push = m.list }
  elseif m.command == "report" then report()
  elseif m.command == "stop" then stop() end
end)

local _, port = start()
start()
process.send { ready = true, port = port }
