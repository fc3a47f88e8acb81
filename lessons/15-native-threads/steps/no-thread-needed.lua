-- A hundred timers and ten connections: how many threads does the process have afterwards?
local fs = require "fs"
local net = require "net"

local function threads() return #fs.readdirSync "/proc/self/task" end

local before = threads()
for i = 1, 100 do setTimeout(function() end, i % 20) end
local server = net.createServer(function(socket) socket:finish "hi" end)
server:listen(0, "127.0.0.1", function()
  local left = 10
  for _ = 1, 10 do
    local socket = net.connect(server:address().port, "127.0.0.1")
    socket:resume()
    socket:on("close", function()
      left = left - 1
      if left > 0 then return end
      print(("100 timers and 10 connections added %d threads"):format(threads() - before))
      server:close()
      fs.stat(".", function() print(("one file asked about in the background added %d"):format(threads() - before)) end)
    end)
  end
end)
