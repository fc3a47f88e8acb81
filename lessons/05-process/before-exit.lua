-- process: beforeExit and exit
-- sample: S124
-- watch: beforeExit comes whenever nothing is left to do, and may start new work; exit comes once, and
--   process.exit leaves no time for beforeExit.
-- try: let the rounds go on to 5.
local child_process = require "child_process"

if process.argv[3] == "exit" then
  process:on("beforeExit", function() print "never printed" end)
  process:on("exit", function(code) print("exit only, code " .. code) end)
  process.exit(2)
end

local last = 3
local rounds = 0
process:on("beforeExit", function(code)
  rounds = rounds + 1
  print("beforeExit, round " .. rounds .. ", code " .. code)
  if rounds < last then
    local round = rounds
    setTimeout(function() print("work of round " .. round) end, 5)
  else
    local r = child_process.spawnSync(process.execPath, { __filename, "exit" }, { encoding = "utf8" })
    io.write(r.stdout)
  end
end)
process:on("exit", function(code) print("exit, code " .. code) end)
print "main code ends"
