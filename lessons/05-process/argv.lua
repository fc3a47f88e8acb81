-- process: command-line arguments
-- sample: S111
-- watch: entry 1 is the program, entry 2 the script, then come the arguments, each as it was given:
--   blanks, an empty one, $HOME. No shell has touched them.
-- try: add another argument to the list: one more entry is counted and shown.
local child_process = require "child_process"

if process.argv[3] == "show" then
  print("argv has " .. #process.argv .. " entries")
  print("argv[1] is execPath: " .. tostring(process.argv[1] == process.execPath))
  print("argv[2] is this file: " .. tostring(process.argv[2] == __filename))
  for i = 4, #process.argv do print(("argument %d: [%s]"):format(i - 3, process.argv[i])) end
else
  local r = child_process.spawnSync(process.execPath,
    { __filename, "show", "--name=x", "two words", "", "$HOME", "你好" }, { encoding = "utf8" })
  io.write(r.stdout)
end
