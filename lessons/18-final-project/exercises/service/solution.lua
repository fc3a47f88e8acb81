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
-- and tells { ready = true, port = n } once.
local cluster = require "cluster"
local child_process = require "child_process"
local once = require "events".once
local parts = process.argv[3]
local PING_MS, MISSED = 100, 4 -- a worker that owes four answers is stuck

local version, list, requests, replaced = 1, 0, 0, 0
local stopping, health = false, nil

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
local start
function start()
  local worker = cluster.fork { VERSION = tostring(version) }
  worker.owes = 0
  worker:on("message", function(m)
    if m.request then requests = requests + 1 end
    if m.pong then worker.owes = 0 end
  end)
  worker:on("exit", function()
    if worker.exitedAfterDisconnect or stopping then return end
    replaced = replaced + 1
    async(start)()
  end)
  local address = await(once(worker, "listening"))[1]
  worker.listens = true
  worker:send { list = list }
  return worker, address.port
end

-- New ones first, then the old ones finish what they have and go.
local function reload()
  version = version + 1
  local old = {}
  for _, worker in pairs(cluster.workers) do old[#old + 1] = worker end
  for _, worker in ipairs(old) do
    start()
    if not worker:isDead() then
      worker:disconnect()
      await(once(worker, "exit"))
    end
  end
  process.send { reloaded = true }
end

local function serves(worker)
  return worker.listens and worker:isConnected()
    and not worker.exitedAfterDisconnect
end

-- Who does not answer any more is ended; the listener of exit starts another.
local function look()
  for _, worker in pairs(cluster.workers) do
    if serves(worker) then
      worker.owes = worker.owes + 1
      if worker.owes > MISSED then
        worker.process:kill "SIGKILL"
      else
        worker:send { ping = 1 }
      end
    end
  end
end

local function stop()
  stopping = true
  clearInterval(health)
  cluster.disconnect(function()
    agent:disconnect()
    process.disconnect()
  end)
end

local function report()
  local pids = {}
  for _, worker in pairs(cluster.workers) do
    if worker.listens then pids[#pids + 1] = worker.process.pid end
  end
  process.send {
    agent = agent.pid, workers = pids,
    requests = requests, replaced = replaced,
  }
end

process:on("message", async(function(m)
  if m.command == "push" then agent:send { push = m.list }
  elseif m.command == "reload" then reload()
  elseif m.command == "report" then report()
  elseif m.command == "stop" then stop() end
end))

local _, port = start()
start()
health = setInterval(look, PING_MS)
process.send { ready = true, port = port }
