-- Events: what a server and a file stream emit
-- sample: S018
-- watch: nobody in this file calls emit. The events come from the system: a socket that can be
--   accepted, a file that has been opened, read, and closed.
-- try: let three clients come: the server emits connection a third time.
local fs = require "fs"
local net = require "net"

local function read_a_file()
  local stream = fs.createReadStream(__filename)
  for _, name in ipairs { "open", "end", "close" } do
    stream:on(name, function() print("fs.ReadStream emits " .. name) end)
  end
  stream:once("data", function() print "fs.ReadStream emits data" end)
end

local server = net.createServer()
local connections = 0
server:on("listening", function() print "net.Server emits listening" end)
server:on("connection", function(socket)
  connections = connections + 1
  print("net.Server emits connection " .. connections)
  socket:finish "bye"
end)
server:on("close", function()
  print "net.Server emits close"
  read_a_file()
end)

local function clients(left)
  if left == 0 then return server:close() end
  local socket = net.connect(server:address().port, "127.0.0.1")
  socket:on("data", function(d) print("client received " .. d) end)
  socket:on("close", function() clients(left - 1) end)
end
server:listen(0, "127.0.0.1", function() clients(2) end)
