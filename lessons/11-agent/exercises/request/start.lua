-- Two functions on top of the messenger, which has sendToAgent(action, data),
-- sendTo(pid, action, data) and on(action, fn(data)).
-- request(messenger, action, data, timeout), in an app: promises the agent's
--   answer to exactly this request; rejected after `timeout` ms, and at once
--   at the messenger's event "agent-exit".
-- serve(messenger, action, handler), in the agent: answers each request with
--   handler(data).
local function request(messenger, action, data, timeout)
  return Promise(function(resolve)
    messenger:once(action .. "-answer", resolve) -- whose answer?
    messenger.sendToAgent(action, data)
  end)
end

local function serve(messenger, action, handler)
  messenger:on(action, function(data)
    messenger.broadcast(action .. "-answer", handler(data)) -- to everybody?
  end)
end

return { request = request, serve = serve }
