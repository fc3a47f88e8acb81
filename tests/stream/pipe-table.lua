-- The destination of a pipe may be any emitter with write and end; wrong ones are refused.
local tap = require "../lib/tap"
local stream = require "stream"

tap.test("an emitter made in Lua", function(done)
  local Sink = EventEmitter:extend "Sink"
  function Sink:write(chunk)
    self.text = (self.text or "") .. chunk
    if not self.full then
      self.full = true
      setImmediate(function() self:emit "drain" end)
      return false
    end
    return true
  end
  Sink["end"] = function(self)
    tap.is(self.text, "abc")
    done()
  end
  local r = stream.Readable { read = function() end }
  r:pipe(Sink())
  r:push "a"
  setImmediate(function()
    r:push "b"
    r:push "c"
    r:push(nil)
  end)
end)

tap.test("finish = false leaves the destination open", function(done)
  local w = stream.Writable { write = function(_, _, _, go_on) go_on() end }
  local r = stream.Readable { read = function() end }
  r:pipe(w, { finish = false })
  r:push(nil)
  r:on("close", function()
    tap.is(w.writableEnded, false)
    done()
  end)
end)

tap.test("what is no destination", function()
  local r = stream.Readable { read = function() end }
  for _, bad in ipairs { 1, "x", {}, print, EventEmitter() } do
    tap.raises(function() r:pipe(bad) end, { code = "ERR_INVALID_ARG_TYPE" })
  end
  tap.raises(function() r:pipe() end, { code = "ERR_INVALID_ARG_TYPE" })
  local w = stream.Writable { write = function() end }
  w:on("error", tap.expect(function(e) tap.is(e.code, "ERR_STREAM_CANNOT_PIPE") end))
  w:pipe(w)
end)
