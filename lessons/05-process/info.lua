-- process: environment, numbers, folder, platform, age
-- sample: S051
-- watch: what a child is given is a copy: its NODE_ENV and its folder are its own, and its parent's pid
--   is known to it as ppid.
-- try: leave cwd out: the child starts in the parent's folder.
local child_process = require "child_process"
local os = require "os"

if process.argv[3] == "child" then
  process.send {
    env = process.env.NODE_ENV,
    ppid = process.ppid,
    pid = process.pid,
    cwd = process.cwd(),
  }
  process.disconnect()
  return
end

print(("my own pid %d, my parent's pid %d"):format(process.pid, process.ppid))
print("platform is the one os reports: " .. tostring(process.platform == os.platform()))

local env = { NODE_ENV = "production" }
for name, value in pairs(process.env) do env[name] = env[name] or value end

local function start_child()
  local child = child_process.fork(__filename, { "child" }, { cwd = os.tmpdir(), env = env })
  child:on("message", function(m)
    print("child's NODE_ENV: " .. m.env)
    print("my NODE_ENV is untouched: " .. tostring(process.env.NODE_ENV ~= "production"))
    print("child's ppid is my pid: " .. tostring(m.ppid == process.pid))
    print("child's pid is child.pid: " .. tostring(m.pid == child.pid))
    print("child's folder is its own: " .. tostring(m.cwd ~= process.cwd()))
  end)
end

local t1 = process.uptime()
setTimeout(function()
  local t2 = process.uptime()
  print(("uptime grows: %s, in seconds: %s"):format(t2 > t1, t2 - t1 < 5))
  start_child()
end, 20)
