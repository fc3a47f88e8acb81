-- The text stands in the line as it is: with a newline it is not one line any more.
local crypto = require "crypto"
local function sign(key, text) return crypto.createHmac("sha256", key):update(text):digest "hex" end
return {
  signedMessage = function(key, text) return sign(key, text) .. " " .. text end,
  openMessage = function(key, line)
    local sum, text = line:match "^(%x+) ([^\n]*)$"
    if sum and sum == sign(key, text) then return text end
  end,
}
