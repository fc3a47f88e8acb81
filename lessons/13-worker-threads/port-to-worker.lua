-- Hand a port to a thread
-- sample: S156
-- watch: the port itself travels, because the transfer list names it; here it is closed from then on.
-- try: post something to channel.port2 afterwards: nothing happens, it belongs to the thread.
local threads = require "worker_threads"

local worker = threads.Worker(function()
  local assert = require "assert"
  local threads = require "worker_threads"
  threads.parentPort:on("message", function(value)
    assert(instanceof(value.workerPort, MessagePort))
    print("port2: " .. value.msg)
    value.workerPort:postMessage "hello, I am workerThread"
    threads.parentPort:close()
  end)
end)
local channel = MessageChannel()
worker:postMessage({ workerPort = channel.port2, msg = "hello, I am mainThread" }, { channel.port2 })

channel.port1:on("message", function(message)
  print("port1: " .. message)
  channel.port1:close()
end)
worker:on("exit", function(code) print("thread exit code " .. code) end)
