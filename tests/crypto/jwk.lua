-- Keys as JSON Web Keys: out, in, used, and what is no key.
local tap = require "../lib/tap"
local crypto = require "crypto"

-- From RFC 7515 and RFC 8037.
local ec = { kty = "EC", crv = "P-256", x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" }
local okp = { kty = "OKP", crv = "Ed25519", d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }

for _, jwk in ipairs { ec, okp } do
  local private = crypto.createPrivateKey { key = jwk, format = "jwk" }
  local public = crypto.createPublicKey { key = jwk, format = "jwk" }
  tap.is(private.type, "private")
  tap.is(public.type, "public")
  tap.is_deep(private:export { format = "jwk" }, jwk)
  tap.ok(public:equals(crypto.createPublicKey(private)))
  local hash = jwk == ec and "sha256" or nil
  local signature = crypto.sign(hash, Buffer.from "text", { key = jwk, format = "jwk" })
  tap.is(crypto.verify(hash, Buffer.from "text", public, signature), true)
  tap.is(crypto.verify(hash, Buffer.from "other", { key = jwk, format = "jwk" }, signature), false)
end

for _, kind in ipairs { { "rsa", { modulusLength = 1024 } }, { "ec", { namedCurve = "secp384r1" } },
  { "ec", { namedCurve = "secp521r1" } }, { "ec", { namedCurve = "secp256k1" } }, { "ed25519" }, { "ed448" },
  { "x25519" }, { "x448" } } do
  local pair = crypto.generateKeyPairSync(kind[1], kind[2])
  local private = pair.privateKey:export { format = "jwk" }
  local public = pair.publicKey:export { format = "jwk" }
  tap.is(public.d, nil)
  tap.ok(crypto.createPrivateKey({ key = private, format = "jwk" }):equals(pair.privateKey), kind[1])
  tap.ok(crypto.createPublicKey({ key = public, format = "jwk" }):equals(pair.publicKey), kind[1])
end
local pair = crypto.generateKeyPairSync("ed25519", { publicKeyEncoding = { format = "jwk" },
  privateKeyEncoding = { format = "jwk" } })
tap.is(pair.privateKey.x, pair.publicKey.x)
tap.is_deep(crypto.createSecretKey(Buffer.from "abc"):export { format = "jwk" }, { kty = "oct", k = "YWJj" })

local function refused(key, code, make)
  tap.raises(function() (make or crypto.createPublicKey) { key = key, format = "jwk" } end, { code = code })
end
refused({}, "ERR_INVALID_ARG_VALUE")
refused(5, "ERR_INVALID_ARG_TYPE")
refused({ kty = "RSA" }, "ERR_INVALID_ARG_TYPE")
refused({ kty = "EC", crv = "P-9" }, "ERR_INVALID_ARG_VALUE")
refused({ kty = "EC", crv = "P-256", x = "AQ", y = "AQ" }, "ERR_CRYPTO_INVALID_JWK")
refused({ kty = "EC", crv = "P-256", x = ("A"):rep(1000), y = "AQ" }, "ERR_CRYPTO_INVALID_JWK")
refused({ kty = "OKP", crv = "Ed25519", x = "AQ" }, "ERR_CRYPTO_INVALID_JWK")
refused({ kty = "OKP", crv = "Ed25519", x = okp.x }, "ERR_INVALID_ARG_TYPE", crypto.createPrivateKey)
tap.raises(function() crypto.generateKeyPairSync("ec", { namedCurve = "brainpoolP256r1" }).publicKey:export {
  format = "jwk" } end, { code = "ERR_CRYPTO_JWK_UNSUPPORTED_CURVE" })
tap.raises(function() crypto.createPrivateKey({ key = ec, format = "jwk" }):export { format = "jwk", cipher = "aes-128-cbc",
  passphrase = "x" } end, { code = "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS" })
