-- Hashes and ciphers in a chain of streams: all bytes pass, a slow reader slows the writer down.
local tap = require "../lib/tap"
local crypto = require "crypto"
local stream = require "stream"

local key, iv = Buffer.alloc(16, "k"), Buffer.alloc(12, "i")

-- Gives `total` pieces of 16 KiB.
local function source(total)
  local produced = 0
  return stream.Readable { read = function(self)
    produced = produced + 1
    self:push(produced <= total and Buffer.alloc(16384, tostring(produced)) or nil)
  end }
end

tap.test("encrypted, decrypted and hashed", function(done)
  local total = tap.scale(100)
  local want = crypto.createHash("sha256")
  for i = 1, total do want:update(Buffer.alloc(16384, tostring(i))) end
  local cipher = crypto.createCipheriv("aes-128-gcm", key, iv)
  local encrypted = {}
  cipher:on("data", function(d) encrypted[#encrypted + 1] = d end)
  cipher:on("end", function()
    local decipher = crypto.createDecipheriv("aes-128-gcm", key, iv)
    decipher:setAuthTag(cipher:getAuthTag())
    local hash = crypto.createHash("sha256")
    hash:setEncoding("hex")
    hash:on("data", function(hex)
      tap.is(hex, want:digest("hex"))
      done()
    end)
    decipher:pipe(hash)
    for _, d in ipairs(encrypted) do decipher:write(d) end
    decipher:finish()
  end)
  source(total):pipe(cipher)
end)

tap.test("a slow reader", function(done)
  local total = tap.scale(100)
  local from, cipher = source(total), crypto.createCipheriv("aes-128-ctr", key, Buffer.alloc(16))
  local most, taken = 0, 0
  local slow = stream.Writable { write = function(_, chunk, _, go_on)
    taken = taken + #chunk
    most = math.max(most, cipher.readableLength + cipher.writableLength)
    setImmediate(go_on)
  end }
  slow:on("finish", function()
    tap.is(taken, total * 16384)
    tap.ok(most <= 5 * 16384, most .. " bytes at most")
    done()
  end)
  from:pipe(cipher):pipe(slow)
end)

tap.test("what cannot be decrypted is an error event", function(done)
  local decipher = crypto.createDecipheriv("aes-128-gcm", key, iv)
  decipher:setAuthTag(Buffer.alloc(16))
  decipher:on("error", function(err)
    tap.is(err.message, "Unsupported state or unable to authenticate data")
    done()
  end)
  decipher:resume()
  decipher:finish("junk")
end)

tap.test("signed by writing", function()
  local pair = crypto.generateKeyPairSync("ec", { namedCurve = "P-256" })
  local sign, verify = crypto.createSign("sha256"), crypto.createVerify("sha256")
  sign:write("text")
  sign:finish()
  verify:finish("text")
  tap.is(verify:verify(pair.publicKey, sign:sign(pair.privateKey)), true)
end)
