-- 10,000 connections that were served once and stay open: what one costs its server.
-- figure: bytes | memory of an idle keep-alive connection, bytes | ratio <= 1/3
-- The client is a process of its own. A descriptor limit below 10,100 skips this.
local child_process = require "child_process"
local count = 10000

local limit = child_process.execSync("ulimit -Hn"):toString():match "%S+"
if limit ~= "unlimited" and tonumber(limit) < count + 100 then
  print("skip the limit of descriptors is " .. limit)
  process.exit(0)
end

local function rss()
  collectgarbage()
  collectgarbage()
  return process.memoryUsage.rss()
end

local server = require("http").createServer({ keepAliveTimeout = 0 }, function(req, res) res:finish "hello" end)
server:listen(0, "127.0.0.1", function()
  local before = rss()
  local client = child_process.spawn(process.env.MOONFORK,
    { __dirname .. "/lib/http-client.lua", "idle", tostring(server:address().port), tostring(count) },
    { stdio = { "pipe", "pipe", "inherit" } })
  client.stdout:on("data", function()
    print(("bytes %d"):format((rss() - before) // count))
    client.stdin:finish()
  end)
  client:on("exit", function() process.exit(0) end)
end)
