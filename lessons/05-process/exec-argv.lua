-- process: options of the runtime are kept apart from the arguments
-- sample: S109
-- watch: what stands before the script's name is for moonfork, and is in execArgv; what stands after it
--   is for the script. A forked child gets the same options.
-- try: fork with the option execArgv = {}: the child has none.
local child_process = require "child_process"
local role = process.argv[3]

if role == "parent" then
  print("execArgv: " .. table.concat(process.execArgv, " "))
  print("argv does not have it: " .. tostring(not table.concat(process.argv, " "):find("--no-", 1, true)))
  print("process.noDeprecation: " .. tostring(process.noDeprecation))
  child_process.fork(__filename, { "child" })
elseif role == "child" then
  print("child execArgv: " .. table.concat(process.execArgv, " "))
else
  local r = child_process.spawnSync(process.execPath, { "--no-deprecation", __filename, "parent" },
    { encoding = "utf8" })
  io.write(r.stdout)
end
