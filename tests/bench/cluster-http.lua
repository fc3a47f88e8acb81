-- Two cluster workers answer "hello" over HTTP to wrk for two seconds; where that is not installed, to a
-- client of ours, the same for both.
-- figure: requests_s | HTTP hello, two cluster workers, requests a second | ratio >= 1.5
local cluster, http = require "cluster", require "http"
local load = require "./lib/http-load"

if cluster.isPrimary then
  local up = 0
  cluster.on("listening", function(_, address)
    up = up + 1
    if up < 2 then return end
    load.run(address.port, function(rate)
      print("requests_s " .. rate)
      cluster.disconnect()
    end)
  end)
  cluster.fork()
  cluster.fork()
else
  local server = http.createServer(function(_, res) res:finish "hello" end)
  server:listen(0, "127.0.0.1")
end
