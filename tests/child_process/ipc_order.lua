-- Messages arrive in order, whole, and wait until somebody listens.
local tap = require "../lib/tap"
local child_process = require "child_process"

tap.test("values survive the channel", function(done)
  local values = { "text", 1, 1.5, true, false, null, { 1, 2, { a = "b" } }, array {}, { n = 3.0 },
    "你好\n\t\0", -7, 9007199254740993 }
  local c = child_process.fork(function()
    process:on("message", function(m) process.send(m) end)
  end)
  local got = {}
  c:on("message", function(m)
    got[#got + 1] = m
    if #got == #values then c:disconnect() end
  end)
  for _, v in ipairs(values) do c:send(v) end
  c:on("close", function()
    tap.is_deep(got, values)
    tap.is(math.type(got[2]), "integer")
    tap.is(math.type(got[9].n), "float")
    done()
  end)
end)

tap.test("thousands arrive in order", function(done)
  local c = child_process.fork(function()
    process:on("message", function(m)
      if m == "end" then process.disconnect() else process.send(m) end
    end)
  end)
  local n, seen, ordered = tap.scale(5000), 0, true
  c:on("message", function(m)
    seen = seen + 1
    ordered = ordered and m.i == seen
    if seen == n then c:send "end" end
  end)
  for i = 1, n do c:send { i = i, text = ("x"):rep(i % 50) } end
  c:on("close", function()
    tap.is(seen, n)
    tap.ok(ordered, "in order")
    done()
  end)
end)

tap.test("a large message, and false while it waits", function(done)
  local c = child_process.fork(function()
    process:on("message", function(m)
      process.send(#m)
      process.disconnect()
    end)
  end)
  local size = 16 * 1024 * 1024
  tap.is(c:send(("x"):rep(size), tap.expect(function(err) tap.is(err, nil) end)), false)
  c:on("message", function(m) tap.is(m, size) end)
  c:on("close", function() done() end)
end)

tap.test("messages wait for the first listener", function(done)
  local c = child_process.fork(function()
    process.send "one"
    process.send "two"
    setTimeout(function() process.send "three" end, 20)
  end)
  setTimeout(function()
    local got = {}
    c:on("message", function(m) got[#got + 1] = m end)
    c:on("close", function()
      tap.is(got[#got], "three")
      done()
    end)
  end, 10)
end)

tap.test("the callback of send comes on a later tick", function(done)
  local c = child_process.fork(function() process:once("message", function() process.disconnect() end) end)
  local later = false
  c:send("x", function(err)
    tap.is(err, nil)
    tap.ok(later)
  end)
  later = true
  c:on("close", function() done() end)
end)

tap.test("messages of the protocol do not reach the program", function(done)
  local c = child_process.fork(function()
    process.send { cmd = "NODE_SOMETHING" }
    process.send { cmd = "NODE_" }
  end)
  local got = {}
  c:on("message", function(m) got[#got + 1] = m.cmd end)
  c:on("close", function()
    tap.is_deep(got, { "NODE_" })
    done()
  end)
end)
