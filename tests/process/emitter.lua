-- process is an EventEmitter whose functions take a dot or a colon; extra fields may be set.
local tap = require "../lib/tap"

tap.test("dot and colon", function()
  local got = {}
  process.on("x", function(a) got[#got + 1] = a end)
  process:on("x", function(a) got[#got + 1] = -a end)
  tap.is(process.emit("x", 1), true)
  tap.is(process:emit("x", 2), true)
  tap.is_deep(got, { 1, -1, 2, -2 })
  tap.is(process.on("y", print), process, "returns process")
  tap.is(process.listenerCount "x", 2)
  process.removeAllListeners "x"
  tap.is(process:listenerCount "x", 0)
end)

tap.test("one listener of warning is there, the one that prints", function()
  tap.is(process:listenerCount "warning", 1)
end)

tap.test("instanceof and require", function()
  tap.ok(instanceof(process, EventEmitter))
  tap.is(require "process", process)
  tap.is(require "node:process", process)
end)

tap.test("fields of its own", function()
  tap.is(process.mine, nil)
  process.mine = 5
  tap.is(process.mine, 5)
  process.mine = nil
  tap.is(process.mine, nil)
end)

tap.test("nextTick: arguments, order, what it refuses", function(done)
  tap.raises(function() process.nextTick(5) end,
    { code = "ERR_INVALID_ARG_TYPE", message = '"callback" argument must be of type function. Received type number %(5%)' })
  tap.raises(function() process.nextTick() end, { code = "ERR_INVALID_ARG_TYPE" })
  local order = {}
  process.nextTick(function(...)
    tap.is(select("#", ...), 3)
    tap.is((select(2, ...)), nil)
    order[#order + 1] = 1
    process:nextTick(function() order[#order + 1] = 3 end)
    process.nextTick(function()
      tap.is_deep(order, { 0, 1, 2, 3 })
      done()
    end)
  end, "a", nil, "c")
  process.nextTick(function() order[#order + 1] = 2 end)
  order[1] = 0
end)
