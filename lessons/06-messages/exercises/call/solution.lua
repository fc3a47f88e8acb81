-- call(child, method, args, timeout): sends { id, method, args } to a child,
-- which answers { id, result } or { id, error } in any order; promises the
-- result of exactly this call. It is rejected with an Error after `timeout`
-- ms, when the child answers with an error, and at once when the child exits.
-- Afterwards no listener of ours is left.
local last = 0

local function call(child, method, args, timeout)
  last = last + 1
  local id = last
  return Promise(function(resolve, reject)
    local on_message, on_exit, clock

    local function finish(settle, value)
      clearTimeout(clock)
      child:removeListener("message", on_message)
      child:removeListener("exit", on_exit)
      settle(value)
    end
    local function fail(why) finish(reject, Error(why)) end

    function on_message(answer)
      if answer.id ~= id then return end
      if answer.error then return fail(answer.error) end
      finish(resolve, answer.result)
    end
    function on_exit() fail("the child ended: no answer to " .. method) end
    clock = setTimeout(fail, timeout, "no answer to " .. method)
    child:on("message", on_message)
    child:on("exit", on_exit)
    child:send { id = id, method = method, args = args }
  end)
end

return call
