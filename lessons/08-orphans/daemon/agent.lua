-- The daemon. It has no terminal to print to: one file takes what it says, one takes its errors.
local fs = require "fs"
local Console = require "console".Console
local logger = Console(fs.createWriteStream "stdout.log", fs.createWriteStream "stderr.log")

local ticks = 0
setInterval(function()
  logger:log("agent pid:", process.pid, ", ppid:", process.ppid)
  ticks = ticks + 1
  if ticks == 100 then process.exit(0) end -- in case nobody stops it
end, 50)
