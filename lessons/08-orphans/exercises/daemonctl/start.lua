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
local argv = process.argv
local command, pidfile, script = argv[3], argv[4], argv[5]

if command == "start" then
  local apart = { detached = true, stdio = "ignore" }
  local daemon = child_process.spawn(process.execPath, { script }, apart)
  daemon:unref()
  fs.writeFileSync(pidfile, tostring(daemon.pid))
elseif command == "status" then
  -- Is it really?
  print(fs.existsSync(pidfile) and "running" or "not running")
elseif command == "stop" then
  process.kill(math.tointeger(fs.readFileSync(pidfile, "utf8")))
end
