-- pause, resume, listeners that come and go, construct, unpipe, several destinations, errors in pipes.
local stream = require "stream"

local r = stream.Readable { read = function() end }
local seen = function(d) print("data", tostring(d)) end
for _, name in ipairs { "pause", "resume", "end" } do r:on(name, function() print(name) end) end
print(r:isPaused(), r.readableFlowing)
r:on("data", seen)
r:push "1"
print(r:isPaused(), r.readableFlowing)
setImmediate(function()
  r:push "2"
  r:pause()
  r:push "3"
  print(r:isPaused(), r.readableFlowing, r.readableLength)
  setImmediate(function()
    r:resume()
    setImmediate(function()
      r:off("data", seen)
      r:push "lost?"
      print(r.readableFlowing, r.readableLength)
      setImmediate(function()
        print(r.readableLength)
        r:on("readable", function() print("readable", tostring(r:read())) end)
        r:push "4"
        r:push(nil)
      end)
    end)
  end)
end)

local c = stream.Writable { construct = function(_, done) print "_construct" setImmediate(done) end,
  write = function(_, chunk, _, done) print("constructed write", tostring(chunk)) done() end }
c:write "early"
c:finish()
c:on("finish", function() print "constructed finish" end)

local function sink(name, fail)
  local w = stream.Writable { write = function(_, chunk, _, done)
    print(name, tostring(chunk))
    done(fail and Error(fail) or nil)
  end }
  w:on("unpipe", function() print(name, "unpipe") end)
  w:on("finish", function() print(name, "finish") end)
  return w
end
local src = stream.Readable { read = function() end }
local a, b, bad = sink "a", sink "b", sink("bad", "no space")
bad:on("error", function(e) print("bad", "error", e.message) end)
src:pipe(a)
src:pipe(b, { ["end"] = false })
src:pipe(bad)
src:push "x"
setTimeout(function()
  src:push "y"
  setImmediate(function()
    src:unpipe(a)
    src:push "z"
    src:push(nil)
    src:on("end", function() print("src end", a.writableEnded, b.writableEnded) end)
  end)
end, 20)
