-- serialization = "advanced": what JSON cannot say.
local tap = require "../lib/tap"
local child_process = require "child_process"

local function echo()
  return child_process.fork(function()
    process:on("message", function(m)
      if m == "end" then process.disconnect() else process.send(m) end
    end)
  end, { serialization = "advanced" })
end

tap.test("values survive the channel", function(done)
  local c = echo()
  local values = { "text", 1, 1.5, true, null, { 1, { a = "b" } }, array {}, {}, "你好\n\0", -7, 9007199254740993,
    { [0] = 1, [-2] = "x", [2.5] = "y" }, 0 / 0, -0.0, 1 / 0, { f = { 3, 4.5 } } }
  local got = {}
  c:on("message", function(m)
    got[#got + 1] = m
    if #got == #values then c:send "end" end
  end)
  for _, v in ipairs(values) do c:send(v) end
  c:on("close", function()
    tap.is(#got, #values)
    for i, v in ipairs(values) do
      if v == v then tap.is_deep(got[i], v) else tap.ok(got[i] ~= got[i]) end
    end
    tap.is(math.type(got[2]), "integer")
    tap.is(tostring(got[14]), "-0.0")
    done()
  end)
end)

tap.test("bytes, Errors, cycles, shared tables", function(done)
  local c = echo()
  local cycle = { name = "c" }
  cycle.self, cycle.list = cycle, { cycle, cycle }
  c:on("message", function(m)
    tap.is(m.bytes:toString "hex", "00ff80")
    tap.is(m.view[1], 65535)
    tap.is(m.memory.byteLength, 3)
    tap.is_error(m.failure, { name = "RangeError", message = "too far" })
    tap.ok(m.failure.stack:find "ipc_advanced")
    tap.is(m.failure.cause.message, "deep")
    tap.is(m.cycle.self, m.cycle)
    tap.is(m.cycle.list[2], m.cycle)
    c:send "end"
  end)
  c:send { bytes = Buffer.from { 0, 255, 128 }, view = Uint16Array { 1, 65535 }, memory = ArrayBuffer(3),
    failure = RangeError("too far", { cause = Error "deep" }), cycle = cycle }
  c:on("close", function() done() end)
end)

tap.test("what cannot be sent is named by its path", function(done)
  local c = echo()
  local function refused(value, why)
    tap.raises(function() c:send(value) end, { name = "DataCloneError", message = why })
  end
  refused({ list = { 1, { cb = print } } }, "value.list%[2%].cb is a function")
  refused({ co = coroutine.create(print) }, "value.co is a coroutine")
  refused({ text = "\xff" }, "value.text is a string that is not UTF%-8: send a Buffer")
  refused({ [true] = 1 }, "value%[true%]")
  refused({ shared = SharedArrayBuffer(1) }, "value.shared is a SharedArrayBuffer")
  refused({ emitter = c }, "value.emitter is an object that cannot be cloned")
  local deep = {}
  for _ = 1, 2000 do deep = { deep } end
  refused(deep, "nested too deeply")
  c:on("message", function(m)
    tap.is(m, "still here")
    c:send "end"
  end)
  c:send "still here"
  c:on("close", function() done() end)
end)

tap.test("many in order, and a large one", function(done)
  local c = echo()
  local n, seen, ordered = tap.scale(2000), 0, true
  local large = Buffer.alloc(4 * 1024 * 1024, "ab")
  c:on("message", function(m)
    if m.large then
      tap.ok(m.large:equals(large))
      c:send "end"
      return
    end
    seen = seen + 1
    ordered = ordered and m.i == seen
  end)
  for i = 1, n do c:send { i = i } end
  c:send { large = large }
  c:on("close", function()
    tap.is(seen, n)
    tap.ok(ordered, "in order")
    done()
  end)
end)

tap.test("messages of the protocol do not reach the program", function(done)
  local c = child_process.fork(function()
    process.send { cmd = "NODE_SOMETHING", n = 1 }
    process.send { cmd = "NODE_" }
  end, { serialization = "advanced" })
  local got = {}
  c:on("internalMessage", function(m) got[#got + 1] = m.cmd .. m.n end)
  c:on("message", function(m) got[#got + 1] = m.cmd end)
  c:on("close", function()
    tap.is_deep(got, { "NODE_SOMETHING1", "NODE_" })
    done()
  end)
end)
