-- cork gathers writes into one _writev; drain, corked writes at the end, object mode.
local stream = require "stream"

local function chunks(list)
  local texts = {}
  for i, entry in ipairs(list) do texts[i] = tostring(entry.chunk) .. "/" .. (entry.encoding or "-") end
  return table.concat(texts, " ")
end

local w = stream.Writable { highWaterMark = 4,
  write = function(_, chunk, encoding, done) print("_write", tostring(chunk), encoding) setImmediate(done) end,
  writev = function(_, list, done) print("_writev", chunks(list)) setImmediate(done) end }
w:on("drain", function() print "drain" end)
w:on("finish", function() print "finish" end)
w:on("close", function() print "close" end)
w:cork()
w:cork()
print(w:write "a", w:write("bb", function() print "bb" end), w:write "cc")
print(w.writableCorked, w.writableLength)
w:uncork()
process.nextTick(function()
  print "uncork"
  w:uncork()
  w:write "d"
  w:write("e", function() print "e" end)
  w:once("drain", function()
    w:cork()
    w:write "6869"
    w:write("6869", "hex")
    w:finish()
  end)
end)

local o = stream.Writable { objectMode = true, highWaterMark = 2, decodeStrings = false,
  write = function(_, value, encoding, done) print("object", tostring(value), encoding or "-") done() end }
o:on("drain", function() print "object drain" end)
print(o:write(1), o:write "two", o:write(false))

local s = stream.Writable { decodeStrings = false, defaultEncoding = "latin1",
  write = function(_, chunk, encoding, done) print(type(chunk), encoding) done() end }
s:write "x"
s:write("y", "utf8")
s:setDefaultEncoding "ascii"
s:write "z"
