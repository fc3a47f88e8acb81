-- The service: everything that talks to the remote source, and a cache in memory.
local http = require "http"
local cache = {}

local function ask(path)
  local to = { host = "127.0.0.1", port = tonumber(process.env.HTTP_PORT), path = path, agent = false }
  return await(Promise(function(resolve)
    http.get(to, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end)
  end))
end

local source = {}
function source.get(key) return cache[key] end
function source.checkUpdate() return ask "/check" == "true" end
function source.update() cache = { value = ask "/data" } end
return source
