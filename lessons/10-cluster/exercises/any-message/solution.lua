-- Find the bug: healthy(worker, limit) promises true when the worker answers
-- { ping = 1 } with { pong = 1 } within `limit` ms, else false. A worker may
-- send other messages at any time.
local function healthy(worker, limit)
  return Promise(function(resolve)
    local clock, on_message
    local function finish(well)
      clearTimeout(clock)
      worker:removeListener("message", on_message)
      resolve(well)
    end
    function on_message(m)
      -- Any other message only says that it talks.
      if m.pong then finish(true) end
    end
    clock = setTimeout(finish, limit, false)
    worker:on("message", on_message)
    worker:send { ping = 1 }
  end)
end

return healthy
