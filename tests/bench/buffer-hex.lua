-- hex of 64 KiB of noise, both ways; GB/s of bytes.
-- figure: out | toString "hex", GB/s | ratio >= 1
-- figure: into | Buffer.from(text, "hex"), GB/s | ratio >= 1
local bench = require "./lib/rate"
local size = 65536
local b = bench.noise(size)
local text = b:toString "hex"

print("out " .. bench.rate(size, function(n)
  for _ = 1, n do b:toString "hex" end
end))
print("into " .. bench.rate(size, function(n)
  for _ = 1, n do Buffer.from(text, "hex") end
end))
