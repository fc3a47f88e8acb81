-- figure: rps | requests per second, hello world, one process, 32 connections kept | ratio >= 2
-- figure: cpu_us | processor time of the server for one of them, us | ratio <= 1/2
-- A server answers "hello world" to wrk for two seconds; where that is not installed, to a client of ours,
-- the same for both. The processor time counts no less where the machine has other work.
local load = require "./lib/http-load"
local answered = 0
local server
server = require("http").createServer(function(req, res)
  answered = answered + 1
  res:finish "hello world"
end)
server:listen(0, "127.0.0.1", function()
  local before = process.cpuUsage()
  load.run(server:address().port, function(rate)
    local used = process.cpuUsage(before)
    print("rps " .. rate)
    print(("cpu_us %.3f"):format((used.user + used.system) / answered))
    process.exit(0)
  end)
end)
