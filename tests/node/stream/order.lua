-- The order of reads, writes, callbacks, events and ticks of one reader and one writer.
local stream = require "stream"

local n = 0
local r = stream.Readable { read = function(self)
  n = n + 1
  print("_read", n)
  self:push(n < 4 and "chunk" .. n or nil)
end }
for _, name in ipairs { "data", "end", "close", "pause", "resume", "error" } do
  r:on(name, function(x) print("r", name, x and tostring(x) or "-") end)
end

local w = stream.Writable { highWaterMark = 5,
  write = function(_, chunk, encoding, done)
    print("_write", tostring(chunk), encoding)
    done()
  end,
  final = function(_, done)
    print "_final"
    done()
  end }
for _, name in ipairs { "drain", "finish", "close", "error", "pipe", "unpipe" } do
  w:on(name, function() print("w", name) end)
end
print(w:write("abc", function(err) print("callback 1", err or "-") end))
print(w:write("defgh", "latin1", function() print "callback 2" end))
print(w.writableLength, w.writableNeedDrain)
w:finish("zz", function() print "callback of finish" end)
process.nextTick(function() print "tick" end)
print "end of script"
