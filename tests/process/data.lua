-- Clocks, memory, processor time and their arguments (PR-60 to PR-62).
local tap = require "../lib/tap"

tap.test("hrtime", function()
  local t = process.hrtime()
  tap.is(#t, 2)
  tap.is(math.type(t[1]), "integer")
  tap.ok(t[2] >= 0 and t[2] < 1000000000)
  local d = process.hrtime(t)
  tap.ok(d[1] >= 0 and d[1] < 100 and d[2] >= 0 and d[2] < 1000000000, "a difference")
  tap.is(#process:hrtime(), 2, "with a colon")
  local a = process.hrtime.bigint()
  tap.ok(process.hrtime.bigint() >= a)
  tap.is(math.type(a), "integer")
  tap.raises(function() process.hrtime(5) end,
    { code = "ERR_INVALID_ARG_TYPE", message = '"time" argument must be an instance of Array' })
  tap.raises(function() process.hrtime { 1 } end,
    { code = "ERR_OUT_OF_RANGE", message = 'The value of "time" is out of range. It must be 2. Received 1' })
  tap.raises(function() process.hrtime { 1, "x" } end, { code = "ERR_INVALID_ARG_TYPE" })
end)

tap.test("memoryUsage", function()
  local m = process.memoryUsage()
  for _, key in ipairs { "rss", "heapTotal", "heapUsed", "external", "arrayBuffers" } do
    tap.is(math.type(m[key]), "integer", key)
    tap.ok(m[key] >= 0, key)
  end
  tap.ok(m.rss > 100000 and m.heapUsed > 10000 and m.heapTotal >= m.heapUsed)
  tap.ok(process.memoryUsage.rss() > 100000)
  tap.ok(process:memoryUsage().rss > 100000, "with a colon")
  local b = Buffer.alloc(1 << 20)
  tap.ok(process.memoryUsage().arrayBuffers >= m.arrayBuffers + #b, "Buffers are counted")
end)

tap.test("cpuUsage", function()
  local before = process.cpuUsage()
  local stop = before.user + before.system + 20000
  repeat
    local now = process.cpuUsage()
  until now.user + now.system >= stop
  local d = process.cpuUsage(before)
  tap.ok(d.user + d.system >= 20000, "microseconds since then")
  tap.raises(function() process.cpuUsage(5) end,
    { code = "ERR_INVALID_ARG_TYPE", message = '"prevValue" argument must be of type table. Received type number' })
  tap.raises(function() process.cpuUsage {} end,
    { code = "ERR_INVALID_ARG_TYPE", message = '"prevValue.user" property must be of type number. Received nil' })
  tap.raises(function() process.cpuUsage { user = -1, system = 1 } end,
    { code = "ERR_INVALID_ARG_VALUE", message = "The property 'prevValue.user' is invalid. Received %-1" })
end)

tap.test("resourceUsage has its 16 fields", function()
  local n = 0
  for key, value in pairs(process.resourceUsage()) do
    n = n + 1
    tap.is(math.type(value), "integer", key)
  end
  tap.is(n, 16)
  tap.ok(process.resourceUsage().maxRSS * 1024 >= process.memoryUsage.rss() // 2, "KiB")
end)

tap.test("uptime, limits of memory", function()
  tap.is(math.type(process.uptime()), "float")
  tap.ok(process.uptime() >= 0)
  tap.ok(process.constrainedMemory() > 0)
  tap.ok(process.availableMemory() > 0)
  tap.ok(process.availableMemory() <= os.totalmem())
end)
