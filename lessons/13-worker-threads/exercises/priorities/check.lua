-- Loads the student's file and tells the guide's check what it did.
local sleep = require "timers/promises".setTimeout
local Pool = require "../../../student" "function"

local function work()
  local port = require "worker_threads".parentPort
  port:on("message", function(task)
    if task == "fail" then error(Error "a mistake in the thread") end
    setTimeout(function() port:postMessage(task) end, 5)
  end)
end

local function outcome(promise)
  local clock = Promise(function(resolve) setTimeout(resolve, 3000, "nothing came"):unref() end)
  local ok, value = pcall(await, Promise.race { promise, clock })
  return ok, ok and value or tostring(value.message or value)
end

-- Ten tasks of mixed priority on one thread: the first one begins at once, the others wait.
local pool, order, all = Pool(work, { size = 1, limit = 20 }), {}, {}
for i, priority in ipairs { 1, 1, 5, 3, 5, 9, 1, 3, 9, 2 } do
  all[i] = pool.run(i, priority):andThen(function(n) order[#order + 1] = n end)
end
outcome(Promise.all(all))
process.send { order = table.concat(order, " ") }

-- One runs, five wait: the seventh is too many, and hears of it at once.
local small = Pool(work, { size = 1, limit = 5 })
local few, full, refused = {}, 0, false
for i = 1, 6 do few[i] = small.run(i, 1) end
small.run(7, 1):andThen(nil, function() refused = true end)
await(nil)
await(nil)
process.send { refused = refused }
for i = 1, 6 do
  local ok, value = outcome(few[i])
  if ok and value == i then full = full + 1 end
end
process.send { kept = full }

-- A task that throws fails alone.
local before = pool.run("before", 1)
local failing = pool.run("fail", 1)
local after = pool.run("after", 1)
outcome(before)
local ok, text = outcome(failing)
process.send { failed = not ok, text = text }
local _, value = outcome(after)
for _ = 1, 200 do
  if pool.size() == 1 then break end
  await(sleep(10))
end
process.send { after = value, size = pool.size() }

local done = outcome(Promise.all { pool.close(), small.close() })
process.send { closed = done }
