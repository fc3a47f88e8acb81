-- Node's functions of os stand in the stock table and say what the system says.
local tap = require "../lib/tap"

local function command(text)
  local pipe = assert(io.popen(text))
  local out = pipe:read "a"
  pipe:close()
  return (out:gsub("\n$", ""))
end

tap.test("one table", function()
  tap.is(require "os", os)
  tap.is(require "node:os", os)
  tap.is(type(os.time()), "number", "the stock functions are there")
  tap.is(type(os.date()), "string")
end)

tap.test("names of the system", function()
  tap.is(os.type(), command "uname -s")
  tap.is(os.release(), command "uname -r")
  tap.is(os.version(), command "uname -v")
  tap.is(os.machine(), command "uname -m")
  tap.is(os.hostname(), command "uname -n")
  tap.is(os.platform(), process.platform)
  tap.is(os.arch(), process.arch)
  tap.like(os.endianness(), "^[LB]E$")
  tap.is(os.EOL, "\n")
  tap.is(os.devNull, "/dev/null")
end)

tap.test("processors", function()
  local cpus = os.cpus()
  tap.ok(#cpus >= 1)
  tap.is(type(cpus[1].model), "string")
  tap.is(math.type(cpus[1].speed), "integer")
  for _, key in ipairs { "user", "nice", "sys", "idle", "irq" } do
    tap.is(math.type(cpus[1].times[key]), "integer", key)
  end
  tap.is(os.availableParallelism(), math.tointeger(command "nproc"))
end)

tap.test("memory, load, uptime", function()
  tap.ok(os.totalmem() > os.freemem() and os.freemem() > 0)
  tap.is(math.type(os.totalmem()), "integer")
  tap.is(#os.loadavg(), 3)
  tap.is(math.type(os.uptime()), "float")
  tap.ok(os.uptime() > 0)
end)

tap.test("network interfaces", function()
  for name, list in pairs(os.networkInterfaces()) do
    tap.is(type(name), "string")
    for _, a in ipairs(list) do
      tap.like(a.family, "^IPv[46]$")
      tap.is(a.cidr:sub(1, #a.address + 1), a.address .. "/")
      tap.like(a.mac, "^%x%x:%x%x:%x%x:%x%x:%x%x:%x%x$")
      tap.is(type(a.internal), "boolean")
      tap.is(math.type(a.scopeid), a.family == "IPv6" and "integer" or nil)
    end
  end
  local lo = os.networkInterfaces().lo
  if lo then
    tap.is(lo[1].address, "127.0.0.1")
    tap.is(lo[1].cidr, "127.0.0.1/8")
    tap.is(lo[1].internal, true)
  end
end)

tap.test("the user", function()
  local user = os.userInfo()
  tap.is(user.uid, process.geteuid())
  tap.is(user.gid, process.getegid())
  tap.is(user.username, command "id -un")
  tap.is(user.homedir:sub(1, 1), "/")
  tap.is(os.homedir(), process.env.HOME)
  tap.raises(function() os.userInfo(5) end, { code = "ERR_INVALID_ARG_TYPE" })
end)

tap.test("the folder for temporary files", function()
  local env, old = process.env, process.env.TMPDIR
  env.TMPDIR = "/foo/"
  tap.is(os.tmpdir(), "/foo")
  env.TMPDIR = "/"
  tap.is(os.tmpdir(), "/")
  env.TMPDIR = ""
  env.TMP, env.TEMP = nil, "/bar"
  tap.is(os.tmpdir(), "/bar")
  env.TMPDIR, env.TEMP = nil, nil
  tap.is(os.tmpdir(), "/tmp")
  env.TMPDIR = old
end)

tap.test("priority", function()
  local now = os.getPriority()
  tap.is(os.getPriority(process.pid), now)
  os.setPriority(now)
  os.setPriority(process.pid, now)
  tap.is(os.getPriority(0), now)
  local err = tap.raises(function() os.getPriority(99999999) end, {
    name = "SystemError", code = "ERR_SYSTEM_ERROR", errno = -3, syscall = "uv_os_getpriority",
    message = "^A system error occurred: uv_os_getpriority returned ESRCH %(no such process%)$",
  })
  tap.is(err.info.code, "ESRCH")
  tap.raises(function() os.setPriority(99999999, now) end, { code = "ERR_SYSTEM_ERROR" })
  tap.raises(function() os.setPriority(0, 50) end,
    { code = "ERR_OUT_OF_RANGE", message = '"priority" is out of range. It must be >= %-20 && <= 19. Received 50' })
  tap.raises(function() os.setPriority(1.5) end, { code = "ERR_OUT_OF_RANGE" })
  tap.raises(function() os.setPriority "a" end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() os.setPriority() end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() os.getPriority(1 << 40) end, { code = "ERR_OUT_OF_RANGE" })
end)

tap.test("constants", function()
  local c = os.constants
  tap.is(c.signals.SIGTERM, 15)
  tap.is(c.signals.SIGIOT, c.signals.SIGABRT)
  tap.is(c.errno.ENOENT, 2)
  tap.is(c.errno.EWOULDBLOCK, c.errno.EAGAIN)
  tap.is(c.priority.PRIORITY_HIGHEST, -20)
  tap.is(c.dlopen.RTLD_NOW, 2)
  tap.is(c.UV_UDP_REUSEADDR, 4)
end)

tap.test("execute and popen keep what they do in stock Lua", function()
  tap.is(os.execute(), true)
  local ok, what, code = os.execute "exit 3"
  tap.is(ok, nil)
  tap.is(what, "exit")
  tap.is(code, 3)
  tap.is(select(2, os.execute "kill -9 $$"), "signal")
  tap.is(os.execute "true", true)
  tap.is(require "io", io)
  local pipe = io.popen("cat > /dev/null; exit 4", "w")
  pipe:write "x"
  tap.is(select(3, pipe:close()), 4)
  tap.raises(function() os.execute {} end, "bad argument")
  tap.raises(function() os.exit "x" end, "bad argument")
end)
