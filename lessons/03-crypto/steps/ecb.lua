-- A text of equal blocks, encrypted with ECB and with CBC; eight bytes in a row.
local crypto = require "crypto"
local KEY = Buffer.from("0123456789abcdef")
local text = ("attack! "):rep(6)

local function show(name, iv)
  local cipher = crypto.createCipheriv(name, KEY, iv)
  cipher:setAutoPadding(false)
  local hex = cipher:update(text, "utf8", "hex") .. cipher:final "hex"
  local rows, seen = 0, {}
  print(name)
  for row in hex:gmatch(("."):rep(32)) do
    print("  " .. row)
    if not seen[row] then seen[row], rows = true, rows + 1 end
  end
  print(("  %s: %d different rows of %d"):format(name, rows, #hex // 32))
end

show("aes-128-ecb", "")
show("aes-128-cbc", Buffer.alloc(16))
