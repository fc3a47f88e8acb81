-- A Buffer is an array of bytes of fixed length
-- sample: S035
-- watch: what does not fit into a byte loses its upper bits, and behind the end nothing is stored.
-- try: store 511 instead of 300.
local crypto = require "crypto"
local buf = Buffer.from { 1, 2, 3 }

print("is a Uint8Array: " .. tostring(instanceof(buf, Uint8Array)))
for _, v in ipairs { 255, 256, 300, -1, 1.9 } do
  buf[0] = v
  print(("storing %s gives %d"):format(v, buf[0]))
end
buf[5] = 7
print(("writing past the end: length %d, nothing there %s"):format(#buf, buf[5] == nil))

-- Where a Buffer is accepted, a plain Uint8Array is accepted too.
local plain = Uint8Array { 104, 105 }
print("concat: " .. Buffer.concat({ Buffer.from "oh ", plain }):toString())
print("hash equal: " .. tostring(crypto.createHash("md5"):update(plain):digest("hex") ==
  crypto.createHash("md5"):update("hi"):digest("hex")))
