-- Messages between parent and child: there and back, a stream each way, large strings, in both formats.
-- figure: trips | round trips of a small message, a second | ratio >= 1.5
-- figure: kernel | the same by bare read and write on a socket pair
-- figure: trips_advanced | round trips, advanced, a second | ratio >= 1.5
-- figure: from_child | small messages from the child, a second | ratio >= 2
-- figure: to_child | small messages to the child, a second | ratio >= 2
-- figure: to_child_advanced | the same, advanced | ratio >= 2
-- figure: large | 1 MiB strings echoed, a second | ratio >= 2
-- figure: large_advanced | the same, advanced | ratio >= 2
local child_process = require "child_process"
local child_file = __dirname .. "/ipc-child.lua"

local function child(task, serialization)
  return child_process.fork(child_file, { task }, { serialization = serialization })
end

-- Calls done(rate) for n rounds of a message that comes back.
local function echo(n, message, serialization, done)
  local c = child("echo", serialization)
  local left, began = n + n // 10 + 1, nil
  c:on("message", function()
    left = left - 1
    if left == n then began = process.hrtime.bigint() end
    if left > 0 then return c:send(message) end
    local took = process.hrtime.bigint() - began
    c:disconnect()
    done(n * 1e9 / took)
  end)
  c:send(message)
end

local function from_child(n, done)
  local c = child "stream"
  local seen, began = 0, nil
  c:on("message", function()
    seen = seen + 1
    if seen == 1 then began = process.hrtime.bigint() end
    if seen < n then return end
    local took = process.hrtime.bigint() - began
    c:disconnect()
    done(n * 1e9 / took)
  end)
  c:send(n)
end

local function to_child(n, serialization, done)
  local c = child("sink", serialization)
  local began
  c:on("message", function(m)
    if m == 1 then
      began = process.hrtime.bigint()
      for i = 1, n do c:send { i = i, name = "message", done = false } end
      return c:send "end"
    end
    local took = process.hrtime.bigint() - began
    c:disconnect()
    done(n * 1e9 / took)
  end)
  c:send "end"
end

local function kernel(done)
  child_process.execFile("perl", { __dirname .. "/socketpair.pl" }, function(_, out) done(tonumber(out) or 0) end)
end

local large = ("0123456789abcdef"):rep(65536)
local small = { i = 1, name = "message", done = false }
local steps = {
  { "trips", function(done) echo(10000, small, "json", done) end },
  { "kernel", kernel },
  { "trips_advanced", function(done) echo(10000, small, "advanced", done) end },
  { "from_child", function(done) from_child(100000, done) end },
  { "to_child", function(done) to_child(100000, "json", done) end },
  { "to_child_advanced", function(done) to_child(100000, "advanced", done) end },
  { "large", function(done) echo(60, large, "json", done) end },
  { "large_advanced", function(done) echo(60, large, "advanced", done) end }
}

local function run(i)
  if not steps[i] then return end
  steps[i][2](function(rate)
    print(("%s %.1f"):format(steps[i][1], rate))
    run(i + 1)
  end)
end

run(1)
