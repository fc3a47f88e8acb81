-- Encrypt and decrypt with one key
-- sample: S026
-- watch: 15 characters become 16 bytes; another key gives nothing; two equal blocks of 8 bytes are equal
--   in the cipher text, too, which is why ECB is not for real data.
-- try: decipher with KEY instead of the other key: the text comes back.
local crypto = require "crypto"
local KEY = ("12345678"):rep(3)

local function cipher(text, algorithm)
  local ok, result = pcall(function()
    local c = crypto.createCipheriv(algorithm or "des-ede3-ecb", KEY, "")
    return c:update(text, "utf8", "hex") .. c:final("hex")
  end)
  if ok then return result end
  print "encryption failed"
  return result.code
end

local function decipher(encrypted, key)
  local ok, result = pcall(function()
    local d = crypto.createDecipheriv("des-ede3-ecb", key, "")
    return d:update(encrypted, "hex", "utf8") .. d:final("utf8")
  end)
  if ok then return result end
  print "decryption failed"
  return "nothing"
end

local secret = cipher "hello world !!!"
print(secret)
print(("15 characters become %d bytes (padding to whole blocks of 8)"):format(#secret // 2))
print(decipher(secret, KEY))
print(decipher(secret, ("87654321"):rep(3)))
print(cipher("hello world !!!", "desc-ecb"))

-- ECB: equal blocks stay equal.
local twin = cipher "8 bytes!8 bytes!"
print("equal blocks visible: " .. tostring(twin:sub(1, 16) == twin:sub(17, 32)))
