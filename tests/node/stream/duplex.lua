-- The two halves of a Duplex, allowHalfOpen, an echo.
local stream = require "stream"

local function watch(name, s)
  for _, event in ipairs { "data", "end", "finish", "close", "prefinish" } do
    s:on(event, function(x) print(name, event, x and tostring(x) or "-") end)
  end
  return s
end

local echo = watch("echo", stream.Duplex { read = function() end,
  write = function(self, chunk, _, done) self:push(chunk) done() end,
  final = function(self, done) print "_final" self:push(nil) done() end })
echo:write "one"
echo:finish "two"

local half = watch("half", stream.Duplex { allowHalfOpen = false, read = function(self) self:push(nil) end,
  write = function(_, _, _, done) done() end })
print(half.allowHalfOpen, half.writable, half.readable)

local off = stream.Duplex { readable = false, write = function(_, _, _, done) done() end }
print(off.readable, off.writable, off.readableEnded)
off:on("close", function() print "off close" end)
off:finish()

local both = stream.Duplex { readableHighWaterMark = 3, writableHighWaterMark = 4, readableObjectMode = true }
print(both.readableHighWaterMark, both.writableHighWaterMark, both.readableObjectMode, both.writableObjectMode)
print(instanceof(both, stream.Readable), instanceof(both, stream.Writable), instanceof(both, EventEmitter))
