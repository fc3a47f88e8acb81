-- hex of 64 KiB of noise, both ways; GB/s of bytes.
-- figure: out | toString "hex", GB/s | ratio >= 1
-- figure: into | Buffer.from(text, "hex"), GB/s | ratio >= 1
local bench = require "./lib/rate"
local size = 65536
local b = bench.noise(size)
local text = b:toString "hex"

print("out " .. bench.rate(size, function() return b:toString "hex" end))
print("into " .. bench.rate(size, function() return Buffer.from(text, "hex") end))
