-- A fast source into a slow sink: the source stops when the sink is full.
local stream = require "stream"

local n = 0
local r = stream.Readable { highWaterMark = 8, read = function(self)
  n = n + 1
  print("_read", n, self.readableLength)
  self:push(n <= 6 and ("x"):rep(4) or nil)
end }
local w = stream.Writable { highWaterMark = 6, write = function(self, chunk, _, done)
  print("_write", #chunk, self.writableLength, r.readableLength)
  setImmediate(done)
end }
for _, name in ipairs { "end", "close", "pause", "resume" } do
  r:on(name, function() print("r", name, r.readableFlowing) end)
end
for _, name in ipairs { "drain", "finish", "close", "pipe", "unpipe" } do
  w:on(name, function(src) print("w", name, src == r) end)
end
print(r:pipe(w) == w)
