-- Objects and bytes through streams.
-- figure: object_pipe | objects a second, Readable to Writable | ratio >= 0.5
-- figure: object_three | objects a second, with a Transform between | ratio >= 0.5
-- figure: object_from | objects a second, Readable.from, Transform, Writable | ratio >= 0.5
-- figure: bytes | blocks of 64 KiB a second through a PassThrough | ratio >= 0.5
-- figure: copy | MiB a second, a file to a file by pipe | ratio >= 1
local fs, os = require "fs", require "os"
local stream = require "stream"
local Readable, Writable, Transform = stream.Readable, stream.Writable, stream.Transform

local function numbers(n)
  local i = 0
  return Readable { objectMode = true, read = function(self)
    i = i + 1
    self:push(i <= n and i or null)
  end }
end

local function counted(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end)
end

local function sink(objectMode)
  return Writable { objectMode = objectMode, write = function(_, _, _, done) done() end }
end

local function doubler()
  return Transform { objectMode = true, transform = function(_, x, _, done) done(nil, 2 * x) end }
end

local block = Buffer.alloc(65536)
local function blocks(n)
  local i = 0
  return Readable { read = function(self)
    i = i + 1
    self:push(i <= n and block or null)
  end }
end

local function rate(name, n, start)
  local began = process.hrtime.bigint()
  return Promise(function(resolve)
    start(n):on("finish", function()
      print(name .. " " .. n / ((process.hrtime.bigint() - began) / 1e9))
      resolve()
    end)
  end)
end

local dir = fs.mkdtempSync(os.tmpdir() .. "/bench-")
fs.writeFileSync(dir .. "/from", Buffer.alloc(64 << 20))

local function copy()
  return fs.createReadStream(dir .. "/from"):pipe(fs.createWriteStream(dir .. "/to"))
end

async(function()
  for _, row in ipairs {
    { "object_pipe", 200000, function(k) return numbers(k):pipe(sink(true)) end },
    { "object_three", 100000, function(k) return numbers(k):pipe(doubler()):pipe(sink(true)) end },
    { "object_from", 100000, function(k)
      return Readable.from(counted(k)):pipe(doubler()):pipe(sink(true))
    end },
    { "bytes", 100000, function(k) return blocks(k):pipe(stream.PassThrough()):pipe(sink(false)) end }
  } do
    local name, n, start = table.unpack(row)
    await(rate("warm", n // 10, start))
    await(rate(name, n, start))
  end
  await(rate("warm", 64, copy))
  await(rate("copy", 64, copy))
  fs.rmSync(dir, { recursive = true })
end)()
