-- Two functions on top of the messenger, which has sendToAgent(action, data),
-- sendTo(pid, action, data) and on(action, fn(data)).
-- request(messenger, action, data, timeout), in an app: promises the agent's
--   answer to exactly this request; rejected after `timeout` ms, and at once
--   at the messenger's event "agent-exit".
-- serve(messenger, action, handler), in the agent: answers each request with
--   handler(data).
local last = 0

local function request(messenger, action, data, timeout)
  last = last + 1
  local id = last
  return Promise(function(resolve, reject)
    local clock, on_answer, on_exit

    local function finish(settle, value)
      clearTimeout(clock)
      messenger:removeListener("answer", on_answer)
      messenger:removeListener("agent-exit", on_exit)
      settle(value)
    end
    local function fail(why) finish(reject, Error(why)) end

    function on_answer(m)
      if m.id == id then finish(resolve, m.result) end
    end
    function on_exit() fail "the agent has ended" end
    clock = setTimeout(fail, timeout, "no answer to " .. action)
    messenger:on("answer", on_answer)
    messenger:on("agent-exit", on_exit)
    messenger.sendToAgent(action, { id = id, pid = process.pid, data = data })
  end)
end

local function serve(messenger, action, handler)
  messenger:on(action, function(m)
    messenger.sendTo(m.pid, "answer", { id = m.id, result = handler(m.data) })
  end)
end

return { request = request, serve = serve }
