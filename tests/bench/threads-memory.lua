-- What a worker that waits for messages takes.
-- figure: idle_kb | memory of an idle worker, KiB | ratio <= 0.1
local Worker = require "worker_threads".Worker
local function event(worker, name)
  return Promise(function(resolve) worker:once(name, resolve) end)
end
local count, many = 30, {}
local before = process.memoryUsage.rss()
for i = 1, count do
  many[i] = Worker("./threads-worker.lua", { workerData = "first" })
  await(event(many[i], "message"))
end
print("idle_kb " .. (process.memoryUsage.rss() - before) / count / 1024)
for i = 1, count do many[i]:terminate() end
