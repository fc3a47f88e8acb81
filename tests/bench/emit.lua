-- e:emit("x", i) with one listener and with ten against f(i), each with its loop.
-- figure: emit_rate | emit by call, rate of one by the other | ours >= 0.3
-- figure: ten | ten listeners, by ten calls | ours <= 1.5
-- figure: emit_ns | e:emit("x", i), ns
-- figure: call_ns | f(i), ns
local EventEmitter = require("events")
local n = 3000000
local sum = 0
local function f(i) sum = sum + i end

local function timed(fn)
  fn(100000)
  local began = process.hrtime.bigint()
  fn(n)
  return (process.hrtime.bigint() - began) / n
end

local e = EventEmitter()
e:on("x", f)
local call = timed(function(count)
  for i = 1, count do f(i) end
end)
local emit = timed(function(count)
  for i = 1, count do e:emit("x", i) end
end)
print("call_ns " .. call)
print("emit_ns " .. emit)
print("emit_rate " .. call / emit)
local ten = EventEmitter()
for _ = 1, 10 do ten:on("x", f) end
n = n // 5
local emit_ten = timed(function(count)
  for i = 1, count do ten:emit("x", i) end
end)
print("ten " .. emit_ten / (10 * call))
