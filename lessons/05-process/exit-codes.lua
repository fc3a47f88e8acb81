-- exit codes: the ones every program can have
-- sample: S129
-- watch: a code is one byte, so 300 becomes 44. A process that a signal has ended has no code; 128 plus
--   the signal's number is what a shell makes of it.
-- try: exit with 256: it looks like success.
local child_process = require "child_process"

local function signal_to_self(name)
  process.kill(process.pid, name)
  setTimeout(function() end, 5000)
end

local ways = {
  { "0 normal end", function() end },
  { "1 uncaught exception", function() error(Error "x") end },
  { "1 unhandled rejection", function() Promise.reject(Error "x") end },
  { "7 failure inside the exception handler", function()
    process:on("uncaughtException", function() error(Error "y") end)
    error(Error "x")
  end },
  { "42 own choice", function() process.exit(42) end },
  { "300 is cut to one byte", function() process.exit(300) end },
  { "ended by SIGTERM", function() signal_to_self "SIGTERM" end },
  { "ended by SIGKILL", function() signal_to_self "SIGKILL" end },
}

for _, way in ipairs(ways) do
  if not process.argv[3] then
    local r = child_process.spawnSync(process.execPath, { __filename, way[1] })
    print(("%s: code %s, signal %s"):format(way[1], r.status or "none", r.signal or "none"))
  elseif process.argv[3] == way[1] then
    return way[2]()
  end
end

local shell = child_process.spawnSync("sh",
  { "-c", '"$0" "$1" "ended by SIGTERM"; echo $?', process.execPath, __filename },
  { encoding = "utf8" })
io.write("a shell reports SIGTERM as " .. shell.stdout)
