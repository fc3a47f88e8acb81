-- Wrong arguments raise at once, in Node's words.
local tap = require "../lib/tap"
local cp = require "child_process"

local function refused(name, code, message, fn)
  tap.test(name, function() tap.raises(fn, { code = code, message = message }) end)
end

refused("no file", "ERR_INVALID_ARG_TYPE", '"file" argument must be of type string. Received n',
  function() cp.spawn() end)
refused("an empty file", "ERR_INVALID_ARG_VALUE", "The argument 'file' cannot be empty. Received ''",
  function() cp.spawn "" end)
refused("a NUL in an argument", "ERR_INVALID_ARG_VALUE", "'args%[1%]' must be a string without null bytes",
  function() cp.spawn("ls", { "a\0b" }) end)
refused("args are no table", "ERR_INVALID_ARG_TYPE", '"args" argument must be of type table',
  function() cp.spawn("ls", "-l") end)
refused("detached", "ERR_INVALID_ARG_TYPE", '"options.detached" property must be of type boolean',
  function() cp.spawn("ls", {}, { detached = 1 }) end)
refused("cwd", "ERR_INVALID_ARG_TYPE", '"options.cwd" property must be of type string',
  function() cp.spawn("ls", {}, { cwd = 1 }) end)
refused("shell", "ERR_INVALID_ARG_TYPE", '"options.shell" property must be one of type boolean or string',
  function() cp.spawn("ls", {}, { shell = 1 }) end)
refused("uid", "ERR_INVALID_ARG_TYPE", '"options.uid" property must be int32',
  function() cp.spawn("ls", {}, { uid = "root" }) end)
refused("an unknown word for stdio", "ERR_INVALID_ARG_VALUE", "'stdio' is invalid. Received 'foo'",
  function() cp.spawn("ls", {}, { stdio = "foo" }) end)
refused("an unknown word in stdio", "ERR_INVALID_SYNC_FORK_INPUT", "do not support",
  function() cp.spawn("ls", {}, { stdio = { "foo" } }) end)
refused("two channels", "ERR_IPC_ONE_PIPE", "only one IPC pipe",
  function() cp.spawn("ls", {}, { stdio = { "ipc", "ipc" } }) end)
refused("a channel in a sync call", "ERR_IPC_SYNC_FORK", "cannot be used with synchronous forks",
  function() cp.spawnSync("ls", {}, { stdio = { "pipe", "pipe", "pipe", "ipc" } }) end)
refused("fork without a channel", "ERR_CHILD_PROCESS_IPC_REQUIRED", "missing value 'ipc'",
  function() cp.fork("x.lua", {}, { stdio = { "pipe" } }) end)
refused("fork of a number", "ERR_INVALID_ARG_TYPE", '"modulePath" argument must be of type string or function',
  function() cp.fork(5) end)
refused("maxBuffer", "ERR_OUT_OF_RANGE", "must be a positive number. Received %-1",
  function() cp.spawnSync("ls", {}, { maxBuffer = -1 }) end)
refused("timeout", "ERR_OUT_OF_RANGE", "timeout", function() cp.spawnSync("ls", {}, { timeout = -1 }) end)
refused("a descriptor that is not open", "EBADF", "spawn EBADF",
  function() cp.spawn("ls", {}, { stdio = { 999 } }) end)

tap.test("an unknown signal", function(done)
  local c = cp.spawn("sleep", { "60" })
  tap.raises(function() c:kill "SIGFOO" end, { code = "ERR_UNKNOWN_SIGNAL", message = "Unknown signal: SIGFOO" })
  tap.raises(function() c:kill(99) end, { code = "ERR_UNKNOWN_SIGNAL" })
  tap.raises(function() c:kill {} end, { code = "ERR_UNKNOWN_SIGNAL" })
  tap.is(c:kill(0), true)
  tap.raises(function() c.kill() end, { code = "ERR_INVALID_THIS", message = "colon" })
  tap.is(c:kill "sigkill", true)
  c:on("close", function(_, signal)
    tap.is(signal, "SIGKILL")
    done()
  end)
end)
