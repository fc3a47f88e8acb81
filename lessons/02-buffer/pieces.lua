-- A large file flows in pieces
-- sample: S032
-- watch: readFileSync takes the file in one gulp; the stream hands over 64 KiB at a time and ends with
--   what is left. The digest is the same.
-- try: highWaterMark = 32 * 1024: smaller pieces, more of them.
local fs = require "fs"
local os = require "os"
local path = require "path"
local crypto = require "crypto"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s032-"))
local file = path.join(dir, "big.bin")
fs.writeFileSync(file, Buffer.alloc(160000, "abcdefgh"))

local whole = fs.readFileSync(file)
print("readFile: 1 piece of " .. #whole .. " bytes")

local hash = crypto.createHash "md5"
local total = 0
local stream = fs.createReadStream(file, { highWaterMark = 64 * 1024 })
stream:on("data", function(chunk)
  total = total + #chunk
  hash:update(chunk)
  print("stream: piece of " .. #chunk .. " bytes")
end)
stream:on("end", function()
  local same = hash:digest("hex") == crypto.createHash("md5"):update(whole):digest("hex")
  print(("stream: %d bytes in all, same content %s"):format(total, same))
  fs.rmSync(dir, { recursive = true })
end)
