-- exit codes: the ones that the runtime gives
-- sample: S130
-- watch: the runtime's own failures have codes, too: 9 for its command line, 13 for a script that waits
--   for something that never comes. Node has some more, which belong to its engine.
-- try: add a row with the option "-c" and this file: its syntax is checked, nothing is run, and the
--   code is 0.
local child_process = require "child_process"

local function status(...)
  return child_process.spawnSync(process.execPath, { ... }, { input = "" }).status
end

print("9 unknown option: " .. status "--no-such-option")
print("9 option without its value: " .. status "-e")
print("13 top-level await never settles: " .. status("-e", "await(Promise(function() end))"))
print("1 syntax error: " .. status("-e", "local = 1"))
print("1 missing file: " .. status "./no-such-file.lua")
