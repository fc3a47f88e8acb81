-- Loads the student's file and tells the guide's check what it did.
local crypto = require "crypto"
local fs = require "fs"
local os = require "os"
local path = require "path"

local folder = fs.mkdtempSync(path.join(os.tmpdir(), "hash-files-"))
local files, digests = {}, {}
for i = 1, 20 do
  files[i] = path.join(folder, "file " .. i)
  local bytes = Buffer.alloc(300000 + i, tostring(i))
  if i ~= 13 then
    digests[i] = crypto.createHash("sha256"):update(bytes):digest "hex"
    fs.writeFileSync(files[i], bytes) -- number 13 is missing
  end
  await(Promise(function(resolve) setImmediate(resolve) end))
end

-- Counts the files that are under way, however they are asked for.
local open, most = 0, 0
local function begin()
  open = open + 1
  most = math.max(most, open)
end
local function finish() open = open - 1 end

local readFile, createReadStream, promised = fs.readFile, fs.createReadStream, fs.promises.readFile
function fs.readFile(file, ...)
  local args = table.pack(...)
  local cb = args[args.n]
  args[args.n] = function(...)
    finish()
    return cb(...)
  end
  begin()
  return readFile(file, table.unpack(args, 1, args.n))
end
function fs.createReadStream(...)
  local stream = createReadStream(...)
  begin()
  stream:once("close", finish)
  return stream
end
function fs.promises.readFile(...)
  begin()
  return promised(...):finally(finish)
end

local hashFiles = require "../../../student" "function"
local beats, longest, before = 0, 0, nil
local function cpu()
  local used = process.cpuUsage()
  return (used.user + used.system) / 1000
end
before = cpu()
local beat = setInterval(function()
  local now = cpu()
  beats, longest, before = beats + 1, math.max(longest, now - before), now
end, 5)
beat:unref()

local ok, results = pcall(await, hashFiles(files))
longest = math.max(longest, cpu() - before)
if not ok then process.send { failed = tostring(results.message or results) } results = {} end
local right, errors, where = 0, 0, ""
for i = 1, 20 do
  local r = results[i] or {}
  if r.digest and r.digest == digests[i] and r.file == files[i] then right = right + 1 end
  if r.error then
    errors = errors + 1
    where = i .. " " .. r.error
  end
end
process.send { right = right, errors = errors, where = where, most = most, longest = longest, beats = beats }
fs.rmSync(folder, { recursive = true, force = true })
process.exit()
