-- spawn: pipe a child's output on, share the stream, or listen
-- sample: S056
-- watch: "one" passes through the parent, "two" goes straight to where the parent prints, "three" is
--   read and told in the parent's words.
-- try: give the third child stdio = { "ignore", "inherit", "inherit" } and no data listener: it speaks
--   for itself.
local child_process = require "child_process"

local function third()
  local child = child_process.spawn("echo", { "three: by event" })
  child.stdout:on("data", function(d) print('received "' .. tostring(d):gsub("\n", "") .. '"') end)
  child:on("close", function(code) print("last child closed with " .. code) end)
end

local function second()
  local child = child_process.spawn("echo", { "two: shared" }, { stdio = "inherit" })
  child:on("close", function()
    print("no stream object when shared: " .. tostring(child.stdout == nil))
    third()
  end)
end

local child = child_process.spawn("echo", { "one: through a pipe" })
child.stdout:pipe(process.stdout, { finish = false })
child:on("close", second)
