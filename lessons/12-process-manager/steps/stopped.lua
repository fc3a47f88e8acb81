-- stop web, then kill -9 its former pid from outside: does the manager start it again?
local child_process = require "child_process"
local sleep = require "timers/promises".setTimeout
local app = { restarts = 0 }

local function run()
  app.status = "online"
  app.child = child_process.spawn("sleep", { "20" })
  app.child:on("close", function()
    if app.status == "stopped" then return end
    app.restarts = app.restarts + 1
    run()
  end)
end

run()
await(require "events".once(app.child, "spawn"))
app.status = "stopped"
app.child:kill()
await(require "events".once(app.child, "close"))
print("stopped, restarts " .. app.restarts)

local ok, e = pcall(process.kill, app.child.pid, "SIGKILL")
print("kill -9 of its former pid: " .. (ok and "sent" or e.code))
await(sleep(100))
print(("afterwards: %s, restarts %d"):format(app.status, app.restarts))
