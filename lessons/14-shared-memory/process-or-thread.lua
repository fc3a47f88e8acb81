-- Process against thread: what is shared, what is not
-- sample: S085
-- watch: both write 99 into a cell. The process has a copy of it, the thread has the cell itself.
-- try: print process.memoryUsage().rss in both: a thread is a part of this process, a child is another one.
local child_process = require "child_process"
local threads = require "worker_threads"
local cells = Int32Array(SharedArrayBuffer(4))

local function thread()
  local threads = require "worker_threads"
  threads.workerData[0] = 99
  threads.parentPort:postMessage { pid = process.pid, thread_id = threads.threadId }
end

local function start_thread()
  local worker = threads.Worker(thread, { workerData = cells })
  worker:on("message", function(m)
    print(("thread: same pid %s, thread id differs %s"):format(m.pid == process.pid, m.thread_id ~= threads.threadId))
    print("thread: wrote 99 into its cell, ours is " .. cells[0])
  end)
end

local child = child_process.fork(function()
  process:on("message", function(copy)
    copy[1] = 99 -- nobody else sees it
    process.send { pid = process.pid }
    process.disconnect()
  end)
end)
child:send { cells[0] }
child:on("message", function(m)
  print("process: same pid " .. tostring(m.pid == process.pid))
  print("process: wrote 99 into its cell, ours is " .. cells[0])
end)
child:on("exit", start_thread)
