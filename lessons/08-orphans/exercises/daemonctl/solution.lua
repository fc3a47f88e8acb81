-- daemonctl.lua start|status|stop PIDFILE SCRIPT
--   start   starts SCRIPT as a daemon, unless it runs already; its pid goes
--           into PIDFILE
--   status  prints "running" or "not running"; a pid file without a daemon
--           is removed
--   stop    ends the daemon and removes the pid file
-- A process that is not our daemon is never touched, whatever the pid file
-- says.
local child_process = require "child_process"
local fs = require "fs"
local sleep = require "timers/promises".setTimeout
local argv = process.argv
local command, pidfile, script = argv[3], argv[4], argv[5]

-- When the process began, in ticks since the machine did: pid and this name
-- one process for good.
local function born(pid)
  local ok, stat = pcall(fs.readFileSync, "/proc/" .. pid .. "/stat", "utf8")
  if not ok then return nil end
  local state, rest = stat:match "%) (%S) (.*)"
  if state == "Z" then return nil end
  local field = 3
  for word in rest:gmatch "%S+" do
    field = field + 1
    if field == 22 then return word end
  end
end

-- The daemon's pid, nil when it does not run; a pid file that is wrong goes.
local function running()
  if not fs.existsSync(pidfile) then return nil end
  local pid, start = fs.readFileSync(pidfile, "utf8"):match "^(%d+) (%d+)"
  if pid and born(pid) == start then return math.tointeger(pid) end
  fs.rmSync(pidfile, { force = true })
end

local function start()
  if running() then return print "running already" end
  local apart = { detached = true, stdio = "ignore", cwd = "/" }
  local daemon = child_process.spawn(process.execPath, { script }, apart)
  daemon:unref()
  fs.writeFileSync(pidfile, daemon.pid .. " " .. born(daemon.pid))
  print("started " .. daemon.pid)
end

local function stop()
  local pid = running()
  if not pid then return print "not running" end
  process.kill(pid, "SIGTERM")
  for _ = 1, 50 do
    if not running() then return print "stopped" end
    await(sleep(10))
  end
  process.kill(pid, "SIGKILL")
  fs.rmSync(pidfile, { force = true })
  print "killed"
end

if command == "start" then
  start()
elseif command == "status" then
  print(running() and "running" or "not running")
elseif command == "stop" then
  stop()
else
  print "usage: daemonctl start|status|stop PIDFILE SCRIPT"
  process.exitCode = 1
end
