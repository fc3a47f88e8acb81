-- Classes: construction, extension, extra fields, who is self.
local tap = require "../lib/tap"
local EventEmitter = require "events"

tap.test("a class is called, its instances are told apart", function()
  local A = EventEmitter:extend "A"
  function A:init(x) self.x = x end
  local B = A:extend "B"
  function B:twice() return self.x * 2 end
  local b = B(21)
  tap.is(b:twice(), 42)
  tap.ok(instanceof(b, B))
  tap.ok(instanceof(b, A))
  tap.ok(instanceof(b, EventEmitter))
  tap.ok(not instanceof(A(1), B))
  tap.ok(not instanceof({}, A))
  tap.ok(not instanceof(5, A))
  tap.like(tostring(b), "^B: ")
end)

tap.test("an override calls its parent's method with a dot", function()
  local A = EventEmitter:extend "A"
  function A:on(name, fn)
    self.count = (self.count or 0) + 1
    return EventEmitter.on(self, name, fn)
  end
  local a = A()
  a:on("x", print)
  tap.is(a.count, 1)
  tap.is(a:listenerCount "x", 1)
end)

tap.test("any object takes extra fields", function()
  local e = EventEmitter()
  tap.is(e.name, nil)
  e.name = "x"
  e[1] = "one"
  tap.is(e.name, "x")
  tap.is(e[1], "one")
  e.name = nil
  tap.is(e.name, nil)
  tap.is(e:listenerCount "x", 0, "methods are still there")
end)

tap.test("a property without a setter says so", function()
  tap.raises(function() process.pid = 1 end, { name = "TypeError", message = "only a getter" })
end)

tap.test("a wrong self is named", function()
  local e = EventEmitter()
  tap.raises(function() e.on("x", print) end, { code = "ERR_INVALID_THIS", message = "colon" })
  tap.raises(function() e.on(io.stdout, "x", print) end, { code = "ERR_INVALID_THIS" })
  tap.raises(function() e.emit() end, { code = "ERR_INVALID_THIS" })
end)

tap.test("any table becomes an emitter", function()
  local t = {}
  EventEmitter.init(t)
  local got
  EventEmitter.on(t, "x", function(v) got = v end)
  EventEmitter.emit(t, "x", 7)
  tap.is(got, 7)
end)

tap.test("metatables are out of reach", function()
  tap.is(getmetatable(EventEmitter()), EventEmitter)
  tap.raises(function() setmetatable(EventEmitter:extend "A"(), {}) end, "protected")
end)

tap.test("extend and instanceof check their arguments", function()
  tap.raises(function() EventEmitter.extend({}, "A") end, { code = "ERR_INVALID_THIS" })
  tap.raises(function() EventEmitter:extend() end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() instanceof(1, {}) end, { code = "ERR_INVALID_ARG_TYPE" })
end)
