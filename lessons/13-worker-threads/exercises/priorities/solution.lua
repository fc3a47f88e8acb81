-- Pool(work, { size, limit }): `size` threads that run the function `work`,
-- and a queue of at most `limit` tasks. A thread gets a task as a message and
-- answers with the result.
--   run(data, priority)   promises the result; the highest priority goes
--                         first, equals in their order. Rejected at once
--                         when `limit` tasks wait already.
--   size()                how many threads there are
--   close()               ends all threads; promises that they have ended
-- A task whose thread fails is rejected with its error; another thread takes
-- the place.
local Worker = require "worker_threads".Worker

return function(work, options)
  local pool, queue, closed = {}, {}, false
  local threads = {} -- thread -> its task, false while it is free

  local function free_thread()
    for thread, task in pairs(threads) do
      if not task then return thread end
    end
  end

  local function next_task()
    while #queue > 0 do
      local thread = free_thread()
      if not thread then return end
      local task = table.remove(queue, 1)
      threads[thread] = task
      thread:postMessage(task.data)
    end
  end

  local function add_thread()
    local thread = Worker(work)
    threads[thread] = false
    thread:on("message", function(result)
      local task = threads[thread]
      threads[thread] = false
      task.resolve(result)
      next_task()
    end)
    thread:on("error", function(err)
      local task = threads[thread]
      if task then task.reject(err) end
    end)
    thread:on("exit", function()
      threads[thread] = nil
      if closed then return end
      add_thread()
      next_task()
    end)
  end
  for _ = 1, options.size do add_thread() end

  -- Behind all that are at least as urgent.
  local function enqueue(task)
    local at = #queue + 1
    while at > 1 and queue[at - 1].priority < task.priority do at = at - 1 end
    table.insert(queue, at, task)
  end

  function pool.run(data, priority)
    return Promise(function(resolve, reject)
      if not free_thread() and #queue >= options.limit then
        return reject(Error "the queue is full")
      end
      enqueue {
        data = data, priority = priority or 0,
        resolve = resolve, reject = reject,
      }
      next_task()
    end)
  end

  function pool.size()
    local n = 0
    for _ in pairs(threads) do n = n + 1 end
    return n
  end

  pool.close = async(function()
    closed = true
    local all = {}
    for thread in pairs(threads) do all[#all + 1] = thread end
    for _, thread in ipairs(all) do await(thread:terminate()) end
  end)

  return pool
end
