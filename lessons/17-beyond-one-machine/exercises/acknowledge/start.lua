-- broker(): a net.Server, not listening yet, with a queue; server.held()
-- tells how many jobs it holds, waiting or under way. It speaks JSON lines:
--   { put = job }    a producer adds a job
--   { take = 1 }     a consumer asks for one; it gets
--                    { job = ..., id = ... } as soon as there is one
--   { done = id }    the consumer has done it
-- A job that was taken and not done comes back to the queue when its consumer
-- goes away.
local net = require "net"

return function()
  local queue, waiting = {}, {}
  local function give()
    while #queue > 0 and #waiting > 0 do
      local socket, job = table.remove(waiting, 1), table.remove(queue, 1)
      -- And if the consumer dies now?
      socket:write(JSON.stringify { job = job, id = 0 } .. "\n")
    end
  end

  local server = net.createServer(function(socket)
    local rest = ""
    socket:on("error", function() end)
    socket:on("data", function(chunk)
      rest = (rest .. tostring(chunk)):gsub("([^\n]*)\n", function(text)
        local m = JSON.parse(text)
        if m.put then queue[#queue + 1] = m.put end
        if m.take then waiting[#waiting + 1] = socket end
        give()
        return ""
      end)
    end)
  end)
  function server.held() return #queue end
  return server
end
