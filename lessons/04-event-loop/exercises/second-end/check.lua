-- Asks the student's handler and counts how often it finishes each answer.
local http = require "http"
local handler = require "../../../student" "function"

local finished = {}
local server = http.createServer(function(req, res)
  local finish = res.finish
  finished[req.url] = 0
  function res.finish(...)
    finished[req.url] = finished[req.url] + 1
    return finish(...)
  end
  handler(req, res)
end)
await(require "events".once(server:listen(0, "127.0.0.1"), "listening"))

local function get(url)
  return await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = server:address().port, path = url, agent = false }, function(res)
      local body = ""
      res:on("data", function(piece) body = body .. tostring(piece) end)
      res:on("end", function() resolve(body) end)
    end)
  end))
end

process.send { compute = get "/compute", root = get "/" }
process.send { twice = finished["/compute"], once = finished["/"] }
server:close()
