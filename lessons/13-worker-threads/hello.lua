-- A second thread and two messages
-- sample: S008
-- watch: the worker ends by itself once it has closed its port: nothing is left to wait for.
-- try: leave out parentPort:close(): the thread waits for more, and the program never ends (Ctrl-C).
local threads = require "worker_threads"

-- This part runs in the worker thread: it shares no variable with the rest of the file.
local function second_thread()
  local port = require "worker_threads".parentPort
  port:on("message", function(message)
    print("from the main thread: " .. message)
    port:postMessage "Hello, main thread!"
    port:close()
  end)
end

local worker = threads.Worker(second_thread)
worker:on("message", function(message) print("from the worker thread: " .. message) end)
worker:on("exit", function(code) print("worker thread exit code " .. code) end)
worker:postMessage "Hello, worker!"
