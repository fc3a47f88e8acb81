-- child_process: exec runs a command line in a shell
-- sample: S001
-- watch: the whole output arrives at once, when the command has ended. Pipes and arithmetic are the
--   shell's work; a command that fails leaves its exit code in the error.
-- try: list the folder with "ls -1 | wc -l": the shell counts its files.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s001-"))
fs.writeFileSync(path.join(dir, "a.txt"), "aaa")
fs.writeFileSync(path.join(dir, "b.txt"), "bbbbbb")

local function a_failing_command()
  child_process.exec("ls ./no-such-file", { cwd = dir }, function(err, stdout, stderr)
    print(("failing command: error set %s, code is not 0 %s"):format(err ~= nil, err.code ~= 0))
    print(("stdout empty %s, stderr not empty %s"):format(stdout == "", stderr ~= ""))
    fs.rmSync(dir, { recursive = true })
  end)
end

child_process.exec("ls -1", { cwd = dir }, function(err, stdout, stderr)
  if err then return print("exec error: " .. err.code) end
  if stderr ~= "" then return print("stderr: " .. stderr) end
  print "stdout:"
  io.write(stdout)

  child_process.exec("echo $((6 * 7)) | tr 4 x", function(_, answer)
    io.write("through a shell: " .. answer)
    a_failing_command()
  end)
end)
