-- figure: rps | requests per second, hello world, one process, 32 connections kept | ratio >= 2
-- A server answers "hello world" to wrk for two seconds; where that is not installed, to a client of ours,
-- the same for both.
local load = require "./lib/http-load"
local server
server = require("http").createServer(function(req, res) res:finish "hello world" end)
server:listen(0, "127.0.0.1", function()
  load.run(server:address().port, function(rate)
    print("rps " .. rate)
    process.exit(0)
  end)
end)
