-- Paused mode: "readable" and read(n), unshift, setEncoding, the end.
local stream = require "stream"

local r = stream.Readable { read = function() print "_read" end }
r:push "abc"
r:push "defgh"
print(r.readableLength, r.readableFlowing)
r:on("readable", function()
  print("readable", r.readableLength)
  local chunk = r:read(4)
  print("read 4", chunk and tostring(chunk) or "null")
  if chunk and r.readableLength == 4 then
    r:unshift "XY"
    print("unshift", r.readableLength)
  end
  chunk = r:read()
  print("read", chunk and tostring(chunk) or "null")
end)
r:on("end", function() print("end", r.readableEnded) end)
r:on("close", function() print("close", r.destroyed) end)
print(r.readableFlowing)
setImmediate(function()
  print "more"
  r:push "0123456789"
  r:push(nil)
end)
