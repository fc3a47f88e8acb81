-- A hundred requests that only wait 50 ms each: how long does one process need?
local http = require "http"
local server = http.createServer(function(_, res)
  setTimeout(function() res:finish "ok" end, 50)
end)
await(require "events".once(server:listen(0, "127.0.0.1"), "listening"))

local start, answers = performance.now(), {}
for i = 1, 100 do
  answers[i] = Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = server:address().port, agent = false }, function(res)
      res:resume()
      res:on("end", resolve)
    end)
  end)
end
await(Promise.all(answers))
local took = performance.now() - start
print(("100 requests of 50 ms took %d ms together, one after the other 5000"):format(math.floor(took)))
print("less than half of that: " .. tostring(took < 2500))
server:close()
