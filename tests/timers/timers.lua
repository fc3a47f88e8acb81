-- setTimeout, setInterval, setImmediate: arguments, ids, refs, memory.
local tap = require "../lib/tap"

tap.test("arguments", function()
  for _, fn in ipairs { setTimeout, setInterval, setImmediate } do
    tap.raises(fn, { code = "ERR_INVALID_ARG_TYPE",
      message = '^The "callback" argument must be of type function%. Received nil$' })
    tap.raises(function() fn(5) end, { message = "Received type number %(5%)$" })
  end
end)

tap.test("extra arguments, nil among them, reach the callback", function(done)
  setTimeout(function(...)
    tap.is(select("#", ...), 3)
    tap.is_deep({ (...), select(3, ...) }, { 1, "three" })
    setImmediate(function(...)
      tap.is(select("#", ...), 2)
      done()
    end, nil, nil)
  end, 1, 1, nil, "three")
end)

tap.test("a callable object will do", function(done)
  setTimeout(setmetatable({}, { __call = function(_, v) tap.is(v, 7) done() end }), 1, 7)
end)

tap.test("a delay that is too large warns and is 1 ms", function(done)
  local warned = 0
  process.once("warning", function(w)
    tap.is(w.name, "TimeoutOverflowWarning")
    tap.is(w.message, "2147483648 does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.")
    warned = warned + 1
  end)
  setTimeout(function() tap.is(warned, 1) done() end, 2147483648)
end)

tap.test("odd delays are 1 ms", function(done)
  local left = 0
  for _, delay in ipairs { 0, -1, 0 / 0, "x", "2", {}, true, 0.3, print } do
    left = left + 1
    setTimeout(function()
      left = left - 1
      if left == 0 then done() end
    end, delay)
  end
end)

tap.test("ref, unref, hasRef, refresh, close, id", function()
  local t = setTimeout(tap.never "closed", 10000)
  tap.is(t:hasRef(), true)
  tap.is(t:unref(), t)
  tap.is(t:hasRef(), false)
  tap.is(t:ref(), t)
  tap.is(t:refresh(), t)
  tap.is(math.type(t.id), "integer")
  tap.is(tostring(t), tostring(t.id))
  tap.is(t:close(), t)
  tap.is(t:refresh(), t)
  tap.raises(function() t.ref(5) end, { code = "ERR_INVALID_THIS" })
  tap.raises(function() t.id = 4 end)
  local i = setImmediate(tap.never "cleared")
  tap.is(i:hasRef(), true)
  tap.is(i:unref():ref():hasRef(), true)
  clearImmediate(i)
  tap.is(i:hasRef(), false)
  clearImmediate(nil) clearImmediate(5) clearImmediate {}
end)

tap.test("the classes cannot be called", function()
  local timers = require "timers"
  tap.raises(function() timers.Timeout() end, { code = "ERR_ILLEGAL_CONSTRUCTOR" })
  tap.raises(function() timers.Immediate() end, { code = "ERR_ILLEGAL_CONSTRUCTOR" })
  tap.is(timers.setTimeout, setTimeout)
  tap.is(timers.promises, require "timers/promises")
  tap.is(require "node:timers", timers)
end)

tap.test("clearTimeout in every form", function(done)
  clearTimeout(setTimeout(tap.never(), 1))
  clearTimeout(setTimeout(tap.never(), 1).id)
  clearTimeout(tostring(setTimeout(tap.never(), 1)))
  clearTimeout(setInterval(tap.never(), 1))
  clearInterval(setTimeout(tap.never(), 1))
  for _, v in ipairs { -1, 0, 1.5, "x", {}, true, print } do clearTimeout(v) end
  clearTimeout()
  do local t <close> = setTimeout(tap.never(), 1) end
  setTimeout(done, 5)
end)

tap.test("an interval that clears itself, by clearTimeout, in its own call", function(done)
  local t
  t = setInterval(tap.expect(function()
    clearTimeout(t)
    setTimeout(done, 5)
  end), 1)
end)

tap.test("an interval goes on after an error in it", function(done)
  local n, t = 0
  local errors = {}
  local function on_error(e) errors[#errors + 1] = e.message end
  process.on("uncaughtException", on_error)
  t = setInterval(function()
    n = n + 1
    if n == 2 then
      clearInterval(t)
      process.off("uncaughtException", on_error)
      tap.is_deep(errors, { "one" })
      return done()
    end
    error(Error "one")
  end, 1)
end)

tap.test("refresh from inside the callback, and of one that has fired", function(done)
  local n, t = 0
  t = setTimeout(function()
    n = n + 1
    if n == 1 then t:refresh() end
    if n == 2 then setTimeout(function() t:refresh() end, 1) end
    if n == 3 then done() end
  end, 1)
end)

tap.test("a slow interval queues up no calls", function(done)
  local n, t = 0
  local from
  t = setInterval(function()
    n = n + 1
    if n == 1 then
      from = process.hrtime.bigint()
      while process.hrtime.bigint() - from < 30e6 do end
      setTimeout(function()
        clearInterval(t)
        tap.ok(n <= 3, "calls after 30 ms of a 5 ms interval: " .. n)
        done()
      end, 1)
    end
  end, 5)
end)

tap.test("what waits is kept alive, what is over is collected", function(done)
  local weak = setmetatable({}, { __mode = "k" })
  weak[setTimeout(function()
    setImmediate(function()
      collectgarbage() collectgarbage()
      tap.is(next(weak), nil)
      done()
    end)
  end, 2)] = true
  collectgarbage() collectgarbage()
  tap.ok(next(weak))
end)

tap.test("getActiveResourcesInfo counts those with a ref", function()
  local before = #process.getActiveResourcesInfo()
  local t, u, i = setTimeout(print, 10000), setTimeout(print, 10000):unref(), setImmediate(tap.never())
  tap.is(#process.getActiveResourcesInfo() - before, 2)
  clearTimeout(t) clearTimeout(u) clearImmediate(i)
  tap.is(#process.getActiveResourcesInfo(), before)
end)

tap.test("many timers: one delay, many delays, cleared in any order", function(done)
  local n = tap.scale(20000)
  local fired, all = 0, {}
  for i = 1, n do
    all[i] = setTimeout(function() fired = fired + 1 end, i % 3 == 0 and 1 + i % 700 or 2)
  end
  for i = 1, n, 2 do clearTimeout(all[i]) end
  for i = n, 1, -4 do clearTimeout(all[i]) end
  local left = 0
  for i = 1, n do
    if i % 2 == 0 and (n - i) % 4 ~= 0 then left = left + 1 end
  end
  setTimeout(function()
    tap.is(fired, left)
    done()
  end, 900)
end)

tap.test("the finalizer of an object may touch timers", function()
  local t = setTimeout(print, 100000):unref()
  local i = setImmediate(function() end)
  Kept = setmetatable({}, { __gc = function()
    clearTimeout(t) t:refresh() t:ref() clearImmediate(i) pcall(setTimeout, print, 1)
  end })
end)
