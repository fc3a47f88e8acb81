-- slice and subarray share memory; from and concat copy; a slice outlives its Buffer
local tap = require "../lib/tap"

local b = Buffer.from "hello"
local part = b:slice(1, 3)
part[0] = 0x45
tap.is(tostring(b), "hEllo")
b[2] = 0x4c
tap.is(tostring(part), "EL")
tap.is(tostring(part:subarray(1)), "L", "a slice of a slice")
tap.is(#b:slice(3, 1), 0)
tap.is(#b:slice(9), 0)
tap.is(tostring(b:slice(-3, -1)), "Ll")

local copy = Buffer.from(b)
copy[0] = 0
tap.is(b[0], 0x68, "from copies a Buffer")
local all = Buffer.concat { b, b }
all[0] = 0
tap.is(b[0], 0x68, "concat copies")

local kept
do
  local big = Buffer.alloc(1 << 20, "z")
  kept = big:slice(100, 110)
end
collectgarbage()
collectgarbage()
tap.is(tostring(kept), ("z"):rep(10))
