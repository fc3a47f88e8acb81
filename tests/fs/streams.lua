-- createReadStream and createWriteStream: order of events, ranges, descriptors, errors, closing.
local tap = require "../lib/tap"
local fs = require "fs"

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)
fs.writeFileSync(at "a", "0123456789")

local function listen(stream, names)
  local seen = {}
  for _, name in ipairs(names) do
    stream:on(name, function() seen[#seen + 1] = name end)
  end
  return seen
end

tap.test("reading, from open to close", function(done)
  local r = fs.createReadStream(at "a")
  tap.is(r.path, at "a")
  tap.is(r.pending, true)
  tap.is(r.fd, nil)
  local seen = listen(r, { "open", "ready", "data", "end", "close" })
  r:on("open", function(fd) tap.is(r.fd, fd) end)
  r:on("close", function()
    tap.is_deep(seen, { "open", "ready", "data", "end", "close" })
    tap.is(r.bytesRead, 10)
    tap.is(r.fd, nil)
    done()
  end)
end)

tap.test("a range, in slices", function(done)
  local parts = {}
  local r = fs.createReadStream(at "a", { start = 2, finish = 8, highWaterMark = 3, encoding = "utf8" })
  r:on("data", function(d) parts[#parts + 1] = d end)
  r:on("close", function()
    tap.is_deep(parts, { "234", "567", "8" })
    done()
  end)
end)

tap.test("no character is cut", function(done)
  fs.writeFileSync(at "u", ("é中😀"):rep(100))
  local parts = {}
  local r = fs.createReadStream(at "u", { encoding = "utf8", highWaterMark = 7 })
  r:on("data", function(d)
    parts[#parts + 1] = d
    if not utf8.len(d) then tap.fail "a character was cut" end
  end)
  r:on("end", function()
    tap.is(table.concat(parts), ("é中😀"):rep(100))
    done()
  end)
end)

tap.test("writing, from open to close", function(done)
  local w = fs.createWriteStream(at "w")
  local seen = listen(w, { "open", "ready", "finish", "close" })
  w:write "one "
  w:write(Buffer.from "two ")
  w:write("746872656520", "hex")
  w:finish("four", function() seen[#seen + 1] = "callback" end)
  w:on("close", function()
    tap.is_deep(seen, { "open", "ready", "callback", "finish", "close" })
    tap.is(fs.readFileSync(at "w", "utf8"), "one two three four")
    tap.is(w.bytesWritten, 18)
    done()
  end)
end)

tap.test("into the middle, and behind the end", function(done)
  local w = fs.createWriteStream(at "w", { flags = "r+", start = 4 })
  w:finish "TWO"
  w:on("close", function()
    local b = fs.createWriteStream(at "w", { flags = "a", flush = true })
    b:finish "!"
    b:on("close", function()
      tap.is(fs.readFileSync(at "w", "utf8"), "one TWO three four!")
      done()
    end)
  end)
end)

tap.test("a large file through a pipe", function(done)
  local size = tap.scale(4000) * 1000
  fs.writeFileSync(at "big", Buffer.alloc(size, "0123456789abcdef!"))
  fs.createReadStream(at "big"):pipe(fs.createWriteStream(at "big2")):on("close", function()
    tap.ok(fs.readFileSync(at "big"):equals(fs.readFileSync(at "big2")))
    fs.rmSync(at "big")
    fs.rmSync(at "big2")
    done()
  end)
end)

tap.test("what is not there", function(done)
  local r = fs.createReadStream(at "nope")
  local seen = listen(r, { "open", "error", "close", "end" })
  r:on("error", function(err)
    tap.is(err.message, "ENOENT: no such file or directory, open '" .. at "nope" .. "'")
  end)
  r:on("close", function()
    tap.is_deep(seen, { "error", "close" })
    done()
  end)
end)

tap.test("destroy while it opens, while it reads", function(done)
  local left = 3
  local function closed()
    left = left - 1
    if left == 0 then done() end
  end
  local r = fs.createReadStream(at "a")
  r:on("data", tap.never "data")
  r:on("close", closed)
  r:destroy()
  local s = fs.createReadStream(at "a", { highWaterMark = 1 })
  s:once("data", function() s:destroy(Error "enough") end)
  s:on("error", function(err) tap.is(err.message, "enough") end)
  s:on("close", closed)
  local w = fs.createWriteStream(at "w2")
  w:write "x"
  w:close(closed)
end)

tap.test("an open descriptor, which stays open", function(done)
  local fd = fs.openSync(at "a")
  local r = fs.createReadStream(nil, { fd = fd, autoClose = false, start = 8 })
  tap.is(r.pending, false)
  r:on("open", tap.never "open")
  r:on("data", function(d) tap.is(tostring(d), "89") end)
  r:on("end", function()
    setImmediate(function()
      tap.is(fs.fstatSync(fd).size, 10)
      fs.closeSync(fd)
      done()
    end)
  end)
end)

tap.test("one that is forgotten lets its file go", function(done)
  local function forget()
    fs.createReadStream(at "a"):on("open", function(fd)
      setTimeout(function()
        collectgarbage()
        collectgarbage()
        tap.raises(function() fs.fstatSync(fd) end, { code = "EBADF" })
        done()
      end, 5)
    end)
  end
  forget()
end)

tap.test("classes", function(done)
  local r = fs.ReadStream(at "a")
  tap.ok(instanceof(r, fs.ReadStream) and instanceof(r, require("stream").Readable))
  local Shout = fs.WriteStream:extend "Shout"
  local w = Shout(at "s")
  tap.ok(instanceof(w, fs.WriteStream))
  r:pipe(w)
  w:on("close", function()
    tap.is(fs.readFileSync(at "s", "utf8"), "0123456789")
    done()
  end)
end)
