-- figure: key_ms | ms from a key to its repaint, block of 100 lines | ours <= 2
-- figure: slow_ms | ms, the slowest of twenty keys
-- Node has no blocks: its figure is a key on an empty line.
local child_process = require "child_process"
local r = child_process.spawnSync("perl", { __dirname .. "/keystroke.pl", "100", process.execPath },
  { encoding = "utf8" })
io.write(r.stdout, r.stderr)
process.exitCode = r.status
