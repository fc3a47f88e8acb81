-- timers/promises: arguments, early ends.
local tap = require "../lib/tap"
local timers = require "timers/promises"

tap.test("wrong arguments reject", async(function()
  local function rejects(p, want)
    local ok, err = pcall(await, p)
    tap.is(ok, false)
    tap.is_error(err, want)
  end
  rejects(timers.setTimeout("1"), { code = "ERR_INVALID_ARG_TYPE", message = '^The "delay" argument must be of type number' })
  rejects(timers.setTimeout(1, 1, 5), { code = "ERR_INVALID_ARG_TYPE", message = '"options"' })
  rejects(timers.setTimeout(1, 1, { ref = "x" }), { code = "ERR_INVALID_ARG_TYPE", message = '"options.ref" property must be of type boolean' })
  rejects(timers.setTimeout(1, 1, { signal = {} }), { code = "ERR_INVALID_ARG_TYPE", message = '"options.signal" property must be an instance of AbortSignal' })
  rejects(timers.setImmediate(1, 5), { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() timers.setInterval("x") end, { code = "ERR_INVALID_ARG_TYPE" })
end))

tap.test("an interval without a value gives true", async(function()
  local n = 0
  for v in timers.setInterval(1) do
    tap.is(v, true)
    n = n + 1
    if n == 2 then break end
  end
end))

tap.test("a loop that is left by an error ends the interval", async(function()
  local before = #process.getActiveResourcesInfo()
  tap.raises(function()
    for _ in timers.setInterval(1) do error(Error "out") end
  end, "out")
  tap.is(#process.getActiveResourcesInfo(), before)
end))

tap.test("by hand", async(function()
  local it = timers.setInterval(1, "v")
  local a, b = it:next(), it:next()
  tap.is_deep(await(a), { value = "v", done = false })
  tap.is_deep(await(b), { value = "v", done = false })
  local c = it:next()
  tap.is_deep(await(it:finish()), { done = true })
  tap.is_deep(await(c), { done = true })
  tap.is_deep(await(it:next()), { done = true })
  tap.raises(function() it.next(5) end, { code = "ERR_INVALID_THIS" })
end))

tap.test("ticks that nobody asked for are not lost", async(function()
  local it = timers.setInterval(1, "v")
  await(it:next())
  await(timers.setTimeout(10))
  local from = process.hrtime.bigint()
  await(it:next()) await(it:next())
  tap.ok(process.hrtime.bigint() - from < 5e9)
  it:finish()
end))

tap.test("outside of async code the loop says what to do", function(done)
  setTimeout(function()
    tap.raises(function() for _ in timers.setInterval(1) do end end, "async%(function")
    done()
  end, 1)
end)
