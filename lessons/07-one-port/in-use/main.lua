-- A port: the second process to listen on it fails
-- sample: S087
-- watch: a listening port belongs to one process. The others are told EADDRINUSE.
-- try: give every worker the port 0: the system finds a free one for each.
local child_process = require "child_process"
local once = require "events".once

local workers = {}
local port = 0 -- the first worker takes a free one, the others are given the same number
for i = 1, 3 do
  workers[i] = child_process.fork(__dirname .. "/worker.lua", { tostring(port) })
  local m = await(once(workers[i], "message"))[1]
  print(("worker %d: %s"):format(i, m.error or "listens on port " .. m.port))
  port = m.port or port
end
for _, worker in ipairs(workers) do worker:disconnect() end
