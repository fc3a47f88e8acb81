-- Cluster: a command from the primary, an answer from the worker
-- sample: S169
-- watch: a message is any value that JSON can hold; a field for its type is a custom of the two sides.
-- try: send a list as data, { "hello", "again" }, and let the worker print it with table.concat.
local cluster = require "cluster"

if cluster.isWorker then
  process:on("message", function(message)
    print(("worker received: %s %s"):format(message.type, message.data))
    process.send { type = "response", data = "received" }
  end)
  return
end

local worker = cluster.fork()
worker:send { type = "command", data = "hello" }
worker:on("message", function(message)
  print(("primary received: %s %s"):format(message.type, message.data))
  worker:disconnect()
end)
