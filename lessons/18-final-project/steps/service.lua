-- What the scripts of this chapter share: starts the service under its manager and speaks to it.
--   local service = require "./service"()
--   service.port, service.get(path), service.ask(command, fields), service.stop()
local child_process = require "child_process"
local http = require "http"
local path = require "path"
local once = require "events".once
local folder = path.join(__dirname, "..", "exercises", "service")

return function()
  local manager = child_process.fork(path.join(folder, "parts", "manager.lua"), { path.join(folder, "solution.lua") })
  local service = { manager = manager.pid, port = await(once(manager, "message"))[1].port }

  -- Sends a command and waits for the message that answers it.
  function service.ask(command, fields)
    local message = fields or {}
    message.command = command
    manager:send(message)
    return await(once(manager, "message"))[1]
  end

  function service.tell(command, fields)
    local message = fields or {}
    message.command = command
    manager:send(message)
  end

  -- Promises the body; nil when it failed.
  function service.get(url)
    return Promise(function(resolve)
      http.get({ host = "127.0.0.1", port = service.port, path = url, agent = false }, function(res)
        local body = ""
        res:on("data", function(piece) body = body .. tostring(piece) end)
        res:on("end", function() resolve(body) end)
        res:on("error", function() resolve(nil) end)
      end):on("error", function() resolve(nil) end)
    end)
  end

  function service.stop()
    manager:send { command = "stop" }
    return await(once(manager, "exit"))[1]
  end
  return service
end
