-- Two texts that differ in one letter, and their digests bit by bit.
local crypto = require "crypto"

local function bits(text)
  local out = {}
  for byte in crypto.createHash("sha256"):update(text):digest():values() do
    for i = 7, 0, -1 do out[#out + 1] = byte >> i & 1 end
  end
  return out
end

local a, b = bits "the quick brown fox", bits "the quick brown fix"
local row, different = {}, 0
for i = 1, #a do
  row[#row + 1] = a[i] == b[i] and "." or "x"
  if a[i] ~= b[i] then different = different + 1 end
  if i % 64 == 0 then
    print(table.concat(row))
    row = {}
  end
end
print(("%d of %d bits differ, %d percent"):format(different, #a, different * 100 // #a))
