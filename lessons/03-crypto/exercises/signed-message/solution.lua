-- signedMessage(key, text): one line with the text and a keyed hash of it.
-- openMessage(key, line): the text, or nil when anything was changed or the
-- key is another one.
local crypto = require "crypto"

local function sign(key, encoded)
  return crypto.createHmac("sha256", key):update(encoded):digest "hex"
end

local function signedMessage(key, text)
  -- No newline, no blank: one line.
  local encoded = Buffer.from(text):toString "base64url"
  return encoded .. "." .. sign(key, encoded)
end

local function openMessage(key, line)
  local encoded, hash = line:match "^([%w_-]*)%.(%x+)$"
  if not encoded or #hash ~= 64 then return nil end
  local wanted = Buffer.from(sign(key, encoded))
  if not crypto.timingSafeEqual(Buffer.from(hash), wanted) then return nil end
  return Buffer.from(encoded, "base64url"):toString()
end

return { signedMessage = signedMessage, openMessage = openMessage }
