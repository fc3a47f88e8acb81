-- Asks only whether somebody has this pid: a stranger is taken for the daemon, and ended.
local child_process = require "child_process"
local fs = require "fs"
local command, pidfile, script = process.argv[3], process.argv[4], process.argv[5]
local function running()
  if not fs.existsSync(pidfile) then return nil end
  local pid = math.tointeger(fs.readFileSync(pidfile, "utf8"):match "%d+")
  if pid and pcall(process.kill, pid, 0) then return pid end
  fs.rmSync(pidfile, { force = true })
end
if command == "start" and not running() then
  local daemon = child_process.spawn(process.execPath, { script }, { detached = true, stdio = "ignore" })
  daemon:unref()
  fs.writeFileSync(pidfile, tostring(daemon.pid))
elseif command == "status" then print(running() and "running" or "not running")
elseif command == "stop" and running() then
  process.kill(running(), "SIGTERM")
  fs.rmSync(pidfile, { force = true })
end
