-- What a message there and back costs, and what one more unit: closure, thread, process. This machine.
local child_process = require "child_process"
local fs = require "fs"
local once = require "events".once
local threads = require "worker_threads"
local BATCHES, ROUNDS = 15, 100
local SMALL, LARGE = 1, ("x"):rep(64 << 10)

-- Resident memory that is this process's own, in KiB: of /proc/PID/smaps_rollup, what it shares with nobody.
local function own_memory(pid)
  local ok, text = pcall(fs.readFileSync, "/proc/" .. pid .. "/smaps_rollup", "utf8")
  if not ok then return 0 end
  local sum = 0
  for kib in text:gmatch "Private_%a+:%s+(%d+)" do sum = sum + tonumber(kib) end
  return sum
end

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

local child = child_process.fork(function()
  process:on("message", function(m) process.send(m == "used" and process.cpuUsage() or m) end)
end)
child:send(0)
await(once(child, "message"))
local process_memory = own_memory(child.pid)

local function ask_child(x)
  child:send(x)
  return await(once(child, "message"))[1]
end

local ask = {
  ["function call"] = function(x) return (function(y) return y end)(x) end,
  thread = function(x)
    worker:postMessage(x)
    return await(once(worker, "message"))[1]
  end,
  process = ask_child,
}

-- Microseconds of processor time, of both sides together: waiting is free, and busy neighbours do not count.
local function used(name)
  local here, there = process.cpuUsage(), { user = 0, system = 0 }
  if name == "process" then there = ask_child "used" end
  return here.user + here.system + there.user + there.system
end

-- One round: the best of several batches, because other work on the machine only adds.
local function cost(name, x)
  local best = math.huge
  for _ = 1, BATCHES do
    local start = used(name)
    for _ = 1, ROUNDS do ask[name](x) end
    best = math.min(best, (used(name) - start) / ROUNDS)
  end
  return best
end

local large = {}
for _, name in ipairs { "function call", "thread", "process" } do
  large[name] = cost(name, LARGE)
  print(("%-14s %8.2f us for a number, %8.2f us for 64 KiB"):format(name, cost(name, SMALL), large[name]))
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
print("order of messages is call, thread, process: " .. tostring(in_order(large["function call"], large.thread, large.process)))
print("order of memory is closure, thread, process: " .. tostring(in_order(closure_memory, thread_memory, process_memory)))
child:kill()
await(worker:terminate())
