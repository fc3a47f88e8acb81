-- Load on a server of this process: requests per second. wrk makes it, or http-client.lua, a program of
-- ours that serves both sides alike, where wrk is not installed.
local child_process = require "child_process"

local load = {}

function load.run(port, done)
  local url = "http://127.0.0.1:" .. port .. "/"
  local child = child_process.spawn("wrk", { "-t1", "-c32", "-d2", url }, { stdio = { "ignore", "pipe", "inherit" } })
  local text = ""
  child:on("error", function()
    io.stderr:write "wrk is not installed: the load comes from a slower client\n"
    child = child_process.spawn(process.env.MOONFORK, { __dirname .. "/http-client.lua", "load", tostring(port) },
      { stdio = { "ignore", "pipe", "inherit" } })
    child.stdout:on("data", function(d) text = text .. d end)
    child:on("close", function() done(text:match "rate ([%d.]+)") end)
  end)
  if not child.stdout then return end
  child.stdout:on("data", function(d) text = text .. d end)
  child:on("close", function()
    local rate = text:match "Requests/sec:%s*([%d.]+)"
    if rate then done(rate) end
  end)
end

return load
