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
  local queue, waiting = {}, {} -- jobs; sockets that have asked
  local taken, last = {}, 0     -- id -> { job, socket }

  local function give()
    while #queue > 0 and #waiting > 0 do
      local socket, job = table.remove(waiting, 1), table.remove(queue, 1)
      last = last + 1
      taken[last] = { job = job, socket = socket }
      socket:write(JSON.stringify { job = job, id = last } .. "\n")
    end
  end

  local function forget(socket)
    for i = #waiting, 1, -1 do
      if waiting[i] == socket then table.remove(waiting, i) end
    end
    for id, t in pairs(taken) do
      if t.socket == socket then
        taken[id] = nil
        table.insert(queue, 1, t.job)
      end
    end
    give()
  end

  local server = net.createServer(function(socket)
    local rest = ""
    socket:on("error", function() end)
    socket:on("close", function() forget(socket) end)
    socket:on("data", function(chunk)
      rest = (rest .. tostring(chunk)):gsub("([^\n]*)\n", function(text)
        local m = JSON.parse(text)
        if m.put then queue[#queue + 1] = m.put end
        if m.take then waiting[#waiting + 1] = socket end
        local mine = m.done and taken[m.done]
        if mine and mine.socket == socket then taken[m.done] = nil end
        give()
        return ""
      end)
    end)
  end)

  function server.held()
    local n = #queue
    for _ in pairs(taken) do n = n + 1 end
    return n
  end
  return server
end
