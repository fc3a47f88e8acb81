-- A process manager: start, list, restart after a crash, stop, delete, log
-- sample: S107
-- watch: web is killed and comes back by itself, as another process; job is stopped and stays down
--   until it is started again. What each of them prints is kept as its log.
-- try: kill web with SIGTERM, as any kill does: nobody told the manager to stop it, so it comes back,
--   too.
local child_process = require "child_process"
local once = require "events".once

local apps = {} -- in the order of their ids

local function find(name)
  for i, app in ipairs(apps) do
    if app.name == name then return app, i end
  end
end

local function run(app)
  app.status = "online"
  app.child = child_process.fork(app.file, { silent = true })
  app.up = once(app.child, "message")
  app.child.stdout:on("data", function(text) app.log = app.log .. text end)
  app.child:on("close", function()
    if app.status == "stopped" then return end
    app.restarts = app.restarts + 1 -- nobody asked for its end
    run(app)
  end)
end

local function start(name, file)
  local app = { id = #apps, name = name, file = __dirname .. "/" .. file, restarts = 0, log = "" }
  apps[#apps + 1] = app
  run(app)
  await(app.up)
end

local function stop(name)
  local app = find(name)
  app.status = "stopped"
  app.child:kill()
  await(once(app.child, "close"))
end

local function restart(name)
  local app = find(name)
  if app.status == "online" then stop(name) end
  app.restarts = app.restarts + 1
  run(app)
  await(app.up)
end

local function delete(name)
  local app, i = find(name)
  if app.status == "online" then stop(name) end
  table.remove(apps, i)
end

local function list(when)
  local rows = {}
  for i, app in ipairs(apps) do
    rows[i] = ("%d %s %s restarts %d"):format(app.id, app.name, app.status, app.restarts)
  end
  print(when .. ": " .. (#rows > 0 and table.concat(rows, " | ") or "empty"))
end

start("web", "app.lua")
start("job", "app.lua")
list "list after start"

local web = find "web"
local first = web.child
process.kill(first.pid, "SIGKILL")
await(once(first, "close"))
await(web.up)
list "list after kill -9"
print("another process: " .. tostring(web.child.pid ~= first.pid))

stop "job"
list "list after stop"
restart "job"
list "list after restart"
print("log of web: " .. web.log:gsub("\n$", ""):gsub("\n", " / "))
delete "web"
list "list after delete web"
delete "job"
list "list after delete job"
