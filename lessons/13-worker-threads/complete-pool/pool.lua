-- A pool of worker threads, as a class: size, queue, statistics, abort, and a new thread for a broken one.
-- It stays Lua: there is nothing in it that C would do better, and everything that a reader should see.
local Worker = require "worker_threads".Worker
local WorkerPool = {}
WorkerPool.__index = WorkerPool

-- code: what each thread runs (a file or a function); it answers every message with one message.
-- limit: how many tasks may wait.
function WorkerPool.new(code, size, limit)
  local pool = setmetatable({ code = code, limit = limit or math.huge, threads = {}, queue = {}, done = 0, failed = 0,
    replaced = 0 }, WorkerPool)
  for _ = 1, size do pool:start() end
  return pool
end

function WorkerPool:start()
  local thread = { worker = Worker(self.code) }
  self.threads[thread] = true
  thread.worker:on("message", function(answer)
    self.done = self.done + 1
    self:settle(thread, "resolve", answer)
  end)
  thread.worker:on("error", function(err)
    self.failed = self.failed + 1
    self:settle(thread, "reject", err)
  end)
  thread.worker:on("exit", function()
    self.threads[thread] = nil
    if self.closed then return end
    self.replaced = self.replaced + 1 -- it broke, or was stopped by an abort
    self:start()
    self:next()
  end)
end

-- The task in hand is over; the thread takes the next one, unless it is ending.
function WorkerPool:settle(thread, how, value)
  local task = thread.task
  thread.task = nil
  if task then task[how](value) end
  if how == "resolve" then self:next() else thread.broken = true end
end

function WorkerPool:next()
  for thread in pairs(self.threads) do
    if #self.queue == 0 then return end
    if not thread.task and not thread.broken then
      thread.task = table.remove(self.queue, 1)
      thread.worker:postMessage(thread.task.data)
    end
  end
end

-- A task that is aborted while it waits leaves the queue; one that runs costs its thread.
function WorkerPool:abort(task)
  for i, waiting in ipairs(self.queue) do
    if waiting == task then
      table.remove(self.queue, i)
      return task.reject(task.signal.reason)
    end
  end
  for thread in pairs(self.threads) do
    if thread.task == task then
      self:settle(thread, "reject", task.signal.reason)
      thread.worker:terminate()
    end
  end
end

function WorkerPool:run(data, options)
  return Promise(function(resolve, reject)
    local signal = options and options.signal
    if self.closed then return reject(Error "the pool is closed") end
    if #self.queue >= self.limit then return reject(Error "the queue is full") end
    local task = { data = data, resolve = resolve, reject = reject, signal = signal }
    if signal then signal:addEventListener("abort", function() self:abort(task) end, { once = true }) end
    table.insert(self.queue, task)
    self:next()
  end)
end

function WorkerPool:stats()
  local size, active = 0, 0
  for thread in pairs(self.threads) do
    size = size + 1
    if thread.task then active = active + 1 end
  end
  return { size = size, active = active, waiting = #self.queue, done = self.done, failed = self.failed,
    replaced = self.replaced }
end

function WorkerPool:close()
  self.closed = true
  local ends = {}
  for thread in pairs(self.threads) do ends[#ends + 1] = thread.worker:terminate() end
  return Promise.all(ends)
end

return WorkerPool
