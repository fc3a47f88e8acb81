-- AbortSignal and EventTarget beyond what tests/node compares.
local tap = require "../lib/tap"
local events = require "events"

tap.test("timers/promises.setInterval ends with the signal", async(function()
  local c, n = AbortController(), 0
  local ok, e = pcall(function()
    for v in require("timers/promises").setInterval(1, "tick", { signal = c.signal }) do
      tap.is(v, "tick")
      n = n + 1
      if n == 3 then c:abort "enough" end
    end
  end)
  tap.is(ok, false)
  tap.is_error(e, { code = "ABORT_ERR", message = "The operation was aborted" })
  tap.is(e.cause, "enough")
  tap.is(n, 3)
end))

tap.test("events.on ends with the signal and leaves nothing", async(function()
  local c, e = AbortController(), EventEmitter()
  process.nextTick(function() e:emit("x", 1) c:abort() end)
  local got = {}
  local ok, err = pcall(function() for args in events.on(e, "x", { signal = c.signal }) do got[#got + 1] = args[1] end end)
  tap.is(ok, false)
  tap.is(err.code, "ABORT_ERR")
  tap.is_deep(got, { 1 })
  tap.is(e:listenerCount "x" + e:listenerCount "error", 0)
end))

tap.test("what was waited for leaves nothing at the signal", async(function()
  local c, e = AbortController(), EventEmitter()
  process.nextTick(function() e:emit "x" end)
  await(events.once(e, "x", { signal = c.signal }))
  await(require("timers/promises").setTimeout(1, nil, { signal = c.signal }))
  tap.is(#events.getEventListeners(c.signal, "abort"), 0)
end))

tap.test("onabort is one listener, replaced in its place", function()
  local c, seen = AbortController(), {}
  c.signal.onabort = function() seen[#seen + 1] = "old" end
  c.signal:addEventListener("abort", function() seen[#seen + 1] = "listener" end)
  c.signal.onabort = function() seen[#seen + 1] = "new" end
  c:abort()
  tap.is_deep(seen, { "new", "listener" })
  tap.is(type(c.signal.onabort), "function")
  c.signal.onabort = nil
  tap.is(c.signal.onabort, nil)
end)

tap.test("a listener that raises does not stop the others", function(done)
  local t, seen = EventTarget(), {}
  t:addEventListener("x", function() error(Error "one") end)
  t:addEventListener("x", function() seen[#seen + 1] = "two" end)
  process:once("uncaughtException", function(e)
    tap.is(e.message, "one")
    tap.is_deep(seen, { "two" })
    done()
  end)
  t:dispatchEvent(Event "x")
end)

tap.test("removing and adding while an event is sent", function()
  local t, seen = EventTarget(), {}
  local function second() seen[#seen + 1] = "second" end
  t:addEventListener("x", function()
    t:removeEventListener("x", second)
    t:addEventListener("x", function() seen[#seen + 1] = "added" end, { once = true })
  end, { once = true })
  t:addEventListener("x", second)
  t:dispatchEvent(Event "x")
  tap.is_deep(seen, {})
  t:dispatchEvent(Event "x")
  tap.is_deep(seen, { "added" })
  tap.is(#events.getEventListeners(t, "x"), 0)
end)

tap.test("classes of one's own", function()
  local Bell = EventTarget:extend "Bell"
  function Bell:init(tone) self.tone = tone end
  local Ring = Event:extend "Ring"
  local b, got = Bell "c", nil
  b:addEventListener("ring", function(e) got = e.target.tone .. e.type .. tostring(instanceof(e, Ring)) end)
  b:dispatchEvent(Ring "ring")
  tap.is(got, "cringtrue")
  tap.raises(function() b:dispatchEvent(5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() b:addEventListener("x", 5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() b:addEventListener "x" end, { code = "ERR_MISSING_ARGS" })
  tap.raises(function() b:addEventListener("x", print, { signal = 5 }) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() Event() end, { code = "ERR_MISSING_ARGS" })
  local again
  b:addEventListener("again", function(e) again = select(2, pcall(b.dispatchEvent, b, e)) end)
  b:dispatchEvent(Event "again")
  tap.is(again.code, "ERR_EVENT_RECURSION")
end)

tap.test("signals that nobody holds are collected, with their timers' end", function(done)
  local weak = setmetatable({}, { __mode = "k" })
  weak[AbortController()] = true
  weak[AbortSignal.any { AbortController().signal }] = true
  setImmediate(function()
    collectgarbage()
    collectgarbage()
    tap.is(next(weak), nil)
    done()
  end)
end)

tap.test("events.addAbortListener", function(done)
  local events = require "events"
  local told = {}
  local function note(what) return function(event) told[#told + 1] = what .. (event and event.type or "") end end
  local ac = AbortController()
  ac.signal:addEventListener("abort", function(event) event:stopImmediatePropagation() end)
  events.addAbortListener(ac.signal, note "one ")
  events.addAbortListener(ac.signal, note "off ").dispose()
  do local _ <close> = events.addAbortListener(ac.signal, note "closed ") end
  ac:abort()
  events.addAbortListener(ac.signal, note "late")
  tap.is_deep(told, { "one abort" })
  tap.raises(function() events.addAbortListener(5, print) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() events.addAbortListener(ac.signal, 5) end, { code = "ERR_INVALID_ARG_TYPE" })
  setTimeout(function()
    tap.is_deep(told, { "one abort", "late" })
    done()
  end, 1)
end)
