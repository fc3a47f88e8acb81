-- async and await: values, errors with their place, what refuses to wait.
local tap = require "../lib/tap"

local function line() return debug.getinfo(2, "l").currentline end

tap.test("runs up to the first await at once", async(function()
  local seen = {}
  local p = async(function(a, b)
    seen[#seen + 1] = a
    await(nil)
    seen[#seen + 1] = b
    return a + b, "only the first result counts"
  end)(1, 2)
  tap.is_deep(seen, { 1 })
  tap.is(await(p), 3)
  tap.is_deep(seen, { 1, 2 })
end))

tap.test("await gives the value or raises the reason", async(function()
  tap.is(await(5), 5)
  tap.is(await(Promise.resolve "v"), "v")
  tap.is(await(nil), nil)
  local reason = { "any value" }
  local ok, err = pcall(await, Promise.reject(reason))
  tap.is(ok, false)
  tap.is(err, reason)
  local e = tap.raises(function() await(Promise.reject(Error "no")) end, { message = "^no$" })
  tap.is(e.name, "Error")
end))

tap.test("a raised string becomes an Error that knows its line", async(function()
  local at = line() + 3
  local function thrower()
    await(nil)
    error "text"
  end
  local ok, err = pcall(await, async(thrower)())
  tap.is(ok, false)
  tap.ok(Error.isError(err))
  tap.like(err.message, "async%.lua:" .. at .. ": text$")
  tap.like(err.stack, "\n    at .-async%.lua:" .. at)
end))

tap.test("an Error keeps the stack of where it was made", async(function()
  local at = line() + 1
  local function inner() return Error "made here" end
  local p = async(function()
    await(nil)
    local e = inner()
    error(e)
  end)()
  local _, err = pcall(await, p)
  tap.like(err.stack, "^Error: made here\n    at .-async%.lua:" .. at)
end))

tap.test("await works inside pcall, loops and called functions", async(function()
  local function twice(v) return await(v) + await(Promise.resolve(v)) end
  local sum = 0
  for i = 1, 10 do
    local ok, v = pcall(twice, i)
    sum = sum + (ok and v or 0)
  end
  tap.is(sum, 110)
  local mt = setmetatable({}, { __index = function(_, k) return await(k) end })
  tap.is(mt.key, "key")
end))

tap.test("to-be-closed variables are closed when an async function fails or ends", async(function()
  local closed = {}
  local function guard(name)
    return setmetatable({}, { __close = function(_, e) closed[#closed + 1] = name .. ":" .. type(e) end })
  end
  local p = async(function()
    local a <close> = guard "a"
    await(nil)
    local b <close> = guard "b"
    error(Error "x")
  end)()
  pcall(await, p)
  tap.is_deep(closed, { "b:table", "a:table" })
  await(async(function() local c <close> = guard "c" await(nil) end)())
  tap.is(closed[3], "c:nil")
end))

tap.test("an error in __close takes the place of the first", async(function()
  local p = async(function()
    local a <close> = setmetatable({}, { __close = function() error "second" end })
    error "first"
  end)()
  local _, err = pcall(await, p)
  tap.like(err.message, "second")
end))

tap.test("await in a callback names the cure", function(done)
  setTimeout(function()
    local err = tap.raises(function() await(Promise.resolve()) end, "wrap this callback with async")
    tap.like(err.message, "script's top level and at the prompt")
    done()
  end, 1)
end)

tap.test("await in a coroutine of one's own is refused", async(function()
  local co = coroutine.wrap(function() return pcall(await, 1) end)
  local ok, err = co()
  tap.is(ok, false)
  tap.like(tostring(err), "coroutine%.create")
end))

tap.test("await below a C function is refused, and the function goes on", async(function()
  local list = { 3, 1, 2 }
  tap.raises(function() table.sort(list, function(a, b) await(nil) return a < b end) end, "table%.sort")
  tap.raises(function() ("abc"):gsub(".", function() await(nil) end) end, "C function")
  tap.is(await "on", "on")
end))

tap.test("coroutines inside an async function are the user's own", async(function()
  local co = coroutine.wrap(function() coroutine.yield(1) coroutine.yield(2) end)
  tap.is(co(), 1)
  await(nil)
  tap.is(co(), 2)
  tap.raises(function() coroutine.yield() end, "outside a coroutine")
  local _, main = coroutine.running()
  tap.is(main, true)
  tap.is(coroutine.isyieldable(), false)
  tap.is(coroutine.wrap(function() return coroutine.isyieldable() end)(), true)
end))

tap.test("an async function's coroutine cannot be resumed by others", async(function()
  local co
  local pending = Promise.withResolvers()
  local p = async(function()
    co = coroutine.running()
    await(pending.promise)
  end)()
  local ok, err = coroutine.resume(co, true, "stolen")
  tap.is(ok, false)
  tap.like(tostring(err), "belongs to an async function")
  pending.resolve()
  tap.raises(function() await(p) end, "closed or resumed")
end))

tap.test("one that was closed rejects its promise", async(function()
  local co
  local pending = Promise.withResolvers()
  local p = async(function() co = coroutine.running() await(pending.promise) end)()
  tap.is(coroutine.close(co), true)
  pending.resolve()
  tap.raises(function() await(p) end, "closed")
end))

tap.test("an abandoned async function is collected", async(function()
  local gone = 0
  async(function()
    local thing = setmetatable({}, { __gc = function() gone = gone + 1 end })
    await(Promise(function() end))
    return thing
  end)()
  collectgarbage() collectgarbage()
  tap.is(gone, 1)
end))

tap.test("one that waits for a timer is kept", function(done)
  async(function()
    local v = await(Promise(function(resolve) setTimeout(resolve, 5, "kept") end))
    tap.is(v, "kept")
    done()
  end)()
  collectgarbage() collectgarbage()
end)

tap.test("many at once, and deep nesting ends in an error, not a crash", async(function()
  local n = tap.scale(2000)
  local all = {}
  for i = 1, n do all[i] = async(function() await(nil) return i end)() end
  local values = await(Promise.all(all))
  tap.is(#values, n)
  local depth = 0
  local function deep() depth = depth + 1 return await(async(deep)()) end
  local ok, err = pcall(await, async(deep)())
  tap.is(ok, false)
  tap.like(tostring(err), "overflow")
  tap.ok(depth > 50)
end))

tap.test("async wants a function", function()
  tap.raises(function() async(5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() queueMicrotask() end, { code = "ERR_INVALID_ARG_TYPE" })
  local callable = setmetatable({}, { __call = function(_, v) return v end })
  return async(callable)(7):andThen(function(v) tap.is(v, 7) end)
end)
