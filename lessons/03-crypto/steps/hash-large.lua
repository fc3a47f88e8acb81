-- 200 MB are hashed on the main thread, piece after piece in one go; a timer beside it tells how late it is.
local crypto = require "crypto"
local MB = 1024 * 1024
local start = process.hrtime.bigint()
local function ms() return (process.hrtime.bigint() - start) / 1e6 end

local due = 10
setTimeout(function()
  print(("a timer of %d ms comes after the hash"):format(due))
  print(("late by %d ms"):format(math.floor(ms() - due)))
end, due)

local piece = Buffer.alloc(MB, "x")
local hash = crypto.createHash "sha256"
for _ = 1, 200 do hash:update(piece) end
print("sha256 of 200 MB: " .. hash:digest("hex"):sub(1, 16) .. "...")
