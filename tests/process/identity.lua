-- Who the process is, where it works, what it was started with.
local tap = require "../lib/tap"
tap.allow "cwd"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

tap.test("pid, ppid and ids are the system's", function()
  local status = read "/proc/self/status"
  tap.is(process.pid, math.tointeger(status:match "\nPid:%s*(%d+)"))
  tap.is(process.ppid, math.tointeger(status:match "\nPPid:%s*(%d+)"))
  local uid, euid = status:match "\nUid:%s*(%d+)%s*(%d+)"
  local gid, egid = status:match "\nGid:%s*(%d+)%s*(%d+)"
  tap.is(process.getuid(), math.tointeger(uid))
  tap.is(process.geteuid(), math.tointeger(euid))
  tap.is(process:getgid(), math.tointeger(gid))
  tap.is(process:getegid(), math.tointeger(egid))
  local found = false
  for _, id in ipairs(process.getgroups()) do found = found or id == process.getegid() end
  tap.ok(found, "the effective group is among the groups")
end)

tap.test("what cannot be set says so", function()
  tap.raises(function() process.pid = 5 end, "Cannot set property pid")
end)

tap.test("the command line", function()
  tap.is(process.argv[1], process.execPath)
  tap.is(process.argv[2], __filename)
  tap.is(process.argv[3], nil)
  tap.is(process.argv, process.argv, "one table")
  tap.is(type(process.argv0), "string")
  tap.is(#process.execArgv, 0)
  tap.is(process.execPath:sub(1, 1), "/")
end)

tap.test("versions and platform", function()
  tap.is(process.version, "v" .. process.versions.moonfork)
  tap.like(process.versions.lua, "^5%.4%.%d+$")
  tap.like(process.versions.uv, "^1%.%d+%.%d+$")
  tap.is(process.release.name, "moonfork")
  tap.is(process.platform, os.platform())
  tap.is(process.arch, os.arch())
  tap.is(tostring(process), "[object process]")
end)

tap.test("cwd and chdir", function()
  local here = process.cwd()
  process.chdir "/"
  tap.is(process.cwd(), "/")
  tap.raises(function() process:chdir "/nope" end, {
    message = "^ENOENT: no such file or directory, chdir '/' %-> '/nope'$",
    code = "ENOENT", errno = -2, syscall = "chdir", path = "/", dest = "/nope",
  })
  tap.raises(function() process.chdir(5) end,
    { code = "ERR_INVALID_ARG_TYPE", message = '"directory" argument must be of type string. Received type number %(5%)' })
  tap.raises(function() process.chdir "a\0b" end, { code = "ERR_INVALID_ARG_VALUE" })
  process.chdir(here)
end)

tap.test("umask", function()
  local old = process.umask(tonumber("027", 8))
  tap.is(process.umask(), tonumber("027", 8))
  tap.is(process.umask "022", tonumber("027", 8), "an octal string")
  tap.is(process.umask(0xffffe03f), tonumber("022", 8), "only nine bits count")
  tap.is(process.umask(old), tonumber("077", 8))
  tap.raises(function() process.umask "9" end, {
    code = "ERR_INVALID_ARG_VALUE",
    message = "'mask' must be a 32%-bit unsigned integer or an octal string. Received '9'",
  })
  tap.raises(function() process.umask "" end, { code = "ERR_INVALID_ARG_VALUE" })
  tap.raises(function() process.umask(-1) end, { code = "ERR_OUT_OF_RANGE" })
  tap.raises(function() process.umask(1.5) end, { code = "ERR_OUT_OF_RANGE", message = "an integer" })
  tap.raises(function() process.umask {} end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.is(process.umask(), old)
end)

tap.test("title is what ps shows, cut to the room there is", function()
  process.title = "mf title"
  tap.is(process.title, "mf title")
  tap.is(read "/proc/self/comm", "mf title\n")
  tap.like(read "/proc/self/cmdline", "^mf title")
  process.title = ("x"):rep(100000)
  tap.ok(#process.title >= 8 and #process.title < 100000)
  process.title = 5
  tap.is(process.title, "5")
end)

tap.test("the channel's names are nil without a channel", function()
  tap.is(process.send, nil)
  tap.is(process.disconnect, nil)
  tap.is(process.channel, nil)
  tap.is(process.connected, nil)
end)

tap.test("getBuiltinModule", function()
  tap.is(process.getBuiltinModule "events", require "events")
  tap.is(process.getBuiltinModule "node:path", require "path")
  tap.is(process.getBuiltinModule "nope", nil)
  tap.raises(function() process.getBuiltinModule(5) end, { code = "ERR_INVALID_ARG_TYPE" })
end)
