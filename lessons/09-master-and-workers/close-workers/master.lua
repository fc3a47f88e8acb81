-- The master that main.lua starts and ends.
local child_process = require "child_process"
process.title = "moonfork-master"
local count = 2
local workers = {} -- by pid
local pids = {} -- of those that are ready
local closing = false

local function create_worker()
  local worker = child_process.fork(__dirname .. "/worker.lua")
  workers[worker.pid] = worker
  worker:on("message", function()
    pids[#pids + 1] = worker.pid
    if #pids == count then process.send(pids) end
  end)
  worker:on("exit", function()
    workers[worker.pid] = nil
    if closing and not next(workers) then process.exit(0) end
  end)
end
for _ = 1, count do create_worker() end

-- Ctrl-C, Ctrl-\ and kill: first the workers, then the master.
local function close(signal)
  print("master: leaving because of " .. signal)
  closing = true
  for _, worker in pairs(workers) do worker:kill "SIGINT" end
end
for _, signal in ipairs { "SIGINT", "SIGQUIT", "SIGTERM" } do process:once(signal, close) end
process:once("exit", function(code) print("master: exit " .. code) end)
