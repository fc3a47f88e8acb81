-- process: time, CPU and memory it has used
-- sample: S116
-- watch: the units. hrtime counts nanoseconds from an arbitrary moment, uptime seconds from the start,
--   cpuUsage microseconds of work; memory is in bytes.
-- try: let cpuUsage count from this very moment, process.cpuUsage(process.cpuUsage()): next to nothing
--   has been used since.
local t1 = process.hrtime.bigint()
local c1 = process.cpuUsage()
while process.hrtime.bigint() - t1 < 60000000 do end
local t2 = process.hrtime.bigint()
local used = process.cpuUsage(c1)

local function number(v) return math.type(v) == "integer" end

print("hrtime is in nanoseconds and grows: " .. tostring(t2 - t1 >= 55000000))
print("uptime is in seconds: " .. tostring(process.uptime() > 0 and process.uptime() < 60))
print("cpuUsage is in microseconds: used user and system time " ..
  tostring(used.user + used.system > 1000))

local m = process.memoryUsage()
print(("memory in bytes: rss %s, heapTotal >= heapUsed %s, external %s"):format(m.rss > 1e6,
  m.heapTotal >= m.heapUsed, m.external >= 0))
local r = process.resourceUsage()
print(("resourceUsage: maxRSS %s, userCPUTime %s"):format(r.maxRSS > 0, r.userCPUTime > 0))

print("uid and gid are numbers: " .. tostring(number(process.getuid()) and number(process.geteuid()) and
  number(process.getgid()) and number(process.getegid())))
print("groups is a list: " .. tostring(type(process.getgroups()) == "table"))
