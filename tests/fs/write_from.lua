-- writeFile and appendFile of fs/promises: data that comes piece by piece, and views of any kind.
local tap = require "../lib/tap"
local fs, stream = require "fs", require "stream"
local promises = fs.promises
local file = os.tmpname()

local function text() return fs.readFileSync(file, "utf8") end

tap.test("lists, functions, streams, iterators", async(function()
  await(promises.writeFile(file, { "one ", Buffer.from "two ", "three" }))
  tap.is(text(), "one two three")
  local n = 0
  await(promises.writeFile(file, function()
    n = n + 1
    return n <= 3 and tostring(n) or nil
  end))
  tap.is(text(), "123")
  await(promises.appendFile(file, stream.Readable.from { "4", "5" }))
  tap.is(text(), "12345")
  local it = stream.Readable.from({ "x", "y" }):iterator()
  await(promises.writeFile(file, it))
  tap.is(text(), "xy")
  await(promises.writeFile(file, array {}))
  tap.is(text(), "")
  await(promises.writeFile(file, { "ff", "00" }, "hex"))
  tap.is(fs.readFileSync(file):toString "hex", "ff00")
  await(promises.writeFile(file, { "end" }, { flag = "a", encoding = "latin1" }))
  tap.is(#fs.readFileSync(file), 5)
end))

tap.test("into an open file", async(function()
  local handle = await(promises.open(file, "w"))
  await(handle:writeFile { "a", "b" })
  await(handle:appendFile(stream.Readable.from { "c" }))
  await(handle:write "d")
  await(handle:close())
  tap.is(text(), "abcd")
end))

local function code_of(promise)
  local ok, err = pcall(await, promise)
  return not ok and (err.code or tostring(err))
end

tap.test("what goes wrong", async(function()
  tap.is(code_of(promises.writeFile("/nowhere/at/all", { "x" })), "ENOENT")
  tap.is(code_of(promises.writeFile(file, {})), "ERR_INVALID_ARG_TYPE")
  tap.is(code_of(promises.writeFile(file, 5)), "ERR_INVALID_ARG_TYPE")
  tap.is(code_of(promises.writeFile(file, { {} })), "ERR_INVALID_ARG_TYPE")
  tap.is(code_of(promises.writeFile(file, { "x" }, 5)), "ERR_INVALID_ARG_TYPE")
  local failing = stream.Readable { read = function(self) self:destroy(Error "broken") end }
  tap.is(code_of(promises.writeFile(file, failing)), "Error: broken")
  local ac = AbortController()
  local endless = stream.Readable { read = function(self) self:push "x" end }
  local p = promises.writeFile(file, endless, { signal = ac.signal })
  setTimeout(function() ac:abort() end, 1)
  tap.is(code_of(p), "ABORT_ERR")
  tap.is(endless.destroyed, true)
  tap.is(code_of(promises.writeFile(file, { "x" }, { signal = ac.signal })), "ABORT_ERR")
  tap.is(code_of(promises.writeFile(file, { "x", 5 })), "ERR_INVALID_ARG_TYPE")
  tap.is(text(), "x", "what came before is written")
end))

tap.test("views of any kind", async(function()
  local view = Uint16Array(2)
  view[0], view[1] = 0x4241, 0x4443
  fs.writeFileSync(file, view)
  tap.is(text(), "ABCD")
  await(promises.writeFile(file, DataView(view.buffer, 1, 2)))
  tap.is(text(), "BC")
  local fd, into = fs.openSync(file), Int32Array(1)
  tap.is(fs.readSync(fd, into), 2)
  tap.is(into[0], 0x4342)
  fs.closeSync(fd)
  os.remove(file)
end))
