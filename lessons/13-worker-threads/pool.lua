-- A pool that refuses
-- sample: S165
-- watch: four threads, five tasks: the fifth is refused, because nobody is free.
-- try: a task { type = "other" }: the thread answers nil, and is free again.
local Worker = require "worker_threads".Worker
local WorkerPool = {}
WorkerPool.__index = WorkerPool

local function work()
  local port = require "worker_threads".parentPort
  port:on("message", function(task)
    if task.type ~= "compute" then return port:postMessage(nil) end
    local sum = 0
    for _, n in ipairs(task.data) do sum = sum + n end
    port:postMessage(sum)
  end)
end

local function new_pool(count)
  local pool = setmetatable({ workers = {}, free = {} }, WorkerPool)
  for i = 1, count do
    pool.workers[i] = Worker(work)
    pool.free[i] = pool.workers[i]
  end
  return pool
end

function WorkerPool:run(data)
  return Promise(function(resolve, reject)
    local worker = table.remove(self.free)
    if not worker then return reject(Error "no free thread") end
    worker:once("message", function(result)
      worker:removeListener("error", reject)
      table.insert(self.free, worker)
      resolve(result)
    end)
    worker:once("error", reject)
    worker:postMessage { type = "compute", data = data }
  end)
end

function WorkerPool:close()
  local ends = {}
  for i, worker in ipairs(self.workers) do ends[i] = worker:terminate() end
  return Promise.all(ends)
end

local pool = new_pool(4)
local tasks = {}
for i, data in ipairs { { 1, 2, 3, 4 }, { 10, 20 }, { 100 }, { 7, 7 } } do tasks[i] = pool:run(data) end
print("free threads: " .. #pool.free)
local _, refused = pcall(await, pool:run { 1 })
print("fifth task: " .. refused.message)
print("results: " .. table.concat(await(Promise.all(tasks)), " "))
print("free threads: " .. #pool.free)
print("one more: " .. await(pool:run { 5, 6 }))
await(pool:close())
print "closed"
