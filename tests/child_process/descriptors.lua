-- Without descriptors a child is refused with EMFILE, by an event, and nothing stays open.
local tap = require "../lib/tap"
local cp = require "child_process"

for _, kind in ipairs { "spawn", "ignore", "exec", "fork", "function", "sync" } do
  tap.test(kind, function()
    local run = cp.spawnSync("sh", { "-c", 'ulimit -n 48; exec "$@"', "sh", process.execPath,
      __dirname .. "/fixtures/descriptors.lua", kind }, { encoding = "utf8" })
    tap.is(run.stdout, "true\t0\t0\n", "started or refused, no other error, no descriptor left")
    tap.is(run.stderr, "")
  end)
end
