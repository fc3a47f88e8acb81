-- Three workers: one that is well, one that only talks, one that says nothing.
local child_process = require "child_process"
local healthy = require "../../../student" "function"

local function worker()
  local kind = process.env.KIND
  local chatter = kind ~= "silent" and setInterval(function() process.send { progress = 1 } end, 5)
  process:on("message", function(m)
    if m.ping and kind == "well" then process.send { pong = m.ping } end
  end)
  process:on("disconnect", function() process.exit(0) end)
  return chatter
end

local function try(kind, limit)
  local child = child_process.fork(worker, { env = { KIND = kind, PATH = process.env.PATH } })
  await(Promise(function(resolve)
    child:once("spawn", resolve)
  end))
  if kind ~= "silent" then await(require "events".once(child, "message")) end
  local before = child:listenerCount "message"
  local well = await(healthy(child, limit))
  process.send { [kind] = well, [kind .. "Left"] = child:listenerCount "message" - before }
  child:kill "SIGKILL"
  await(require "events".once(child, "exit"))
end

try("well", 5000)
try("chatty", 300)
try("silent", 300)
process.exit()
