-- Which algorithms are there
-- sample: S025
-- watch: the library is asked, not a list in a book; desc-ecb is a slip of the pen in many texts.
-- try: ask for the cipher aes-128-ecb instead of desc-ecb.
local crypto = require "crypto"

local function has(list, name)
  for _, known in ipairs(list) do
    if known == name then return true end
  end
  return false
end

for _, name in ipairs { "aes-128-cbc", "aes-256-cbc", "des-ede3-ecb", "desc-ecb" } do
  print(("cipher %s: %s"):format(name, has(crypto.getCiphers(), name)))
end
for _, name in ipairs { "md5", "sha1", "sha256", "sha512" } do
  print(("hash %s: %s"):format(name, has(crypto.getHashes(), name)))
end
