-- OpenSSL is loaded by the first call, not by require.
local tap = require "../lib/tap"

local function loaded()
  local file <close> = assert(io.open "/proc/self/maps")
  return file:read "a":find "libcrypto" ~= nil
end

tap.test("at the first call", function()
  local crypto = require "crypto"
  tap.is(type(crypto.constants), "table")
  tap.is(loaded(), false, "not by require")
  tap.is(#crypto.randomUUID(), 36)
  tap.is(loaded(), true, "by a call")
end)
