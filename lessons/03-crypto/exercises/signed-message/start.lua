-- signedMessage(key, text): one line with the text and a keyed hash of it.
-- openMessage(key, line): the text, or nil when anything was changed or the key is another one.
local crypto = require "crypto"

local function signedMessage(key, text)
  local hash = crypto.createHash("sha256"):update(text):digest "hex" -- who can make this hash?
  return text .. " " .. hash
end

local function openMessage(key, line)
  local text, hash = line:match "^(.*) (%x+)$"
  if hash == crypto.createHash("sha256"):update(text):digest "hex" then return text end
end

return { signedMessage = signedMessage, openMessage = openMessage }
