-- Threads: messages are copies, shared memory is not, globals are per thread
-- sample: S009
-- watch: the worker changes the list and the cell that it was sent; only the cell is changed here, too.
-- try: send the cell as { shared[0] } instead of the view: a number in a table is copied like the rest.
local Worker = require "worker_threads".Worker
SECRET = "only in the main thread"
local plain = { list = { 1, 2, 3 } }
local shared = Int32Array(SharedArrayBuffer(4))
shared[0] = 1

local worker = Worker(function()
  local port = require "worker_threads".parentPort
  port:once("message", function(message)
    table.insert(message.plain.list, 99)
    message.shared[0] = 42
    port:postMessage { list = message.plain.list, sees_global = rawget(_G, "SECRET") ~= nil }
  end)
end)
worker:on("message", function(answer)
  print("worker changed its list to " .. table.concat(answer.list, ","))
  print("list in the main thread is still " .. table.concat(plain.list, ","))
  print("shared cell in the main thread is now " .. shared[0])
  print("worker sees the main thread's global: " .. tostring(answer.sees_global))
end)
worker:postMessage { plain = plain, shared = shared }
