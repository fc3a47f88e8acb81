-- Id, start data, environment, limits
-- sample: S146
-- watch: what a thread gets at its birth is a copy, but for an environment that is shared on purpose.
-- try: resourceLimits = { maxOldGenerationSizeMb = 1 } and a loop that fills a table: the thread ends with
--   ERR_WORKER_OUT_OF_MEMORY, and this one goes on.
local threads = require "worker_threads"

local function thread()
  local t = require "worker_threads"
  table.insert(t.workerData.list, 4)
  process.env.S146_SHARED = "changed by the thread"
  t.parentPort:postMessage {
    id = t.threadId,
    main = t.isMainThread,
    list = table.concat(t.workerData.list, ","),
    greeting = t.getEnvironmentData "greeting" or "none",
    limit = t.resourceLimits.maxOldGenerationSizeMb
  }
end

local data = { list = { 1, 2, 3 } }
local function run(options)
  options.workerData = data
  local worker = threads.Worker(thread, options)
  local id = worker.threadId
  local m = await(Promise(function(resolve) worker:on("message", resolve) end))
  m.same_id = m.id == id
  return m
end

print(("main: threadId %d, workerData %s, isMainThread %s"):format(threads.threadId, threads.workerData or "none",
  threads.isMainThread))
process.env.S146_SHARED = "before"
threads.setEnvironmentData("greeting", "hello")
local m = run { env = threads.SHARE_ENV, resourceLimits = { maxOldGenerationSizeMb = 64 } }
print(("worker: id is %d, as in worker.threadId %s, isMainThread %s"):format(m.id, m.same_id, m.main))
print(("worker: list %s, ours is still %s"):format(m.list, table.concat(data.list, ",")))
print(("worker: environment data %s, memory limit %d"):format(m.greeting, m.limit))
print("shared environment: ours is now " .. process.env.S146_SHARED)

process.env.S146_SHARED = "before"
threads.setEnvironmentData("greeting", nil)
m = run {}
print("copied environment: ours is still " .. process.env.S146_SHARED)
print("environment data after removal: " .. m.greeting)
