-- ChildProcess: unref lets the parent go first, ref keeps it
-- sample: S134
-- watch: three parents that differ in one line. An unreferenced child does not count as work: its
--   parent ends at once and hears nothing of it.
-- try: call unref in all three: the first one leaves at once, too, and in the third ref has the last
--   word.
local child_process = require "child_process"
local way = process.argv[3]

if way then
  local child = child_process.spawn("sleep", { "0.6" }, { stdio = "ignore" })
  if way ~= "waits" then child:unref() end
  if way == "ref again" then child:ref() end
  child:on("exit", function() print "saw the child end" end)
  process:on("exit", function() print "parent ends" end)
else
  for _, name in ipairs { "waits", "unref", "ref again" } do
    local r = child_process.spawnSync(process.execPath, { __filename, name }, { encoding = "utf8" })
    print(name .. ": " .. r.stdout:gsub("\n$", ""):gsub("\n", ", "))
  end
end
