-- Many heavy requests, and quick ones between them: how long do the quick ones wait?
local service = require "./service"()
local heavy = {}
for i = 1, 40 do heavy[i] = service.get "/heavy" end

local worst, quick = 0, 0
for _ = 1, 20 do
  local start = performance.now()
  if await(service.get "/") then quick = quick + 1 end
  worst = math.max(worst, performance.now() - start)
end
local done = 0
for _, promise in ipairs(heavy) do
  if await(promise) == "499999500000" then done = done + 1 end
end
print(("%d heavy and %d quick requests were answered"):format(done, quick))
print(("the quick one that waited longest waited %d ms"):format(math.floor(worst)))
print("the manager ended with code " .. service.stop())
