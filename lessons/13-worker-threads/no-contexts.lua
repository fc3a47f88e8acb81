-- A port in another context: here a context is a thread
-- sample: S150
-- watch: Node can run code in a second set of globals of the same thread (vm) and move a port there. Lua
--   has no such thing: a state of its own is a Worker, and a port reaches it in a message.
-- try: load("...", "name", "t", {}) gives a chunk other globals without a second state.
local threads = require "worker_threads"
local channel = MessageChannel()

local _, err = pcall(threads.moveMessagePortToContext, channel.port2, {})
print("moveMessagePortToContext: " .. err.code)

local worker = threads.Worker(function()
  local port = require "worker_threads".workerData
  port.onmessage = function(e)
    print("received in the other state: " .. e.data)
    port:close()
  end
end, { workerData = channel.port2, transferList = { channel.port2 } })
channel.port1:postMessage "hello"
channel.port1:on("close", function() print "closed" end)
worker:on("error", error)
