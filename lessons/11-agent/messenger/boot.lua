-- A process with a messenger: what it sends goes to the master, what it receives becomes an event.
local EventEmitter = require "events"
local role = process.argv[3]
local messenger = EventEmitter()

local function sender(to)
  return function(action, data) process.send { to = to, action = action, data = data } end
end
messenger.broadcast = sender "all"
messenger.sendToApp = sender "app"
messenger.sendToAgent = sender "agent"
if role == "agent" then messenger.sendRandom = sender "random" end
function messenger.sendTo(pid, action, data)
  process.send { to = "pid", pid = pid, action = action, data = data }
end

messenger:on("news", function() process.send { heard = "on" } end)
messenger:on("single", function() process.send { heard = "on" } end)
messenger:once("single", function() process.send { heard = "once" } end)

process:on("message", function(m)
  if m.control == "call" then
    messenger[m.method](table.unpack(m.args))
    process.send { answer = "done" }
  elseif m.control == "ping" then
    process.send { answer = "pong" }
  elseif m.control == "has sendRandom" then
    process.send { answer = messenger.sendRandom and "yes" or "no" }
  else
    messenger:emit(m.action, m.data)
  end
end)
process.send { answer = "ready" }
