-- FileHandle: reading, writing, closing, and what happens to one that nobody closes.
local tap = require "../lib/tap"
local fs = require "fs"

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)
fs.writeFileSync(at "a", "0123456789")

tap.test("its methods", async(function()
  local h = await(fs.promises.open(at "a", "r+"))
  tap.ok(h.fd > 2)
  tap.is(await(h:stat()).size, 10)
  local r = await(h:read(Buffer.alloc(4), 0, 4, 0))
  tap.is(r.bytesRead, 4)
  tap.is(tostring(r.buffer), "0123")
  tap.is(tostring(await(h:read { buffer = Buffer.alloc(2), position = 5 }).buffer), "56")
  tap.is(await(h:write("ab", 1)).bytesWritten, 2)
  tap.is(await(h:write(Buffer.from "xyz", 1, 1, 3)).bytesWritten, 1)
  tap.is(await(h:readFile "utf8"), "0aby456789")
  tap.is(await(h:writev { Buffer.from "1", Buffer.from "2" }).bytesWritten, 2)
  tap.is(await(h:readv({ Buffer.alloc(1) }, 0)).bytesRead, 1)
  await(h:appendFile "end")
  await(h:writeFile "!")
  await(h:truncate(15))
  await(h:chmod(384))
  await(h:utimes(5, 6))
  await(h:sync())
  await(h:datasync())
  tap.is(await(h:stat()).mtimeMs, 6000.0)
  local closed = false
  h:on("close", function() closed = true end)
  await(h:close())
  tap.ok(closed)
  await(h:close())
  tap.is(h.fd, -1)
  tap.is_error(select(2, pcall(await, h:stat())), { code = "EBADF", message = "^file closed$", syscall = "fstat" })
  tap.is(fs.readFileSync(at "a", "utf8"), "0aby45678912end")
end))

tap.test("close waits for what is under way", async(function()
  local h = await(fs.promises.open(at "a"))
  local read, close = h:readFile "utf8", h:close()
  tap.is(h.fd, -1)
  tap.is(#await(read), 15)
  await(close)
end))

tap.test("in streams", function(done)
  fs.promises.open(at "b", "w+"):andThen(function(h)
    local w = h:createWriteStream()
    w:finish "from a stream"
    w:on("close", function()
      tap.is(h.fd, -1)
      fs.promises.open(at "b"):andThen(function(h2)
        local parts = {}
        local r = h2:createReadStream { encoding = "utf8", highWaterMark = 4 }
        r:on("data", function(d) parts[#parts + 1] = d end)
        r:on("close", function()
          tap.is(table.concat(parts, "|"), "from| a s|trea|m")
          tap.is(h2.fd, -1)
          done()
        end)
      end)
    end)
  end)
end)

tap.test("collected open: closed, with warnings", function(done)
  local seen = {}
  local function open()
    return fs.promises.open(at "a"):andThen(function(h) return h.fd end)
  end
  process:on("warning", function(w)
    seen[#seen + 1] = w
    if #seen < 2 then return end
    tap.is(seen[1].message, "Closing file descriptor " .. seen.fd .. " on garbage collection")
    tap.is(seen[2].code, "DEP0137")
    tap.raises(function() fs.fstatSync(seen.fd) end, { code = "EBADF" })
    process:removeAllListeners "warning"
    done()
  end)
  open():andThen(function(fd)
    seen.fd = fd
    setImmediate(function()
      collectgarbage()
      collectgarbage()
    end)
  end)
end)
