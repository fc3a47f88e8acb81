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

tap.test("fields, methods, properties and elements of an object in C, in that order", function()
  local b = Buffer.from "abc"
  tap.is(b.missing, nil)
  tap.is(b.byteLength, 3, "the property, though the class has a function of that name")
  tap.is(b:toString(), "abc")
  b.toString = function() return "mine" end
  tap.is(b:toString(), "mine", "an extra field hides a method")
  tap.is(Buffer.from("abc"):toString(), "abc", "of this object alone")
  tap.is(b.byteLength, 3, "a property is still found")
  tap.is(b[1], 98)
  b.toString = nil
  tap.is(b:toString(), "abc", "and is gone again")
  tap.raises(function() b.length = 1 end, { name = "TypeError", message = "only a getter" })
end)

tap.test("what scripts add to a class is found in its objects, made before or after", function()
  local Uint8Array = Uint8Array
  local b = Buffer.from "abc"
  function Uint8Array:added() return #self end
  tap.is(b:added(), 3, "by way of the base")
  function Buffer:added() return "own" end
  tap.is(b:added(), "own")
  Buffer.added, Uint8Array.added = nil, nil
  tap.is(b.added, nil)
  local Readable = require "stream".Readable
  local A = Readable:extend "A"
  local B = A:extend "B"
  function A:readableFlowing() return "a method" end
  tap.is(B().readableFlowing, A.readableFlowing, "a class in Lua hides a property")
  tap.is(Readable().readableFlowing, nil)
end)

tap.test("metamethods taken out by the library debug touch no other values", function()
  for _, object in ipairs { Buffer.alloc(4), EventEmitter() } do
    local meta = debug.getmetatable(object)
    for _, value in ipairs { io.stdout, 5, "x", {}, print } do
      if type(meta.__index) == "function" then tap.is(meta.__index(value, "toString"), nil) end
      meta.__newindex(value, "x", 1)
    end
  end
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
