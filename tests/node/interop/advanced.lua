-- serialization = "advanced" with a real Node: the same bytes, and every kind of value both ways.
-- timeout: 600
local tap = require "../../lib/tap"
local child_process = require "child_process"

local node = child_process.spawnSync("node", { "--version" }, { encoding = "utf8" })
if node.error or node.status ~= 0 then tap.skip_all "node is not installed" end
local fixtures = __dirname .. "/fixtures/"

-- The frames that a child writes to its channel.
local function frames(program, file, finished)
  local env = { NODE_CHANNEL_FD = "3", NODE_CHANNEL_SERIALIZATION_MODE = "advanced" }
  for k, v in pairs(process.env) do env[k] = env[k] or v end
  local child = child_process.spawn(program, { fixtures .. file },
    { stdio = { "ignore", "inherit", "inherit", "pipe" }, env = env })
  local parts = {}
  child.stdio[4]:on("data", function(d) parts[#parts + 1] = d:bytes() end)
  child:on("close", function()
    local bytes, at, out = table.concat(parts), 1, {}
    while at <= #bytes do
      local n = (">I4"):unpack(bytes, at)
      out[#out + 1] = (bytes:sub(at + 4, at + 3 + n):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
      at = at + 4 + n
    end
    finished(out)
  end)
end

tap.test("we write the bytes that Node writes", function(done)
  frames(process.execPath, "frames.lua", function(ours)
    frames("node", "frames.js", function(theirs)
      tap.ok(#ours > 50)
      tap.is_deep(ours, theirs)
      done()
    end)
  end)
end)

tap.test("what Lua has not is read as the nearest", function(done)
  local got = {}
  local c = child_process.fork(fixtures .. "kinds.js", {},
    { execPath = "node", execArgv = {}, serialization = "advanced" })
  c:on("message", function(m) got[#got + 1] = m end)
  c:on("close", function()
    local i = 0
    local function next_one()
      i = i + 1
      return got[i]
    end
    local function is(want, why) tap.is_deep(next_one(), want, why) end
    is(false)
    is(array { nil, 1, nil, 2 }, "undefined in an array")
    is({ kept = 1 }, "undefined in an object")
    is(array { 1, nil, 3 }, "a hole")
    local sparse = next_one()
    tap.is(sparse[1001], "far")
    tap.is(sparse.name, "n")
    tap.is(next_one().name, "extra")
    is({ k = array { 1, "two" }, [7] = "seven" }, "a Map")
    is(array { 1, "two" }, "a Set")
    local cycle = next_one()
    tap.is(cycle.map.back, cycle)
    is(1000, "a Date")
    local invalid = next_one()[1]
    tap.ok(invalid ~= invalid, "an invalid Date")
    is "a\\/b+"
    is(5)
    is(true)
    is(false)
    is "é"
    is(7)
    is { 123 }
    is { -1 }
    is { 2.0 ^ 64 }
    local failure = next_one()
    tap.is_error(failure, { name = "TypeError", message = "no" })
    tap.is_error(failure.cause, { name = "Error", message = "why" })
    tap.ok(failure.stack:find "kinds.js")
    tap.is(next_one().name, "RangeError")
    tap.is_error(next_one(), { name = "Error", message = "e" })
    tap.is_error(next_one(), { name = "Error", message = "" })
    is({ x = 1, y = 2 }, "an instance of a class")
    tap.is(next_one().byteLength, 3)
    tap.is(next_one().byteLength, 2)
    tap.is(next_one()[0], 0.5)
    tap.is(next_one():getUint8(1), 2)
    tap.is(next_one():toString(), "€")
    is "\u{fffd}"
    is "x\u{1f600}"
    tap.is(tostring(next_one()), "-0.0")
    local pair = next_one()
    tap.is(pair[1], pair[2])
    is { [5] = "five", ["-1"] = "minus" }
    is(4294967295)
    local whole = next_one()
    tap.is(math.type(whole), "integer")
    tap.is(i, #got)
    done()
  end)
end)

tap.test("our values through Node and back", function(done)
  local cycle = { name = "c", list = array {} }
  cycle.self = cycle
  local values = { "text", 1, -2147483648, 9007199254740992, 1.5, true, false, null, { 1, { 2, { a = "b" } } },
    array {}, {}, { [3] = "three", [-4] = 1 }, "你好\n\0", { 9007199254740993, math.mininteger }, cycle }
  local n = tap.scale(5000)
  local c = child_process.fork(fixtures .. "child.js", {},
    { execPath = "node", execArgv = {}, serialization = "advanced" })
  local got, large, ordered = {}, 0, true
  c:on("message", function(m)
    if type(m) == "table" and m.large then
      large = #m.large
      c:send "end"
      return
    end
    got[#got + 1] = m
    local i = #got - #values
    if i > 0 and m.i ~= i then ordered = false end
    if i == n then c:send { large = Buffer.alloc(16 * 1024 * 1024, "x") } end
  end)
  for _, v in ipairs(values) do c:send(v) end
  for i = 1, n do c:send { i = i } end
  c:on("close", function(code)
    for i = 1, #values - 1 do
      -- a name that JavaScript takes for a text stays one
      if i == 12 then tap.is_deep(got[i], { [3] = "three", ["-4"] = 1 })
      else tap.is_deep(got[i], values[i]) end
    end
    local back = got[#values]
    tap.is(back.self, back)
    tap.is(#got, #values + n)
    tap.ok(ordered, "in order")
    tap.is(large, 16 * 1024 * 1024)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("a Node parent over our child", function()
  local r = child_process.spawnSync("node",
    { fixtures .. "parent.js", process.execPath, fixtures .. "child.lua", tostring(tap.scale(5000)), "advanced" },
    { encoding = "utf8" })
  tap.is(r.stderr, "")
  tap.is(r.stdout, "disconnect\nvalues true\nin order true\nlarge 16777216\nclose 0 null\n")
end)
