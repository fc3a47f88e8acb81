-- A fast source piped into a slow sink: what is buffered stays at the high-water marks.
local tap = require "../lib/tap"
local stream = require "stream"

tap.test("memory stays at the marks", function(done)
  local total, produced, taken, most = tap.scale(400), 0, 0, 0
  local r = stream.Readable { read = function(self)
    produced = produced + 1
    self:push(produced <= total and Buffer.alloc(16384) or nil)
  end }
  local w = stream.Writable { write = function(self, chunk, _, go_on)
    taken = taken + #chunk
    most = math.max(most, self.writableLength + r.readableLength)
    setImmediate(go_on)
  end }
  r:pipe(w)
  w:on("finish", function()
    tap.is(taken, total * 16384)
    tap.ok(most <= 5 * 16384, most .. " bytes at most")
    done()
  end)
end)

tap.test("write says false at the mark, drain comes once", function(done)
  local drains, calls = 0, {}
  local w = stream.Writable { highWaterMark = 10, write = function(_, _, _, go_on) calls[#calls + 1] = go_on end }
  w:on("drain", function() drains = drains + 1 end)
  tap.is(w:write "12345", true)
  tap.is(w:write "12345", false)
  tap.is(w.writableNeedDrain, true)
  calls[1]()
  tap.is(drains, 0, "half of it is not enough")
  calls[2]()
  tap.is(drains, 1)
  tap.is(w.writableNeedDrain, false)
  done()
end)
