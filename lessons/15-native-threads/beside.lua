-- Files and keys are worked on beside the main thread
-- sample: S164
-- watch: the main thread goes on at once and its interval keeps ticking, while native threads read the
--   file and derive the key.
-- try: derive the key with pbkdf2Sync in the same place: nothing ticks meanwhile.
local fs = require "fs"
local os = require "os"
local path = require "path"
local crypto = require "crypto"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s164-"))
local file = path.join(dir, "large-file.txt")
fs.writeFileSync(file, ("x"):rep(1000000))

local done = {}
local ticks = 0
local timer = setInterval(function() ticks = ticks + 1 end, 2)

local function finish()
  if not done.file or not done.crypto then return end
  clearInterval(timer)
  print("file read: " .. done.file .. " bytes")
  print("key: " .. done.crypto)
  print("the main thread ticked meanwhile: " .. tostring(ticks >= 3))
  fs.rmSync(dir, { recursive = true })
end

fs.readFile(file, function(err, data)
  if err then error(err) end
  done.file = #data
  finish()
end)

crypto.pbkdf2("密码", "盐值", 50000, 32, "sha512", function(err, key)
  if err then error(err) end
  done.crypto = key:toString("hex")
  finish()
end)

print "the main thread goes on"
