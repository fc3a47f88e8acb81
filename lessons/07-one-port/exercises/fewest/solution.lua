-- front(server, workers): server is a listening net.Server with
-- pauseOnConnect; workers are forked children. Each connection is passed on,
-- worker:send("socket", socket), to the worker with the fewest open ones. A
-- worker says { closed = true } when one of its connections has ended.
-- Nothing is read here: the first byte belongs to the worker.
local function front(server, workers)
  local open = {}
  for i, worker in ipairs(workers) do
    open[i] = 0
    worker:on("message", function(m)
      if m.closed then open[i] = open[i] - 1 end
    end)
  end

  server:on("connection", function(socket)
    local least = 1
    for i = 2, #workers do
      if open[i] < open[least] then least = i end
    end
    open[least] = open[least] + 1
    workers[least]:send("socket", socket)
  end)
end

return front
