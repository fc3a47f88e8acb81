-- console.log to a file: a formatted line, and a table.
-- figure: log_ns | console.log("line %d of the log", i), ns | ratio <= 1
-- figure: table_ns | console.log("x", i, a small table), ns | ratio <= 1
local n = 100000
local function timed(fn)
  fn(1000)
  local began = process.hrtime.bigint()
  fn(n)
  return (process.hrtime.bigint() - began) / n
end
local log = timed(function(count)
  for i = 1, count do console.log("line %d of the log", i) end
end)
local open = timed(function(count)
  for i = 1, count do console.log("x", i, { a = i, list = { 1, 2, 3 } }) end
end)
print("log_ns " .. log)
print("table_ns " .. open)
