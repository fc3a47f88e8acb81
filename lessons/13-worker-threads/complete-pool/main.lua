-- A pool that survives its threads
-- watch: a task that fails breaks its thread, a task that is aborted costs its thread; both are replaced,
--   and the other tasks never notice. The queue has a limit.
-- try: a pool of one thread: everything still comes out, one after the other.
local WorkerPool = require "./pool"
local SIZE = 2

local function work()
  local port = require "worker_threads".parentPort
  port:on("message", function(task)
    if task == "fail" then error(Error "a mistake in the thread") end
    while task == "endless" do end
    port:postMessage(task * task)
  end)
end

-- What became of a promise: its value, or the error's text.
local function outcome(promise)
  local ok, value = pcall(await, promise)
  return ok and value or "error: " .. value.message
end

local pool = WorkerPool.new(work, SIZE, 8)
local tasks = {}
for i, data in ipairs { 1, 2, "fail", 4, 5 } do tasks[i] = pool:run(data) end
print(("given out: %d waiting"):format(pool:stats().waiting))
for i, result in ipairs(await(Promise.allSettled(tasks))) do
  print("task " .. i .. ": " .. (result.value or "error: " .. result.reason.message))
end

local stop = AbortController()
local endless = pool:run("endless", { signal = stop.signal })
setTimeout(function() stop:abort(Error "not any longer") end, 30)
print("endless: " .. outcome(endless))
print("after it: " .. outcome(pool:run(6)))

local many, refused = {}, 0
for i = 1, 12 do
  many[i] = pool:run(i)
  many[i]:catch(function() refused = refused + 1 end)
end
await(Promise.allSettled(many))
print("refused: " .. refused)
local stats = pool:stats()
print(("done %d, failed %d, threads replaced %d, threads %d"):format(stats.done, stats.failed, stats.replaced,
  stats.size))
pool:close()
