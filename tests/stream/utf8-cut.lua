-- setEncoding never cuts a character, wherever the chunks are cut.
local tap = require "../lib/tap"
local stream = require "stream"

local text = "a\u{e9}\u{20ac}\u{1F600}z"

local function read_all(encoding, chunks, done)
  local r, parts = stream.Readable { read = function() end }, {}
  r:setEncoding(encoding)
  for _, chunk in ipairs(chunks) do r:push(chunk) end
  r:push(nil)
  r:on("data", function(d)
    parts[#parts + 1] = d
    tap.is(type(d), "string")
    if encoding == "utf8" then tap.ok(utf8.len(d), "whole characters") end
  end)
  r:on("end", function() done(table.concat(parts), parts) end)
end

local function split(bytes, size)
  local list = {}
  for i = 1, #bytes, size do list[#list + 1] = bytes:sub(i, i + size - 1) end
  return list
end

for size = 1, 5 do
  tap.test("utf8 by " .. size, function(done)
    read_all("utf8", split(text, size), function(got)
      tap.is(got, text)
      done()
    end)
  end)
  tap.test("utf16le by " .. size, function(done)
    read_all("utf16le", split(Buffer.from(text, "utf16le"):bytes(), size), function(got)
      tap.is(got, text)
      done()
    end)
  end)
  tap.test("base64 by " .. size, function(done)
    read_all("base64", split(text, size), function(got)
      tap.is(got, Buffer.from(text):toString "base64")
      done()
    end)
  end)
end

tap.test("a cut end is one U+FFFD", function(done)
  read_all("utf8", { "a\xe2", "\x82" }, function(got)
    tap.is(got, "a\u{FFFD}")
    done()
  end)
end)

tap.test("invalid bytes do not swallow the next character", function(done)
  read_all("utf8", { "\xe2", "\xe2\x82\xac", "\xf0\x9f", "x" }, function(got)
    tap.is(got, "\u{FFFD}\u{20ac}\u{FFFD}x")
    done()
  end)
end)

tap.test("read(n) of text keeps characters whole", function(done)
  local r = stream.Readable { read = function() end }
  r:setEncoding "utf8"
  r:push "a\u{20ac}b"
  tap.is(r:read(2), "a")
  tap.is(r:read(1), "\u{20ac}")
  tap.is(r:read(), "b")
  tap.is(r.readableEncoding, "utf8")
  done()
end)

tap.test("setEncoding later decodes what is buffered", function(done)
  local r = stream.Readable { read = function() end }
  r:push "\xe2\x82"
  r:push "\xac!"
  r:setEncoding "utf8"
  tap.is(r.readableLength, 4)
  tap.is(r:read(), "\u{20ac}!")
  done()
end)
