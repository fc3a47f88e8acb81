-- A number and a letter as bits
-- sample: S031
-- watch: the bits of 66 stand under the worth of their places: 64 + 2. A character is a number, and takes
--   one byte or more.
-- try: show the bits of 67: one more place is set.
local number = 66

local function bits(n)
  local out = {}
  for place = 7, 0, -1 do out[#out + 1] = n >> place & 1 end
  return table.concat(out)
end

print "128  64  32  16   8   4   2   1"
print((bits(number):gsub(".", "   %0"):sub(2)))
print(("%d is %s, back again %d"):format(number, bits(number), tonumber(bits(number), 2)))
print(("'M' has code %d and bits %s"):format(utf8.codepoint "M", bits(utf8.codepoint "M")))
print("the same byte in a Buffer: " .. Buffer.from("M")[0])
print(("'技' has code %d and %d bytes in UTF-8"):format(utf8.codepoint "技", #Buffer.from "技"))
