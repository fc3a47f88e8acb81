-- A worker of the service. It answers
--   /         pid, version and the list that it knows
--   /heavy    a sum that a thread of its pool has made
--   /stuck    not in time: it computes for half a minute
-- and tells the primary { request = path } for each; { ping = n } is answered by { pong = n }, { list = v }
-- replaces the list.
local http = require "http"
local pool = require "./pool"(2)
local list = 0

local server = http.createServer(function(req, res)
  process.send { request = req.url }
  if req.url == "/stuck" then
    local stop = performance.now() + 30000 -- in case nobody ends it
    while performance.now() < stop do end
  elseif req.url == "/heavy" then
    pool.run(1000000):andThen(function(sum) res:finish(tostring(sum)) end)
  else
    res:finish(JSON.stringify { pid = process.pid, version = process.env.VERSION, list = list })
  end
end)

process:on("message", function(m)
  if m.list then list = m.list end
  if m.ping then process.send { pong = m.ping } end
end)
server:listen(0, "127.0.0.1")
