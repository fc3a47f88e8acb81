-- spawn: a working folder for the child
-- sample: S057
-- watch: ls lists the folder it is started in. A folder that does not exist is told as ENOENT, just
--   like a missing program: there is no child then, and no pid.
-- try: leave cwd out of the first spawn: it lists this lesson's folder.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s057-"))
fs.writeFileSync(path.join(dir, "x.txt"), "")
fs.mkdirSync(path.join(dir, "y"))

local child = child_process.spawn("ls", { "-1" }, { cwd = dir })
child.stdout:pipe(process.stdout)
print(("parent pid %d child pid %d"):format(process.pid, child.pid))
print("they differ: " .. tostring(process.pid ~= child.pid))

child:on("close", function()
  local lost = child_process.spawn("ls", { "-1" }, { cwd = path.join(dir, "no-such-folder") })
  lost:on("error", function(e)
    print(("missing folder: %s, has a pid %s"):format(e.code, lost.pid ~= nil))
    fs.rmSync(dir, { recursive = true })
  end)
end)
