-- The whole service comes up, answers, and ends in good order.
local service = require "./service"()
local report = service.ask "report"
print(("one agent, %d workers"):format(#report.workers))
for _ = 1, 4 do
  local answer = JSON.parse(await(service.get "/"))
  print(("a worker answers: version %s, list %d"):format(answer.version, math.tointeger(answer.list)))
end
print("heavy: " .. await(service.get "/heavy"))
print("the manager ended with code " .. service.stop())
