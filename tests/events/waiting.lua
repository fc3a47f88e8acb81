-- events.once and events.on: arguments, and what is left behind. Their order is compared in tests/node.
local tap = require "../lib/tap"
local events = require "events"

tap.test("once and on tell the method from the function", async(function()
  local e = EventEmitter()
  tap.is(e:once("x", print), e)
  tap.is(e:on("x", print), e)
  tap.is(events.once(e, "x", print), e)
  e:removeAllListeners()
  tap.is(instanceof(events.once(e, "x"), Promise), true)
  tap.is(instanceof(events.once(e, "x", {}), Promise), true)
  tap.raises(function() e:once("x", nil) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() e:on("x", 5) end, { code = "ERR_INVALID_ARG_TYPE" })
  e:emit "x"
end))

tap.test("wrong arguments", async(function()
  local e = EventEmitter()
  local function rejects(p, message)
    local ok, err = pcall(await, p)
    tap.is(ok, false)
    tap.is_error(err, { code = "ERR_INVALID_ARG_TYPE", message = message })
  end
  rejects(events.once({}, "x"), '"emitter" argument must be an instance of EventEmitter')
  rejects(events.once(e, "x", { signal = 1 }), "AbortSignal")
  tap.raises(function() events.on({}, "x") end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() events.on(e, "x", { signal = 1 }) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() events.on(e, "x", { highWaterMark = 0 }) end, { code = "ERR_OUT_OF_RANGE" })
  tap.raises(function() events.getEventListeners({}, "x") end, { code = "ERR_INVALID_ARG_TYPE", message = "EventTarget" })
  tap.raises(function() events.setMaxListeners(1, {}) end, { code = "ERR_INVALID_ARG_TYPE", message = "eventTargets" })
  tap.raises(function() events.setMaxListeners(-1) end, { code = "ERR_OUT_OF_RANGE" })
  tap.is(#e:eventNames(), 0)
end))

tap.test("arguments that are nil", async(function()
  local e = EventEmitter()
  process.nextTick(function() e:emit("x", nil, 2) end)
  local args = await(events.once(e, "x"))
  tap.is(args[1], nil)
  tap.is(args[2], 2)
  process.nextTick(function() e:emit "x" end)
  tap.is(JSON.stringify(await(events.once(e, "x"))), "[]")
end))

tap.test("on pauses and resumes the emitter", async(function()
  local e = EventEmitter()
  local calls = {}
  function e:pause() calls[#calls + 1] = "pause" end
  function e:resume() calls[#calls + 1] = "resume" end
  local it = events.on(e, "x", { highWaterMark = 2, lowWaterMark = 1 })
  for i = 1, 4 do e:emit("x", i) end
  for i = 1, 4 do tap.is(await(it:next()).value[1], i) end
  tap.is(table.concat(calls, " "), "pause resume")
  await(it:finish())
  tap.is(#e:eventNames(), 0)
end))

tap.test("a loop that is left by an error stops listening", async(function()
  local e = EventEmitter()
  setImmediate(function() e:emit("x", 1) end)
  tap.raises(function() for _ in events.on(e, "x") do error(Error "out") end end, "out")
  tap.is(#e:eventNames(), 0)
end))

tap.test("an error that came before next", async(function()
  local e = EventEmitter()
  local it = events.on(e, "x")
  e:emit("x", 1)
  e:emit("error", Error "bad")
  tap.is(await(it:next()).value[1], 1)
  tap.raises(function() await(it:next()) end, "bad")
  tap.is(await(it:next()).done, true)
end))
