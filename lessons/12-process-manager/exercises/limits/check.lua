-- Loads the student's file and tells the guide's check what it did.
local fs = require "fs"
local sleep = require "timers/promises".setTimeout
local MB = 1024 * 1024

-- The second figure of /proc/PID/statm: resident pages of 4 KiB.
local measured = 0
local function measure(pid)
  measured = measured + 1
  local ok, text = pcall(fs.readFileSync, "/proc/" .. pid .. "/statm", "utf8")
  return ok and tonumber(text:match "%d+ (%d+)") * 4096 or 0
end

local manager = (require "../../../student" "function")(measure)
local function row(name)
  for _, r in ipairs(manager.list()) do
    if r.name == name then return r end
  end
  return {}
end

-- Waits for fn to become true.
local function until_true(fn)
  for _ = 1, 300 do
    if fn() then return true end
    await(sleep(10))
  end
  return false
end

-- The messages of a living application: by /proc alone we could not ask it to grow.
local child_process = require "child_process"
local children, fork = {}, child_process.fork
function child_process.fork(...)
  local child = fork(...)
  children[child.pid] = child
  child:on("message", function(m) child.said = m end)
  return child
end

manager.start("greedy", __dirname .. "/app.lua", { maxMemory = 40 * MB, maxRestarts = 5 })
manager.start("modest", __dirname .. "/app.lua", { maxMemory = 40 * MB, maxRestarts = 5 })
local function up(name) return children[row(name).pid].said == "up" end
until_true(function() return up "greedy" and up "modest" end)

local function cross()
  local pid = row("greedy").pid
  children[pid]:send "grow"
  until_true(function() return children[pid].said == "grown" end)
  for _ = 1, 3 do -- it is looked at again while it leaves
    manager.check()
    await(sleep(30))
  end
  until_true(function() return row("greedy").pid ~= pid and up "greedy" end)
  manager.check()
  return row("greedy").pid ~= pid
end

process.send { crossed = cross(), once = row("greedy").restarts }
process.send { again = cross(), twice = row("greedy").restarts, modest = row("modest").restarts }

manager.start("failing", __dirname .. "/failing.lua", { maxRestarts = 3 })
until_true(function() return row("failing").status == "errored" or row("failing").restarts > 10 end)
if row("failing").restarts <= 10 then await(sleep(100)) end
process.send { failing = row("failing").status or "none", tries = row("failing").restarts or -1,
               others = row("modest").status or "none" }
if row("failing").status == "online" then process.exit() end

await(manager.stop "greedy")
await(manager.stop "modest")
process.send { stopped = row("greedy").status or "none" }
for _, child in pairs(children) do child:kill "SIGKILL" end
process.exit()
