-- signedMessage(key, text): one line with the text and a keyed hash of it.
-- openMessage(key, line): the text, or nil when anything was changed or the
-- key is another one.
local crypto = require "crypto"

local function signedMessage(key, text)
  -- Who can make this hash?
  local hash = crypto.createHash("sha256"):update(text):digest "hex"
  return text .. " " .. hash
end

local function openMessage(key, line)
  local text, hash = line:match "^(.*) (%x+)$"
  local wanted = crypto.createHash("sha256"):update(text):digest "hex"
  if hash == wanted then return text end
end

return { signedMessage = signedMessage, openMessage = openMessage }
