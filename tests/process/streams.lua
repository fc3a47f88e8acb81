-- What process.stdin, stdout and stderr tell of themselves.
local tap = require "../lib/tap"
local cp = require "child_process"

local code = "console.log(process.stdin) console.log(process.stdout) console.log(process.stdin.fd, process.stdin.isTTY)"

tap.test("a file and a pipe", function()
  local r = cp.spawnSync(process.execPath, { "-e", code }, { stdio = { "ignore", "pipe" }, encoding = "utf8" })
  tap.is(r.stdout, "ReadStream fd 0, not read yet\nSyncWriteStream fd 1\n0 nil\n")
end)

tap.test("a stream that was read", function()
  local r = cp.spawnSync(process.execPath, { "-e", [[
    process.stdin:on("data", function() end)
    console.log(process.stdin)
    process.stdin:on("end", function() setImmediate(function() console.log(process.stdin) end) end)
  ]] }, { stdio = { "ignore", "pipe" }, encoding = "utf8" })
  tap.is(r.stdout, "ReadStream fd 0, flowing\nReadStream fd 0, ended\n")
end)
