-- Random bytes, numbers and names: lengths, bounds, and what is filled.
local tap = require "../lib/tap"
local crypto = require "crypto"

tap.test("bytes", function()
  tap.is(#crypto.randomBytes(0), 0)
  tap.is(#crypto.randomBytes(100), 100)
  tap.ok(not crypto.randomBytes(16):equals(crypto.randomBytes(16)), "two are not the same")
end)

tap.test("numbers stay inside", function()
  local seen = {}
  for _ = 1, 2000 do
    local n = crypto.randomInt(-2, 3)
    tap.ok(math.type(n) == "integer" and n >= -2 and n < 3)
    seen[n] = true
  end
  for n = -2, 2 do tap.ok(seen[n], n .. " came") end
  tap.is(crypto.randomInt(1), 0)
end)

tap.test("a UUID of version 4", function()
  local id = crypto.randomUUID()
  tap.ok(id:match "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$", id)
  tap.ok(id ~= crypto.randomUUID(), "another one")
end)

tap.test("a part of a Buffer is filled", function()
  local b = Buffer.alloc(64)
  tap.is(crypto.randomFillSync(b, 16, 32), b)
  tap.is(b:subarray(0, 16):equals(Buffer.alloc(16)), true)
  tap.is(b:subarray(48):equals(Buffer.alloc(16)), true)
  tap.is(b:subarray(16, 48):equals(Buffer.alloc(32)), false)
  tap.is(crypto.getRandomValues(b), b)
end)

tap.test("a Buffer filled in the pool", function(done)
  local b = Buffer.alloc(64)
  crypto.randomFill(b, 32, function(err, same)
    tap.is(err, nil)
    tap.is(same, b)
    tap.is(b:subarray(0, 32):equals(Buffer.alloc(32)), true)
    tap.is(b:subarray(32):equals(Buffer.alloc(32)), false)
    done()
  end)
end)

tap.test("equal in constant time", function()
  tap.is(crypto.timingSafeEqual(Buffer.from "abc", Buffer.from "abc"), true)
  tap.is(crypto.timingSafeEqual(Buffer.from "abc", Buffer.from "abd"), false)
end)
