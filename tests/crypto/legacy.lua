-- Old ciphers: des-ecb works, is not listed, and gives what triple DES with equal keys gives.
local tap = require "../lib/tap"
local crypto = require "crypto"

local function run(make, name, key, data)
  local c = make(name, key, "")
  return c:update(data) :toString "latin1" .. c:final():toString "latin1"
end

tap.test("des-ecb both ways", function()
  local des = run(crypto.createCipheriv, "des-ecb", "12345678", "hello world !!!")
  tap.is(des, run(crypto.createCipheriv, "des-ede3-ecb", ("12345678"):rep(3), "hello world !!!"))
  tap.is(run(crypto.createDecipheriv, "des-ecb", "12345678", Buffer.from(des, "latin1")), "hello world !!!")
end)

tap.test("not listed", function()
  for _, name in ipairs(crypto.getCiphers()) do tap.ok(name ~= "des-ecb" and name ~= "bf-cbc") end
end)

tap.test("hashes do not see it", function()
  local ok, err = pcall(crypto.createHash, "md4")
  tap.is(ok, false)
  tap.is(err.code, "ERR_OSSL_EVP_UNSUPPORTED")
end)
