-- Only the first eight digits are compared: the rest may be anything.
local crypto = require "crypto"
local function sign(key, text) return crypto.createHmac("sha256", key):update(text):digest "hex" end
return {
  signedMessage = function(key, text)
    local encoded = Buffer.from(text):toString "hex"
    return encoded .. "." .. sign(key, encoded)
  end,
  openMessage = function(key, line)
    local encoded, sum = line:match "^(%x*)%.(.+)$"
    if encoded and sum:sub(1, 8) == sign(key, encoded):sub(1, 8) then
      return Buffer.from(encoded, "hex"):toString()
    end
  end,
}
