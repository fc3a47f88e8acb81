-- A digest has one size
-- sample: S028
-- watch: 32 hex digits for nothing at all as for 100,000 letters; pieces give what the whole gives; one
--   other digit in the text, and nothing of the digest is the same. MD5 is fine as a checksum and unfit
--   for passwords and signatures: two texts with one digest can be made.
-- try: use sha1 instead of md5: 40 digits, 20 bytes.
local crypto = require "crypto"
local algorithm = "md5"

local function digest(text) return crypto.createHash(algorithm):update(text, "utf8"):digest("hex") end

print(digest "123456789")
print(digest("123456789"):upper())
print(("length in characters: %d, of a long text: %d"):format(#digest "", #digest(("x"):rep(100000))))

-- update may be called several times, as with a stream
local pieces = crypto.createHash(algorithm):update("123"):update("456"):update("789"):digest("hex")
print("in pieces the same: " .. tostring(pieces == digest "123456789"))

-- one bit of difference changes everything
print(digest "123456788")

-- other output forms
print(crypto.createHash(algorithm):update("123456789"):digest("base64"))
local bytes = crypto.createHash(algorithm):update("123456789"):digest()
print(("without encoding: a Buffer of %d bytes"):format(#bytes))

local h = crypto.createHash(algorithm):update("x")
h:digest()
local _, e = pcall(h.digest, h)
print("second digest: " .. e.code)
