-- Errors: who gets them, in which order, with which code.
local stream = require "stream"

local function watch(name, s)
  for _, event in ipairs { "error", "close", "finish", "end" } do
    s:on(event, function(e) print(name, event, e and e.message or "-", e and e.code or "-") end)
  end
  return s
end
local function told(name)
  return function(e) print(name, e and e.message or "-", e and e.code or "-") end
end

local w = watch("after end", stream.Writable { write = function(_, _, _, done) done() end })
w:finish "a"
print(w:write("b", told "write after end"))
w:finish(told "second end")

local d = watch("destroyed", stream.Writable { write = function() end })
d:write("a", told "first")
d:write("b", told "second")
d:finish(told "end")
d:destroy()
print(d:write("c", told "third"))
print(d.destroyed, d.writable)

local f = watch("failing", stream.Writable { write = function(_, _, _, done) done(Error "disk full") end })
f:write("a", told "a")
f:write("b", told "b")
print(f.errored and f.errored.message, f.destroyed)

local late = watch("late", stream.Writable { write = function(_, _, _, done)
  setImmediate(function() done(Error "late") end)
end })
late:write("a", told "late a")
late:write("b", told "late b")

local p = watch("eof", stream.Readable { read = function() end })
p:push(nil)
print(p:push "x")

local t = watch("throws", stream.Readable { read = function() error(Error "in _read", 0) end })
t:resume()

local k = watch("destroy(err)", stream.Readable { read = function() end, destroy = function(_, e, done)
  print("_destroy", e.message)
  setImmediate(function() done(e) end)
end })
k:destroy(Error "boom")
k:destroy(Error "ignored")

local twice = watch("twice", stream.Writable { write = function(_, _, _, done) done() done() end })
twice:write "a"

for _, bad in ipairs { function() w:write(nil) end, function() w:write(5) end,
  function() w:write("a", "klingon") end, function() w:setDefaultEncoding "klingon" end,
  function() stream.Readable { highWaterMark = -1 } end } do
  local ok, e = pcall(bad)
  print(ok, e.name, e.code, e.message)
end
