-- process: the descriptors 0, 1, 2
-- sample: S113
-- watch: a stream is a descriptor, and a descriptor is a number: text written to 1 lands where stdout
--   lands. 2>&1 makes the shell's 2 the same place as its 1.
-- try: leave 2>&1 out: the last line is empty, since nothing came on descriptor 1.
local child_process = require "child_process"
local fs = require "fs"

print(("stdin %d, stdout %d, stderr %d"):format(process.stdin.fd, process.stdout.fd, process.stderr.fd))
process.stdout:write "written by the stream\n"
fs.writeSync(1, "written to descriptor 1\n")

local out = child_process.execSync("echo to stderr 1>&2",
  { encoding = "utf8", stdio = { "ignore", "pipe", "ignore" } })
print(out == "")
print((child_process.execSync("(echo to stderr 1>&2) 2>&1", { encoding = "utf8" }):gsub("\n", "")))
