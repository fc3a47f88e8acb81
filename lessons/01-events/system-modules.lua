-- Events: the system modules inherit from EventEmitter
-- sample: S017
-- watch: a class of one's own is made as the modules make theirs; then real objects are asked whose
--   children they are.
-- try: add a timer to the list, setTimeout(function() end, 1): it is an object, but no emitter.
local EventEmitter = require "events"
local child_process = require "child_process"
local fs = require "fs"
local http = require "http"
local net = require "net"
local stream = require "stream"

local Stream = EventEmitter:extend "Stream"
local Server = EventEmitter:extend "Server"

function Server:init(_, on_connection)
  if on_connection then self:on("connection", on_connection) end
end

local source = Stream()
source:on("data", function(d) print("stream got " .. d) end)
source:emit("data", "some data")

local server = Server({}, function(name) print("server got a connection from " .. name) end)
server:emit("connection", "a client")
print("called without new, still a Server: " .. tostring(instanceof(server, Server)))

local real = {
  { "net.Server", net.createServer() },
  { "http.Server", http.createServer() },
  { "stream.Readable", stream.Readable() },
  { "stream.Writable", stream.Writable() },
  { "fs.ReadStream", fs.createReadStream(__filename) },
  { "child_process.ChildProcess", child_process.spawn "true" },
  { "process", process },
}
for _, pair in ipairs(real) do
  print(pair[1] .. " inherits from EventEmitter: " .. tostring(instanceof(pair[2], EventEmitter)))
end
