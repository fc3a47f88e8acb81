-- A Buffer's memory is moved to a thread. What is left here?
local Worker = require "worker_threads".Worker
local worker = Worker(function()
  require "worker_threads".parentPort:once("message", function(memory)
    print("the thread has " .. memory.byteLength .. " bytes")
  end)
end)

local memory = ArrayBuffer(1024)
local view = Uint8Array(memory)
worker:postMessage(memory, { memory })
print(("here are %d bytes left, the view has %d"):format(memory.byteLength, #view))
