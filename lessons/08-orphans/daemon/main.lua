-- A daemon: detached, in a session of its own, it survives its parent
-- sample: S071
-- watch: master.lua starts the daemon and ends; the system is asked about the daemon afterwards:
--   another parent, a session of its own, no terminal. It goes on writing to its log until it is
--   killed.
-- try: leave detached out in master.lua: it does not lead a session of its own, and would end with the
--   terminal.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"
local sleep = require "timers/promises".setTimeout

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s071-"))
local master = child_process.spawnSync(process.execPath, { __dirname .. "/master.lua", dir },
  { encoding = "utf8" })
io.write(master.stdout)
print("master has ended with code " .. master.status)
local daemon = math.tointeger(master.stdout:match "daemon pid (%d+)")

-- What ps knows of the daemon; nil when there is no such process.
local function ps(field)
  local r = child_process.spawnSync("ps", { "-o", field .. "=", "-p", tostring(daemon) },
    { encoding = "utf8" })
  return r.stdout:match "%S+"
end

local function running()
  local state = ps "stat"
  return state ~= nil and state:sub(1, 1) ~= "Z"
end

print("daemon is running: " .. tostring(running()))
print("its parent is not the master any more: " .. tostring(ps "ppid" ~= tostring(master.pid)))
print("it leads a session of its own: " .. tostring(ps "sid" == tostring(daemon)))
print("it has no terminal: " .. tostring(ps "tty" == "?"))

local log = path.join(dir, "stdout.log")
local function third_line()
  return fs.existsSync(log) and fs.readFileSync(log, "utf8"):match "^.-\n.-\n(.-\n)"
end
while not third_line() do await(sleep(20)) end
print "it keeps writing to its log"
io.write("log: " .. third_line())

process.kill(daemon, "SIGTERM")
while running() do await(sleep(20)) end
print "stopped with kill"
fs.rmSync(dir, { recursive = true })
