-- For waiting, asynchronous I/O is enough
-- sample: S185
-- watch: both files are asked for before the first has been read; of two promises, one failure fails all.
-- try: use Promise.allSettled for the last two: the missing file is one answer of two, and nothing fails.
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s185-"))
fs.writeFileSync(path.join(dir, "file1.txt"), "content 1")
fs.writeFileSync(path.join(dir, "file2.txt"), "content 2")

local order = {}
local function read(name)
  return fs.promises.readFile(path.join(dir, name), "utf8"):andThen(function(text)
    order[#order + 1] = "read"
    return text
  end)
end

local file1 = read "file1.txt"
local file2 = read "file2.txt"
order[#order + 1] = "both requested"
local contents = await(Promise.all { file1, file2 })
print(table.concat(order, ", "))
print(table.concat(contents, " "))

local missing = fs.promises.readFile(path.join(dir, "missing.txt"))
await(Promise.all({ file1, missing }):catch(function(e)
  print("one failure fails all: " .. e.code)
end))
fs.rmSync(dir, { recursive = true })
