-- A client of the benchmarks, a process of its own.
--   load PORT          32 connections ask again and again for two seconds; prints "rate N"
--   idle PORT COUNT    COUNT connections ask once and stay; prints "ready", ends with its standard input
local net = require "net"
local what, port, count = process.argv[3], tonumber(process.argv[4]), tonumber(process.argv[5] or 32)
local request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
local answered, stop = 0, false

local function connect(done)
  local c
  c = net.connect(port, "127.0.0.1", function() c:write(request) end)
  c:on("data", function()
    answered = answered + 1
    done(c)
  end)
  c:on("error", function(err)
    io.stderr:write(err.message, "\n")
    process.exit(1)
  end)
end

if what == "load" then
  local began = process.hrtime.bigint()
  for _ = 1, count do
    connect(function(c) if not stop then c:write(request) end end)
  end
  setTimeout(function()
    stop = true
    print(("rate %.1f"):format(answered / ((process.hrtime.bigint() - began) / 1e9)))
    process.exit(0)
  end, 2000)
else
  local open = 0
  local function start()
    if open == count then return end
    open = open + 1
    connect(start)
  end
  for _ = 1, 50 do start() end
  local timer
  timer = setInterval(function()
    if answered < count then return end
    clearInterval(timer)
    print "ready"
  end, 20)
  process.stdin:resume()
  process.stdin:on("end", function() process.exit(0) end)
end
