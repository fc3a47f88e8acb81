-- Sockets handed from parent to child, one after the other as each is acknowledged.
-- figure: handles | handles passed, a second | ratio >= 2
local child_process = require "child_process"
local net = require "net"
local many = 3000

local c = child_process.fork(__dirname .. "/ipc-child.lua", { "handles" })
local server
server = net.createServer(function(socket)
  local began
  c:on("message", function()
    local took = process.hrtime.bigint() - began
    print(("handles %.1f"):format(many * 1e9 / took))
    c:disconnect()
    socket:destroy()
    server:close()
  end)
  c:send({ n = 0 }, socket, { keepOpen = true }, function()
    setTimeout(function()
      began = process.hrtime.bigint()
      for i = 1, many do c:send({ n = i }, socket, { keepOpen = true }) end
      c:send "end"
    end, 200)
  end)
end)
server:listen(0, "127.0.0.1", function()
  net.connect(server:address().port, "127.0.0.1"):on("error", function() end)
end)
