-- EventEmitter beyond what tests/node compares: classes, odd names, many listeners, errors in between.
local tap = require "../lib/tap"
local EventEmitter = require "events"

tap.test("the module is the class", function()
  tap.is(require("events").EventEmitter, EventEmitter)
  tap.is(require "node:events", EventEmitter)
end)

tap.test("derived classes, and plain tables made emitters", function()
  local Chat = EventEmitter:extend "Chat"
  function Chat:init(who) self.who = who end
  local c = Chat "ann"
  local got
  c:on("hi", function(x) got = c.who .. x end)
  tap.is(c:emit("hi", "!"), true)
  tap.is(got, "ann!")
  local t = setmetatable({}, { __index = EventEmitter })
  EventEmitter.init(t)
  t:on("x", function(v) got = v end)
  t:emit("x", 5)
  tap.is(got, 5)
end)

tap.test("an override may call the parent's method", function()
  local Loud = EventEmitter:extend "Loud"
  local seen = {}
  function Loud:on(name, fn)
    seen[#seen + 1] = name
    return EventEmitter.on(self, name, fn)
  end
  local e = Loud()
  tap.is(e:on("x", print), e)
  tap.is_deep(seen, { "x" })
end)

tap.test("self must be an emitter", function()
  for _, name in ipairs { "on", "once", "emit", "off", "listeners", "listenerCount", "removeAllListeners", "eventNames", "rawListeners", "prependListener" } do
    tap.raises(function() EventEmitter[name](5, "x", print) end, { code = "ERR_INVALID_THIS" }, name)
  end
end)

tap.test("names may be any value but nil", function()
  local e = EventEmitter()
  local key = {}
  local n = 0
  local function f() n = n + 1 end
  e:on(1, f) e:on(1.5, f) e:on(true, f) e:on(key, f) e:on("", f)
  for _, name in ipairs { 1, 1.5, true, key, "" } do tap.is(e:emit(name), true) end
  tap.is(n, 5)
  tap.is(e:emit("1"), false)
  tap.is(e:emit(nil), false)
  tap.is(e:emit(), false)
  tap.raises(function() e:on(nil, f) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.is(#e:eventNames(), 5)
  e:removeAllListeners()
  tap.is(#e:eventNames(), 0)
end)

tap.test("eventNames are in order of bytes", function()
  local e = EventEmitter()
  for _, name in ipairs { "b", "a", "Z", "c" } do e:on(name, print) end
  tap.is_deep(e:eventNames(), { "Z", "a", "b", "c" })
end)

tap.test("callable objects as listeners", function()
  local e = EventEmitter()
  local n = 0
  local fn = setmetatable({}, { __call = function(_, v) n = n + v end,
    __index = function() error "a listener is not looked into" end })
  e:on("x", fn) e:once("x", fn)
  e:emit("x", 2)
  tap.is(n, 4)
  tap.is(e:listeners("x")[1], fn)
  e:off("x", fn)
  tap.is(e:emit("x", 1), false)
end)

tap.test("listeners and rawListeners are copies", function()
  local e = EventEmitter()
  e:on("x", print)
  local list = e:listeners "x"
  list[1] = nil
  tap.is(e:listenerCount "x", 1)
end)

tap.test("nested emits of one event, with changes in each", function()
  local e = EventEmitter()
  local order = {}
  local function note(s) return function(depth) order[#order + 1] = s .. depth end end
  local extra = note "extra"
  e:on("x", note "a")
  e:on("x", function(depth)
    order[#order + 1] = "b" .. depth
    if depth < 3 then
      e:on("x", extra)
      e:emit("x", depth + 1)
      e:off("x", extra)
    end
  end)
  e:on("x", note "c")
  e:emit("x", 1)
  tap.is(table.concat(order, " "), "a1 b1 a2 b2 a3 b3 c3 extra3 extra3 c2 extra2 c1")
  tap.is(e:listenerCount "x", 3)
end)

tap.test("an error in a nested emit leaves the lists whole", function()
  local e = EventEmitter()
  local n = 0
  e:on("x", function(deep) n = n + 1 if deep then error(Error "deep") end e:emit("x", true) end)
  e:on("x", function() n = n + 100 end)
  tap.raises(function() e:emit "x" end, "deep")
  tap.is(n, 2)
  e:removeAllListeners "x"
  e:on("x", function() n = 0 end)
  tap.is(e:emit "x", true)
  tap.is(n, 0)
end)

tap.test("once runs once, whatever its listener does", function()
  local e = EventEmitter()
  local n = 0
  e:once("x", function() n = n + 1 error(Error "no") end)
  tap.raises(function() e:emit "x" end, "no")
  tap.is(e:emit "x", false)
  tap.is(n, 1)
  local function f() n = n + 1 end
  for _ = 1, 3 do e:once("y", f) end
  e:emit "y"
  tap.is(n, 4)
  tap.is(e:listenerCount "y", 0)
end)

tap.test("a once listener that another one removes in the same emit runs still", function()
  local e = EventEmitter()
  local n = 0
  local function f() n = n + 1 end
  e:on("x", function() e:off("x", f) end)
  e:once("x", f)
  e:emit "x"
  tap.is(n, 1)
  e:emit "x"
  tap.is(n, 1)
end)

tap.test("errorMonitor, added before and after a listener of error", function()
  local e = EventEmitter()
  local seen = {}
  e:on("error", function(v) seen[#seen + 1] = "error " .. v end)
  e:on(EventEmitter.errorMonitor, function(v) seen[#seen + 1] = "monitor " .. v end)
  e:emit("error", 1)
  e:removeAllListeners "error"
  tap.raises(function() e:emit("error", 2) end, { code = "ERR_UNHANDLED_ERROR" })
  e:once("error", function(v) seen[#seen + 1] = "once " .. v end)
  e:emit("error", 3)
  tap.is(table.concat(seen, ", "), "monitor 1, error 1, monitor 2, monitor 3, once 3")
end)

tap.test("an unhandled error keeps what was emitted", function()
  local e = EventEmitter()
  tap.raises(function() e:emit "error" end, { code = "ERR_UNHANDLED_ERROR", message = "^Unhandled error%. %(nil%)$" })
  local value = { 1 }
  local err = tap.raises(function() e:emit("error", value) end, { code = "ERR_UNHANDLED_ERROR" })
  tap.is(err.context, value)
end)

tap.test("10,000 listeners", function()
  local e = EventEmitter()
  e:setMaxListeners(0)
  local n, count = 0, tap.scale(10000)
  local function f() n = n + 1 end
  for _ = 1, count do e:on("x", f) end
  e:emit "x"
  tap.is(n, count)
  for _ = 1, count do e:off("x", f) end
  tap.is(e:listenerCount "x", 0)
  for _ = 1, count // 10 do e:once("x", f) e:prependListener("x", f) end
  e:emit "x"
  tap.is(n, count + count // 10 * 2)
  tap.is(e:listenerCount "x", count // 10)
  e:removeAllListeners()
  tap.is(e:emit "x", false)
end)

tap.test("many arguments", function()
  local e = EventEmitter()
  local n
  e:on("x", function(...) n = select("#", ...) end)
  e:emit("x", table.unpack({}, 1, 200))
  tap.is(n, 200)
  e:on("x", function(...) n = n + select("#", ...) end)
  e:emit("x", table.unpack({}, 1, 200))
  tap.is(n, 400)
end)

tap.test("the warning has the emitter, the name and the count", function(done)
  local e = EventEmitter()
  local warnings = {}
  local function on_warning(w) warnings[#warnings + 1] = w end
  process.on("warning", on_warning)
  e:setMaxListeners(1)
  for _ = 1, 4 do e:on("x", print) end
  local o = EventEmitter()
  o:setMaxListeners(math.huge)
  for _ = 1, 30 do o:on("x", print) end
  setImmediate(function()
    process.off("warning", on_warning)
    tap.is(#warnings, 1)
    tap.is(warnings[1].name, "MaxListenersExceededWarning")
    tap.is(warnings[1].emitter, e)
    tap.is(warnings[1].type, "x")
    tap.is(warnings[1].count, 2)
    done()
  end)
end)

tap.test("await inside a listener of a synchronous emit", async(function()
  local e = EventEmitter()
  local order = {}
  e:on("x", function() order[#order + 1] = 1 await(nil) order[#order + 1] = 2 end)
  e:on("x", function() order[#order + 1] = 3 end)
  tap.is(e:emit "x", true)
  tap.is_deep(order, { 1, 2, 3 })
end))

tap.test("an emitter that only its listeners know is collected", function()
  local weak = setmetatable({}, { __mode = "k" })
  do
    local e = EventEmitter()
    e:on("x", function() return e end)
    e:once("x", function() return e end)
    weak[e] = true
  end
  collectgarbage() collectgarbage()
  tap.is(next(weak), nil)
end)
