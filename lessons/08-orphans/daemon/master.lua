-- Starts the daemon and ends: its own session, another working folder, no streams shared with us.
local child_process = require "child_process"

local daemon = child_process.spawn(process.execPath, { __dirname .. "/agent.lua" }, {
  cwd = process.argv[3],
  detached = true,
  stdio = "ignore",
})
console.log("daemon started, master pid %s , daemon pid %s", process.pid, daemon.pid)
daemon:unref() -- this process need not wait for it
