-- What the framework does: it loads agent.lua or app.lua and gives it an object with a messenger.
local EventEmitter = require "events"
local role = process.argv[3]
local messenger = EventEmitter()

function messenger.sendToApp(action, data) process.send { action = action, data = data } end
process:on("message", function(m) messenger:emit(m.action, m.data) end)

require("./" .. role) { messenger = messenger }
process.send "ready"
