-- The agent: one long connection to the source's message service, for all workers.
local net = require "net"

return function(messenger, answer)
  local socket = net.connect(tonumber(process.env.PUSH_PORT), "127.0.0.1")
  socket:on("connect", function() answer "ready" end)
  socket:on("data", function() messenger.sendToApp("refresh", "push") end) -- a change was announced
  socket:on("error", function() end)
end
