-- child_process: exec has a limit, spawn has none
-- sample: S055
-- watch: exec keeps the whole output in memory, 1 MiB at most. More than that ends the child and gives
--   an error, with what was kept; the parent lives on.
-- try: set the limit of 200 KB to Infinity, math.huge: there is no error any more.
local child_process = require "child_process"
local two_megabytes = "head -c 2000000 /dev/zero | tr '\\0' a"

local function with_spawn()
  local child = child_process.spawn("sh", { "-c", two_megabytes })
  local bytes = 0
  child.stdout:on("data", function(d) bytes = bytes + #d end)
  child:on("close", function(code)
    print(("spawn: %d bytes seen, code %d"):format(bytes, code))
    print "the parent is still here"
  end)
end

local function with_exec(name, options, next)
  child_process.exec(two_megabytes, options, function(err, stdout)
    local how = err and err.code or "no error true"
    print(("exec, %s limit: %s, kept %d"):format(name, how, #stdout))
    next()
  end)
end

with_exec("default", {}, function()
  with_exec("200 KB", { maxBuffer = 200 * 1024 }, function()
    with_exec("4 MB", { maxBuffer = 4 * 1024 * 1024 }, with_spawn)
  end)
end)
