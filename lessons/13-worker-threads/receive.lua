-- Take a message without waiting; forbid moving
-- sample: S148
-- watch: receiveMessageOnPort takes what is there, at once, and says nil when nothing is.
-- try: a Buffer itself in the transfer list: an error, because only its memory, buf.buffer, can move.
local threads = require "worker_threads"
local receive = threads.receiveMessageOnPort
local channel = MessageChannel()
local port1, port2 = channel.port1, channel.port2

port1:postMessage "one"
port1:postMessage "two"
print("first: " .. receive(port2).message)
print("second: " .. receive(port2).message)
print("third: " .. (receive(port2) == nil and "nothing there" or "something"))

local moved = ArrayBuffer(8)
port1:postMessage(moved, { moved })
print(("moved: %d bytes left here, %d arrived"):format(moved.byteLength, receive(port2).message.byteLength))

local kept = ArrayBuffer(8)
threads.markAsUntransferable(kept)
port1:postMessage(kept, { kept }) -- a copy goes instead
print(("marked: %d bytes left here"):format(kept.byteLength))
port1:close()
