-- child_process: execFile runs one file, with no shell in between
-- sample: S002
-- watch: the program is named by its file and its arguments are a list: nothing is left for a shell to
--   interpret.
-- try: ask for --version instead: that line has more in it than the number.
local child_process = require "child_process"

child_process.execFile(process.execPath, { "-p", "process.version" }, function(err, stdout, stderr)
  if err then return print("execFile error: " .. err.message) end
  if stderr ~= "" then return print("stderr: " .. stderr) end
  print("version looks like vN.N.N: " .. tostring(stdout:find "^v%d+%.%d+%.%d+\n$" ~= nil))
  print("same as process.version: " .. tostring(stdout == process.version .. "\n"))
end)
