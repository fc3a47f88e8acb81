-- process hears of new threads
-- sample: S127
-- watch: the event comes in a tick of its own, once the code that made the Worker has returned.
-- try: make a second Worker inside the first one: the event belongs to the thread that makes it.
local Worker = require "worker_threads".Worker

process:on("worker", function(w) print("a thread was created: it is the one " .. tostring(instanceof(w, Worker))) end)
local worker = Worker(function() end)
print "new Worker returns"
worker:on("online", function() print "online" end)
worker:on("exit", function(code) print("exit " .. code) end)
