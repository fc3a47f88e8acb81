-- Master and workers: a limit to the number of restarts
-- sample: S064
-- watch: the worker fails every time it starts. A master that starts it again for ever would keep the
--   machine busy with nothing; this one gives up after three restarts within a minute.
-- try: allow 5 restarts: six workers are created.
local child_process = require "child_process"
local limit = 3
local during = 60000 -- ms

local restarts = {} -- when the last ones were

local function too_often()
  local now = performance.now()
  while restarts[1] and now - restarts[1] > during do table.remove(restarts, 1) end
  if #restarts >= limit then return true end
  restarts[#restarts + 1] = now
  return false
end

local function create_worker(n)
  local worker = child_process.fork(__dirname .. "/worker.lua")
  print(("worker %d created"):format(n))
  worker:on("exit", function(code)
    print(("worker %d exited, code %d"):format(n, code))
    if not too_often() then return create_worker(n + 1) end
    print(("giving up: %d restarts within the window"):format(#restarts))
    process.exitCode = 1
  end)
end
create_worker(1)
