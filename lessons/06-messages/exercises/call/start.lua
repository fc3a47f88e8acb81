-- call(child, method, args, timeout): sends { id, method, args } to a child,
-- which answers { id, result } or { id, error } in any order; promises the
-- result of exactly this call. It is rejected with an Error after `timeout`
-- ms, when the child answers with an error, and at once when the child exits.
-- Afterwards no listener of ours is left.
local function call(child, method, args, timeout)
  return Promise(function(resolve)
    child:send { id = 1, method = method, args = args }
    child:once("message", function(answer)
      resolve(answer.result) -- whose answer is it?
    end)
  end)
end

return call
