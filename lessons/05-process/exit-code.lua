-- process: exitCode and exit()
-- sample: S112
-- watch: process.exit ends at once and drops what is still waiting; exitCode lets the work finish.
-- try: in "exit", set process.exitCode = 4 instead of calling process.exit(4): the line is printed.
local child_process = require "child_process"

local ways = {
  { "nothing", function() end },
  { "exitCode", function()
    process.exitCode = 3
    setTimeout(function() print "later work is still done" end, 5)
  end },
  { "exit", function()
    setTimeout(function() print "never printed" end, 5)
    process.exit(4)
  end },
  { "both", function()
    process.exitCode = 5
    process.exit()
  end },
  { "handler", function()
    process:on("exit", function(code)
      print("exit event, code " .. code)
      process.exitCode = 6
    end)
  end },
}

if process.argv[3] then
  for _, way in ipairs(ways) do
    if way[1] == process.argv[3] then way[2]() end
  end
else
  for _, way in ipairs(ways) do
    local r = child_process.spawnSync(process.execPath, { __filename, way[1] }, { encoding = "utf8" })
    local printed = r.stdout:match("^%s*(.-)%s*$")
    print(way[1] .. ": code " .. r.status .. (printed ~= "" and ', printed "' .. printed .. '"' or ""))
  end
end
