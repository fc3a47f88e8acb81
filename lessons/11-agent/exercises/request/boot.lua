-- A process of the check: role, and the student's file. The agent serves, an
-- app asks when it is told to.
local role, student = process.argv[3], require(process.argv[4])
local messenger = require "events"()

local function sender(to)
  return function(action, data)
    process.send { to = to, action = action, data = data }
  end
end
messenger.broadcast, messenger.sendToApp = sender "all", sender "app"
messenger.sendToAgent = sender "agent"
function messenger.sendTo(pid, action, data)
  process.send { to = "pid", pid = pid, action = action, data = data }
end
messenger:setMaxListeners(0)

if role == "agent" then
  student.serve(messenger, "double", function(n) return n * 2 end)
  messenger:on("never", function() end)
  messenger:on("die", function() process.exit(3) end)
end

process:on("message", async(function(m)
  if m.action then return messenger:emit(m.action, m.data) end
  local answer = student.request(messenger, m.ask, m.data, m.timeout)
  local ok, result = pcall(await, answer)
  if not ok then result = tostring(result.message or result) end
  process.send { told = m.number, ok = ok, result = result }
end))
process.send { ready = true }
