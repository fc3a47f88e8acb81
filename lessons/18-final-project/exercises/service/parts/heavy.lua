-- A thread of a worker's pool: it computes for a while.
local port = require "worker_threads".parentPort

port:on("message", function(n)
  local sum = 0
  for i = 0, n - 1 do sum = sum + i end
  port:postMessage(sum)
end)
