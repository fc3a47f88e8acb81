-- Lines as values of a loop: of an interface, and of a FileHandle.
local tap = require "../lib/tap"
local fs, readline, stream = require "fs", require "readline", require "stream"

tap.test("the lines of a stream", async(function()
  local input, got = stream.PassThrough(), {}
  input:write "one\ntw"
  local rl = readline.createInterface { input = input }
  setTimeout(function() input:finish "o\n\nlast" end, 1)
  for line in rl:iterator() do got[#got + 1] = line end
  tap.is_deep(got, { "one", "two", "", "last" })
end))

tap.test("a loop that is left early", async(function()
  local input = stream.Readable.from { "a\nb\nc\n" }
  local rl = readline.createInterface { input = input }
  for line in rl:iterator() do
    tap.is(line, "a")
    break
  end
  tap.is(rl:listenerCount "line", 0)
  rl:close()
end))

tap.test("many lines are not lost", async(function()
  local n, all = tap.scale(5000), {}
  for i = 1, n do all[i] = i .. "\n" end
  local rl, sum = readline.createInterface { input = stream.Readable.from(all) }, 0
  for line in rl:iterator() do
    sum = sum + line
    if line == "10" then await(Promise(function(resolve) setImmediate(resolve) end)) end
  end
  tap.is(sum, n * (n + 1) // 2)
end))

tap.test("FileHandle:readLines", async(function()
  local file = os.tmpname()
  fs.writeFileSync(file, "first\r\nsecond\nthird")
  local handle, got = await(fs.promises.open(file)), {}
  for line in handle:readLines():iterator() do got[#got + 1] = line end
  tap.is_deep(got, { "first", "second", "third" })
  handle = await(fs.promises.open(file))
  got = {}
  for line in handle:readLines { start = 7 }:iterator() do got[#got + 1] = line end
  tap.is_deep(got, { "second", "third" })
  os.remove(file)
end))
