-- A small pool of threads that run heavy.lua: run(n) promises the sum.
local Worker = require "worker_threads".Worker

return function(size)
  local free, waiting, pool = {}, {}, {}

  local function next_task()
    while #free > 0 and #waiting > 0 do
      local thread, task = table.remove(free), table.remove(waiting, 1)
      thread:once("message", function(sum)
        free[#free + 1] = thread
        task.resolve(sum)
        next_task()
      end)
      thread:postMessage(task.n)
    end
  end

  for i = 1, size do
    free[i] = Worker(__dirname .. "/heavy.lua")
    free[i]:unref()
  end

  function pool.run(n)
    return Promise(function(resolve)
      waiting[#waiting + 1] = { n = n, resolve = resolve }
      next_task()
    end)
  end
  return pool
end
