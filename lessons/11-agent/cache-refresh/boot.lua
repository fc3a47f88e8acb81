-- What the framework does: it loads agent.lua or app.lua and gives it an object with a messenger.
local EventEmitter = require "events"
local messenger = EventEmitter()

function messenger.sendToApp(action, data) process.send { action = action, data = data } end
local function answer(name, data) process.send { answer = name, data = data } end

local controls = require("./" .. process.argv[3])(messenger, answer)
process:on("message", function(m)
  if m.action then messenger:emit(m.action, m.data) else controls[m.control]() end
end)
process:on("disconnect", function() process.exit(0) end)
