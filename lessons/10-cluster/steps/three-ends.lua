-- Three workers end in three ways: killed, disconnected, crashed. What does the primary see?
local cluster = require "cluster"
local once = require "events".once

if cluster.isWorker then
  process:on("message", function() error(Error "a mistake") end)
  return
end

local function watch(worker, what)
  worker:on("exit", function(code, signal)
    print(("%s: code %s, signal %s, on purpose %s"):format(what, code or "none", signal or "none",
      tostring(worker.exitedAfterDisconnect or false)))
  end)
end

local ways = {
  { "process.kill", function(w) process.kill(w.process.pid, "SIGKILL") end },
  { "disconnect", function(w) w:disconnect() end },
  { "an exception", function(w) w:send "fail" end },
}
for _, way in ipairs(ways) do
  local worker = cluster.fork({}, { silent = true })
  watch(worker, way[1])
  await(once(worker, "online"))
  way[2](worker)
  await(once(worker, "exit"))
end
