-- Classes made in Lua: methods instead of options, own init, Duplex is both.
local tap = require "../lib/tap"
local stream = require "stream"

local Counter = stream.Readable:extend "Counter"
function Counter:init(last) self.n, self.last = 0, last end
function Counter:_read()
  self.n = self.n + 1
  self:push(self.n <= self.last and tostring(self.n) or nil)
end

local Collect = stream.Writable:extend "Collect"
function Collect:init(opts)
  stream.Writable.init(self, opts)
  self.parts = {}
end
function Collect:_write(chunk, encoding, done)
  self.parts[#self.parts + 1] = chunk .. "/" .. encoding
  done()
end
function Collect:_final(done)
  self.parts[#self.parts + 1] = "final"
  done()
end
function Collect:_destroy(err, done)
  self.parts[#self.parts + 1] = "destroy"
  done(err)
end

tap.test("a pipe between them", function(done)
  local c = Collect { highWaterMark = 1 }
  local r = Counter(3)
  tap.ok(instanceof(r, Counter) and instanceof(r, stream.Readable) and instanceof(r, EventEmitter))
  tap.ok(not instanceof(r, stream.Writable))
  tap.like(tostring(r), "^Counter")
  tap.is(r:pipe(c), c)
  c:on("close", function()
    tap.is_deep(c.parts, { "1/buffer", "2/buffer", "3/buffer", "final", "destroy" })
    done()
  end)
end)

tap.test("a Duplex is both", function(done)
  local Echo = stream.Duplex:extend "Echo"
  function Echo:_read() end
  function Echo:_write(chunk, _, go_on)
    self:push(chunk)
    go_on()
  end
  local e = Echo()
  tap.ok(instanceof(e, stream.Readable) and instanceof(e, stream.Writable) and instanceof(e, stream.Duplex))
  e:on("data", function(d)
    tap.is(tostring(d), "hi")
    done()
  end)
  e:write "hi"
end)

tap.test("a class without methods says so", function(done)
  local r = stream.Readable()
  r:on("error", function(err)
    tap.is(err.code, "ERR_METHOD_NOT_IMPLEMENTED")
    tap.raises(function() stream.Writable():write "x" end, { code = "ERR_METHOD_NOT_IMPLEMENTED" })
    done()
  end)
  r:resume()
end)

tap.test("objects", function(done)
  local seen = {}
  local r = stream.Readable { objectMode = true, read = function() end }
  for _, v in ipairs { 1, "two", { 3 } } do r:push(v) end
  r:push(false)
  r:push(nil)
  r:on("data", function(v) seen[#seen + 1] = v end)
  r:on("end", function()
    tap.is_deep(seen, { 1, "two", { 3 }, false })
    done()
  end)
end)
