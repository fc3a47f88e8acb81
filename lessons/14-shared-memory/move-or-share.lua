-- An ArrayBuffer moves, a SharedArrayBuffer is shared
-- sample: S100
-- watch: three ways for bytes to reach a thread. The worker changes the first one: who sees it here?
-- try: name `copied` in its transfer list, too: it has 0 bytes afterwards, and its view has none.
local Worker = require "worker_threads".Worker

local worker = Worker(function()
  local port = require "worker_threads".parentPort
  port:on("message", function(memory)
    if memory == "stop" then return port:close() end
    local bytes, sum = Uint8Array(memory), 0
    for i = 0, #bytes - 1 do sum = sum + bytes[i] end
    bytes[0] = 200
    port:postMessage(sum)
  end)
end)

local function ask(memory, list)
  return await(Promise(function(resolve)
    worker:once("message", resolve)
    worker:postMessage(memory, list)
  end))
end

local copied = Uint8Array.from({ 1, 2, 3 }).buffer
print(("copied: sum %d, still %d bytes, first byte %s"):format(ask(copied), copied.byteLength, Uint8Array(copied)[0]))

local moved = Uint8Array.from({ 4, 5, 6 }).buffer
print(("moved: sum %d, here are now %d bytes"):format(ask(moved, { moved }), moved.byteLength))

local shared = SharedArrayBuffer(3)
Uint8Array(shared):set { 7, 8, 9 }
print(("shared: sum %d, still %d bytes, first byte %s"):format(ask(shared), shared.byteLength, Uint8Array(shared)[0]))
worker:postMessage "stop"
