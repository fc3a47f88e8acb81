-- Small calls, where what counts is the way into C: half of Node's rate is the aim. The bound is a call of
-- a C function that does nothing, the last figure: Node's compiler puts these methods into the loop.
-- figure: alloc_rate | allocUnsafe(64), million a second | ratio >= 0.5
-- figure: read_rate | readUInt32LE(8), million a second | ratio >= 0.5
-- figure: call_rate | rawlen(t), million a second
local bench = require "./lib/rate"
local b = bench.noise(64)
local allocUnsafe = Buffer.allocUnsafe

print("alloc_rate " .. 1e3 / bench.ns(function(n)
  for _ = 1, n do allocUnsafe(64) end
end))
local sum = 0
print("read_rate " .. 1e3 / bench.ns(function(n)
  for _ = 1, n do sum = sum + b:readUInt32LE(8) end
end))
local rawlen, t = rawlen, {}
print("call_rate " .. 1e3 / bench.ns(function(n)
  for _ = 1, n do sum = sum + rawlen(t) end
end))
