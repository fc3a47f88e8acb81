-- process: what it can tell about machine, runtime and itself
-- sample: S110
-- watch: the kinds of the values; the values themselves differ from machine to machine. The environment
--   holds text only: a number comes back as a string.
-- try: print process.version instead of asking for its form.
local os = require "os"
local path = require "path"

local versions = 0
for _ in pairs(process.versions) do versions = versions + 1 end

print("arch is the one os reports: " .. tostring(process.arch == os.arch()))
print("platform is the one os reports: " .. tostring(process.platform == os.platform()))
print("env has PATH: " .. tostring(type(process.env.PATH) == "string"))
print("release.name is a string: " .. tostring(type(process.release.name) == "string"))
print("version has the form vN.N.N: " .. tostring(process.version:find "^v%d+%.%d+%.%d+" ~= nil))
print("versions is a table with more than one entry: " .. tostring(versions > 1))
print("execPath is absolute: " .. tostring(path.isAbsolute(process.execPath)))
print("pid and ppid are different positive numbers: " ..
  tostring(process.pid > 0 and process.ppid > 0 and process.pid ~= process.ppid))
print("title is a string: " .. tostring(type(process.title) == "string"))

process.env.S110_NUMBER = 5
print("a number stored in env comes back as " .. type(process.env.S110_NUMBER))
process.env.S110_NUMBER = nil
print("deleted: " .. tostring(process.env.S110_NUMBER == nil))
