-- process.getActiveResourcesInfo lists what keeps the program running, and nothing else.
local tap = require "../lib/tap"

local function count(kind)
  local n = 0
  for _, name in ipairs(process.getActiveResourcesInfo()) do n = n + (name == kind and 1 or 0) end
  return n
end

tap.test("timers and immediates, unless unref'd", function()
  local before = count "Timeout"
  local t = setTimeout(tap.never(), 10000)
  tap.is(count "Timeout", before + 1)
  t:unref()
  tap.is(count "Timeout", before)
  clearTimeout(t)
  local im = setImmediate(tap.never())
  tap.is(count "Immediate", 1)
  clearImmediate(im)
  tap.is(count "Immediate", 0)
end)

tap.test("a signal's listener is none", function()
  local before = #process.getActiveResourcesInfo()
  local function listener() end
  process:on("SIGUSR2", listener)
  tap.is(#process.getActiveResourcesInfo(), before)
  process:off("SIGUSR2", listener)
end)

tap.test("a child is one, as in Node", function(done)
  local child = require "child_process".spawn("true", { stdio = "ignore" })
  tap.is(count "ProcessWrap", 1)
  child:on("close", function()
    tap.is(count "ProcessWrap", 0)
    done()
  end)
end)
