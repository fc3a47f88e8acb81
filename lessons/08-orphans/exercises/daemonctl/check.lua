-- Runs the student's program and tells the guide's check what it did.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"
local sleep = require "timers/promises".setTimeout

local file = process.argv[3]
local folder = fs.mkdtempSync(path.join(os.tmpdir(), "daemonctl-"))
-- A copy of the script that nobody else runs: daemons are told by it.
local pidfile, script = path.join(folder, "pid"), path.join(folder, "daemon.lua")
fs.copyFileSync(path.join(__dirname, "daemon.lua"), script)

local function ctl(command)
  local r = child_process.spawnSync(process.execPath, { file, command, pidfile, script },
    { encoding = "utf8", timeout = 5000 })
  return (r.stdout or ""):match "[^\n]*" or ""
end

-- The pids of all processes that run our script: by their command lines.
local function daemons()
  local found = {}
  for _, name in ipairs(fs.readdirSync "/proc") do
    if name:match "^%d+$" then
      local ok, words = pcall(fs.readFileSync, "/proc/" .. name .. "/cmdline", "utf8")
      local alive, stat = pcall(fs.readFileSync, "/proc/" .. name .. "/stat", "utf8")
      if ok and alive and words:match "%z([^%z]*)%z$" == script and not stat:match "%) Z" then
        found[#found + 1] = math.tointeger(name)
      end
    end
  end
  return found
end

local function wait_for(n, seconds)
  for _ = 1, seconds * 100 do
    if #daemons() == n then return true end
    await(sleep(10))
  end
  return false
end

ctl "start"
wait_for(1, 2)
ctl "start"
await(sleep(100))
process.send { once = #daemons(), status = ctl "status" }

local kept = fs.existsSync(pidfile) and fs.readFileSync(pidfile, "utf8") or ""
for _, pid in ipairs(daemons()) do process.kill(pid, "SIGKILL") end
wait_for(0, 20)
process.send { dead = ctl "status" }
ctl "start"
wait_for(1, 2)
process.send { again = #daemons() }

ctl "stop"
process.send { stopped = wait_for(0, 5) and ctl "status" or "still there" }

-- The pid file of a daemon that is gone now names somebody else, as it happens when a pid is used again.
local stranger = child_process.spawn("sleep", { "20" })
local hurt = false
stranger:on("exit", function() hurt = true end)
fs.writeFileSync(pidfile, (kept:gsub("^%d+", tostring(stranger.pid))))
ctl "stop"
await(sleep(100))
process.send { stranger = hurt and "killed" or "alive" }

stranger:removeAllListeners "exit"
stranger:kill "SIGKILL"
for _, pid in ipairs(daemons()) do process.kill(pid, "SIGKILL") end
wait_for(0, 20)
fs.rmSync(folder, { recursive = true, force = true })
