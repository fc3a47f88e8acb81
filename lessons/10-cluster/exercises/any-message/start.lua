-- Find the bug: healthy(worker, limit) promises true when the worker answers
-- { ping = 1 } with { pong = 1 } within `limit` ms, else false. A worker may
-- send other messages at any time.
local function healthy(worker, limit)
  return Promise(function(resolve)
    setTimeout(resolve, limit, false)
    worker:once("message", function() resolve(true) end)
    worker:send { ping = 1 }
  end)
end

return healthy
