-- process: the working folder
-- sample: S117
-- watch: a relative name begins at the working folder, and chdir moves that for the whole process.
-- try: make the folder before you look for it, fs.mkdirSync "no-such-folder": chdir finds it.
local fs = require "fs"
local os = require "os"
local path = require "path"
local dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "s117-")))
local start = process.cwd()

process.chdir(dir)
print("cwd is the new folder: " .. tostring(process.cwd() == dir))
fs.writeFileSync("relative.txt", "x")
print("a relative name lands there: " .. tostring(fs.existsSync(path.join(dir, "relative.txt"))))
local found, e = pcall(process.chdir, "no-such-folder")
print("missing folder: " .. (found and "it is there" or e.code))
process.chdir(start)
print("back again: " .. tostring(process.cwd() == start))
fs.rmSync(dir, { recursive = true })
