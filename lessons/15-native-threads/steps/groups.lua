-- Key derivations for the pool of four threads: when does each of them end?
local crypto = require "crypto"
local HOW_MANY = tonumber(process.argv[3]) or 8

local start = performance.now()
local done = 0
for i = 1, HOW_MANY do
  crypto.pbkdf2("password", "salt", 60000, 32, "sha256", function()
    done = done + 1
    print(("number %d has ended, %d of %d, after %d ms"):format(i, done, HOW_MANY, math.floor(performance.now() - start)))
  end)
end
print("all are asked for")
