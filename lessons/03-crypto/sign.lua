-- Hash, HMAC, signature
-- sample: S029
-- watch: anybody can make the hash; the HMAC needs the key; the signature is made with the private key and
--   checked with the public one.
-- try: give the second HMAC the same key: the two are equal.
local crypto = require "crypto"

console.log("sha256", crypto.createHash("sha256"):update("abc"):digest("hex"))
console.log("hmac", crypto.createHmac("sha256", "key"):update("abc"):digest("hex"))

local mine = crypto.createHmac("sha256", "key"):update("abc"):digest()
local theirs = crypto.createHmac("sha256", "other key"):update("abc"):digest()
console.log("hmac with another key is equal:", crypto.timingSafeEqual(mine, theirs))

local keys = crypto.generateKeyPairSync("ed25519")
local signature = crypto.sign(nil, Buffer.from "a message", keys.privateKey)
console.log("signature bytes", #signature)
console.log("verify the message:", crypto.verify(nil, Buffer.from "a message", keys.publicKey, signature))
console.log("verify another one:", crypto.verify(nil, Buffer.from "b message", keys.publicKey, signature))
