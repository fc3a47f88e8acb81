-- A buffer is a bus station
-- sample: S033
-- watch: who arrives faster than the bus leaves waits in the station, and write says when it is full; a
--   bus that asks for four passengers gets none until four are there.
-- try: a station for 8 (highWaterMark = 8): everybody may go on.
local stream = require "stream"

-- Slower: the bus waits until four passengers are there.
local function slower()
  local station = stream.PassThrough()
  station:write "ab"
  print("four passengers there? " .. (station:read(4) or "no"))
  station:write "cde"
  print("four passengers there? " .. station:read(4))
  print("left for the next bus: " .. station.readableLength)
  station:finish()
  print("last bus takes the rest: " .. station:read())
end

-- Faster: passengers wait in the station, write() says when it is full.
local bus = stream.Writable {
  highWaterMark = 4,
  write = function(_, chunk, _, cb)
    print("bus leaves with " .. chunk)
    setTimeout(cb, 5)
  end,
}
print("aa may go on: " .. tostring(bus:write "aa"))
print("bb may go on: " .. tostring(bus:write "bb"))
print("cc may go on: " .. tostring(bus:write "cc"))
print("waiting in the station: " .. bus.writableLength .. " bytes")
bus:once("drain", function()
  print("drain: waiting " .. bus.writableLength .. " bytes")
  bus:finish "dd"
end)
bus:on("finish", function()
  print "finish"
  slower()
end)
