local port = require "worker_threads".parentPort
local task = require "worker_threads".workerData
if task == "echo" then
  port:on("message", function(m)
    if m == "end" then port:close() else port:postMessage(m) end
  end)
elseif task == "sink" then
  local n = 0
  port:on("message", function(m)
    n = n + 1
    if m == "end" then
      port:postMessage(n)
      port:close()
    end
  end)
else
  port:postMessage "here"
  port:once("message", function() end)
end
