-- A manager of applications. measure(pid) gives the memory of a process in
-- bytes.
--   start(name, file, { maxMemory, maxRestarts })
--                starts it and keeps it running
--   check()      looks at the memory of all, once; who takes more than
--                maxMemory bytes is restarted
--   stop(name)   ends it for good; promises that it has ended
--   list()       { { name, status = "online" | "stopped" | "errored",
--                restarts, pid }, ... }
-- After maxRestarts restarts it is not started again: its status is
-- "errored".
local child_process = require "child_process"

return function(measure)
  local apps, manager = {}, {}

  local function run(app)
    app.status = "online"
    app.leaving = false
    app.child = child_process.fork(app.file)
    app.child:on("close", function()
      if app.status == "stopped" then return end
      if app.restarts == app.limits.maxRestarts then
        app.status = "errored"
        return
      end
      app.restarts = app.restarts + 1
      run(app)
    end)
  end

  function manager.start(name, file, limits)
    local app = { name = name, file = file, limits = limits, restarts = 0 }
    apps[#apps + 1] = app
    run(app)
  end

  function manager.check()
    for _, app in ipairs(apps) do
      local most = app.limits.maxMemory
      local judged = most and app.status == "online" and not app.leaving
      if judged and measure(app.child.pid) > most then
        app.leaving = true -- it may need a moment: nobody measures it again
        app.child:kill()
      end
    end
  end

  manager.stop = async(function(name)
    for _, app in ipairs(apps) do
      if app.name == name and app.status == "online" then
        app.status = "stopped"
        app.child:kill()
        await(require "events".once(app.child, "close"))
      end
    end
  end)

  function manager.list()
    local rows = {}
    for i, app in ipairs(apps) do
      rows[i] = {
        name = app.name, status = app.status,
        restarts = app.restarts, pid = app.child.pid,
      }
    end
    return rows
  end

  return manager
end
