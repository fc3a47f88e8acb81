-- Slow derivations run beside the loop, several at once; their callbacks come later.
local tap = require "../lib/tap"
local crypto = require "crypto"

tap.test("the loop goes on while keys are derived", function(done)
  local ticks, left = 0, 4
  local timer = setInterval(function() ticks = ticks + 1 end, 1)
  for _ = 1, 4 do
    crypto.pbkdf2("password", "salt", 2000 * tap.scale(100), 32, "sha512", tap.expect(function(err, key)
      tap.is(err, nil)
      tap.is(#key, 32)
      left = left - 1
      if left > 0 then return end
      clearInterval(timer)
      tap.ok(ticks > 0, "the timer ran")
      done()
    end))
  end
end)

tap.test("the pool gives what the Sync forms give", function(done)
  local left = 3
  local function same(expected)
    return tap.expect(function(err, key)
      tap.is(err, nil)
      tap.is(key:toString "hex", expected:toString "hex")
      left = left - 1
      if left == 0 then done() end
    end)
  end
  crypto.pbkdf2("p", "s", 10, 20, "sha1", same(crypto.pbkdf2Sync("p", "s", 10, 20, "sha1")))
  crypto.scrypt("p", "s", 20, { N = 1024 }, same(crypto.scryptSync("p", "s", 20, { N = 1024 })))
  crypto.hkdf("sha256", "k", "s", "i", 20, same(crypto.hkdfSync("sha256", "k", "s", "i", 20)))
end)

tap.test("a callback is never called at once", function(done)
  local now = true
  crypto.randomBytes(8, function(err, bytes)
    tap.is(err, nil)
    tap.is(now, false)
    tap.is(#bytes, 8)
    done()
  end)
  now = false
end)

tap.test("failures of the pool reach the callback", function(done)
  crypto.generateKeyPair("rsa", { modulusLength = 100 }, function(err, pub)
    tap.is(err.reason, "key size too small")
    tap.is(pub, nil)
    done()
  end)
end)

tap.test("pairs made in the pool", function(done)
  crypto.generateKeyPair("ed25519", function(err, pub, priv)
    tap.is(err, nil)
    tap.is(pub.type, "public")
    tap.is(priv.type, "private")
    crypto.sign(nil, "text", priv, function(bad, signature)
      tap.is(bad, nil)
      crypto.verify(nil, "text", pub, signature, function(worse, yes)
        tap.is(worse, nil)
        tap.is(yes, true)
        done()
      end)
    end)
  end)
end)
