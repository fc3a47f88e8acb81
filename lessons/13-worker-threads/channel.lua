-- A channel of one's own joins two threads
-- sample: S102
-- watch: anna and bert count to 6 between themselves; the main thread only hands out the ports.
-- try: leave the port out of the transfer list: postMessage refuses to copy a port.
local threads = require "worker_threads"

local function talk()
  local threads = require "worker_threads"
  local name, main = threads.workerData, threads.parentPort
  main:once("message", function(message)
    local port, heard = message.port, {}
    port:on("message", function(n)
      heard[#heard + 1] = n
      if n < 6 then port:postMessage(n + 1) end
      if n >= 5 then
        if name == "anna" then main:postMessage("anna heard " .. table.concat(heard, " ")) end
        port:close()
      end
    end)
    if name == "anna" then port:postMessage(1) end
  end)
end

local channel = MessageChannel()
local anna = threads.Worker(talk, { workerData = "anna" })
local bert = threads.Worker(talk, { workerData = "bert" })
local seen, gone = 0, 0
for _, worker in ipairs { anna, bert } do
  worker:on("message", function(m)
    seen = seen + 1
    print("report: " .. m)
  end)
  worker:on("exit", function()
    gone = gone + 1
    if gone == 2 then print("messages that passed through the main thread: " .. seen) end
  end)
end
bert:postMessage({ port = channel.port2 }, { channel.port2 })
anna:postMessage({ port = channel.port1 }, { channel.port1 })
