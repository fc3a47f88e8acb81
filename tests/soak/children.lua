-- 2,000 children forked and ended in waves of 50, 200 alive at once, exchanging messages with all of them:
-- every message arrives, in order in its channel; descriptors and memory come back.
local tap = require "../lib/tap"
local child_process, fs = require "child_process", require "fs"

local total, wave, most, messages = 2000, 50, 200, 40
local echo = __dirname .. "/fixtures/echo.lua"

local function descriptors() return #fs.readdirSync "/proc/self/fd" end
local function resident()
  return tonumber(fs.readFileSync("/proc/self/statm", "utf8"):match "^%d+ (%d+)") * 4096
end

-- What is allocated, in Lua's heap and outside; freed memory that the allocator keeps is not.
local function used()
  for _ = 1, 3 do collectgarbage() end
  local usage = process.memoryUsage()
  return usage.heapUsed + usage.external
end

local function highest(samples, from, to)
  local most_of_them = 0
  for i = from, to do most_of_them = math.max(most_of_them, samples[i]) end
  return most_of_them
end

tap.test(total .. " children in waves", function(done)
  local started, ended, alive, peak = 0, 0, 0, 0
  local received, disorder, bad = 0, 0, 0
  local before, first, samples = descriptors(), used(), {}

  local function one(next_wave)
    local child = child_process.fork(echo)
    local got = 0
    started, alive = started + 1, alive + 1
    peak = math.max(peak, alive)
    child:on("message", function(m)
      got, received = got + 1, received + 1
      if m.i ~= got or m.text ~= ("x"):rep(got) then disorder = disorder + 1 end
      if got == messages // 2 then
        for i = got + 1, messages do child:send { i = i, text = ("x"):rep(i) } end
      elseif got == messages then
        child:disconnect()
      end
    end)
    for i = 1, messages // 2 do child:send { i = i, text = ("x"):rep(i) } end
    child:on("close", function(code, signal)
      if code ~= 0 or signal or got ~= messages then bad = bad + 1 end
      alive, ended = alive - 1, ended + 1
      next_wave()
    end)
  end

  local function finish()
    setTimeout(function()
      local last, half = used(), #samples // 2
      local early, late = highest(samples, 1, half), highest(samples, half + 1, #samples)
      tap.comment(("%d messages, at most %d alive; allocated %.2f MiB at first, %.2f MiB at the end; resident at most "
        .. "%.1f MiB in the first half, %.1f MiB in the second"):format(received, peak, first / 2^20, last / 2^20,
        early / 2^20, late / 2^20))
      tap.is(received, total * messages)
      tap.is(disorder, 0, "out of order")
      tap.is(bad, 0, "children that ended otherwise")
      tap.is(peak, most)
      tap.is(descriptors(), before, "descriptors")
      tap.ok(last <= first + 2^20, "what is allocated is back at its start")
      if tap.variant == "release" then -- sanitizers keep what is freed
        tap.ok(late <= early * 1.2 + 2^20, "resident memory does not grow")
      end
      done()
    end, 20)
  end

  local function go_on()
    if ended % wave == 0 then samples[#samples + 1] = resident() end
    if ended == total then return finish() end
    while started < total and alive <= most - wave do
      for _ = 1, wave do one(go_on) end
    end
  end
  go_on()
end)
