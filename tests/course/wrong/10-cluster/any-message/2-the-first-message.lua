-- Looks at the first message only: that of a worker that talks is another one.
-- within `limit` ms, else false. A worker may send other messages at any time.
local function healthy(worker, limit)
  return Promise(function(resolve)
    local clock, on_message
    local function finish(well)
      clearTimeout(clock)
      worker:removeListener("message", on_message)
      resolve(well)
    end
    function on_message(m)
      if m.pong then finish(true) end -- any other message only says that it talks
    end
    clock = setTimeout(finish, limit, false)
    worker:once("message", function(m) finish(m.pong ~= nil) end)
    worker:send { ping = 1 }
  end)
end

return healthy
