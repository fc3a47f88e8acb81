-- The memory of a hello script when it has said hello.
-- figure: rss_kb | resident memory of a hello script, kB | ratio <= 1/8
print("hello")
local status = assert(io.open("/proc/self/status"))
print("rss_kb " .. status:read("a"):match("VmRSS:%s*(%d+)"))
status:close()
