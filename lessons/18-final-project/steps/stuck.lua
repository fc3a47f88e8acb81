-- One worker is killed, one gets stuck: both are replaced.
local service = require "./service"()
local sleep = require "timers/promises".setTimeout

local function replaced(n)
  for _ = 1, 500 do
    local report = service.ask "report"
    if report.replaced >= n and #report.workers == 2 then return report end
    await(sleep(20))
  end
end

process.kill(math.tointeger(service.ask "report".workers[1]), "SIGKILL")
print("killed: " .. (replaced(1) and "replaced" or "not replaced"))
service.get "/stuck"
print("stuck: " .. (replaced(2) and "ended and replaced" or "not replaced"))
print("it still answers: " .. tostring(await(service.get "/") ~= nil))
print("the manager ended with code " .. service.stop())
