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
  local pool, queue, free, threads = {}, {}, {}, {}

  local function next_task()
    if #free == 0 or #queue == 0 then return end
    local thread = table.remove(free)
    local task = table.remove(queue, 1) -- always the oldest
    thread:once("message", function(result)
      free[#free + 1] = thread
      task.resolve(result)
      next_task()
    end)
    thread:postMessage(task.data)
  end

  for i = 1, options.size do
    threads[i] = Worker(work)
    free[i] = threads[i]
  end

  function pool.run(data, priority)
    return Promise(function(resolve, reject)
      queue[#queue + 1] = { data = data, resolve = resolve, reject = reject }
      next_task()
    end)
  end

  function pool.size() return #threads end

  pool.close = async(function()
    for _, thread in ipairs(threads) do await(thread:terminate()) end
  end)

  return pool
end
