-- child_process: the synchronous three, and what they cost
-- sample: S132
-- watch: they are short to write, and meanwhile nothing else happens: not one tick of a timer.
-- try: let the synchronous child sleep for a second: still no tick, and the whole lesson takes that
--   much longer.
local child_process = require "child_process"

local r = child_process.spawnSync("sh", { "-c", "cat; echo err >&2; exit 3" },
  { input = "hello", encoding = "utf8" })
io.write(("spawnSync: status %d, stdout %s, stderr %s"):format(r.status, r.stdout, r.stderr))
io.write("execSync: " .. child_process.execSync("echo $((2+3))", { encoding = "utf8" }))
io.write("execFileSync: " ..
  child_process.execFileSync("echo", { "$((2+3))" }, { encoding = "utf8" }))
local _, e = pcall(child_process.execSync, "exit 4", { stdio = "ignore" })
print("execSync throws when the code is not 0: status " .. e.status)

local ticks = 0
local timer = setInterval(function() ticks = ticks + 1 end, 5)
child_process.spawnSync("sleep", { "0.1" })
print("ticks during a synchronous child: " .. ticks)
child_process.spawn("sleep", { "0.1" }):on("close", function()
  clearInterval(timer)
  print("ticks during an asynchronous child, several: " .. tostring(ticks >= 3))
end)
