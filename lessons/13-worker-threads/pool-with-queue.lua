-- A pool with a queue and statistics
-- sample: S182
-- watch: ten tasks, four threads: six wait. The answers come back in the order of the tasks.
-- try: give out 100 tasks: the queue grows, the number of threads does not.
local Worker = require "worker_threads".Worker
local ThreadPool = {}
ThreadPool.__index = ThreadPool

local function work()
  local threads = require "worker_threads"
  threads.parentPort:on("message", function(task)
    local result = null
    if task.type == "compute" then
      result = 0
      for i = 0, 99999 do result = (result + task.data * i) % 1000003 end
    end
    threads.parentPort:postMessage { thread = threads.workerData.number, result = result }
  end)
end

function ThreadPool:add_worker()
  local info = { worker = Worker(work, { workerData = { number = #self.workers } }), tasks = 0 }
  local function settle(how, value)
    local item = info.current
    info.current = nil
    self.active = self.active - 1
    item[how](value)
  end
  info.worker:on("message", function(result)
    info.tasks = info.tasks + 1
    settle("resolve", result)
    self:process_queue()
  end)
  info.worker:on("error", function(e) if info.current then settle("reject", e) end end)
  table.insert(self.workers, info)
end

function ThreadPool:run(task)
  return Promise(function(resolve, reject)
    table.insert(self.queue, { task = task, resolve = resolve, reject = reject })
    self:process_queue()
  end)
end

function ThreadPool:process_queue()
  for _, info in ipairs(self.workers) do
    if not info.current and #self.queue > 0 then
      info.current = table.remove(self.queue, 1)
      self.active = self.active + 1
      info.worker:postMessage(info.current.task)
    end
  end
end

function ThreadPool:show(when)
  local done = 0
  for _, info in ipairs(self.workers) do done = done + info.tasks end
  print(("%s: threads %d, active %d, waiting %d, tasks done %d"):format(when, #self.workers, self.active,
    #self.queue, done))
end

local pool = setmetatable({ workers = {}, queue = {}, active = 0 }, ThreadPool)
for _ = 1, 4 do pool:add_worker() end
print "tasks begin"
local running = {}
for i = 1, 10 do running[i] = pool:run { type = "compute", data = i - 1 } end
pool:show "just after giving them out"
local results = await(Promise.all(running))
local numbers, known = {}, true
for i, r in ipairs(results) do
  numbers[i] = r.result
  known = known and r.thread >= 0 and r.thread < 4
end
print("results in order of the tasks: " .. table.concat(numbers, " "))
print("threads that answered are known ones: " .. tostring(known))
pool:show "at the end"
print("unknown task: " .. tostring(await(pool:run { type = "other" }).result == null))
for _, info in ipairs(pool.workers) do info.worker:terminate() end
