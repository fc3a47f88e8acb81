-- The option signal ends the child; a format of messages that is not there is refused.
local tap = require "../lib/tap"
local cp = require "child_process"

tap.test("an abort kills and tells", function(done)
  local ac = AbortController()
  local c = cp.spawn("sleep", { "60" }, { signal = ac.signal, killSignal = "SIGKILL" })
  local told
  c:on("error", function(e) told = e end)
  c:on("close", function(_, signal)
    tap.is_error(told, { name = "AbortError", code = "ABORT_ERR" })
    tap.is(signal, "SIGKILL")
    done()
  end)
  c:on("spawn", function() ac:abort() end)
end)

tap.test("aborted before: the child is started and ended", function(done)
  local c = cp.spawn("sleep", { "60" }, { signal = AbortSignal.abort() })
  c:on("error", tap.expect(function(e) tap.is(e.code, "ABORT_ERR") end))
  c:on("close", function(_, signal)
    tap.is(signal, "SIGTERM")
    done()
  end)
end)

tap.test("after the end nothing happens", function(done)
  local ac = AbortController()
  local c = cp.spawn("true", {}, { signal = ac.signal })
  c:on("error", tap.never())
  c:on("close", function()
    ac:abort()
    setImmediate(function() done() end)
  end)
end)

tap.test("wrong options", function()
  tap.raises(function() cp.spawn("true", {}, { signal = 1 }) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() cp.fork("x.lua", {}, { serialization = "x" }) end, { code = "ERR_INVALID_ARG_VALUE" })
  tap.raises(function() cp.fork("x.lua", {}, { maxMessageSize = 0 }) end, { code = "ERR_OUT_OF_RANGE" })
end)
