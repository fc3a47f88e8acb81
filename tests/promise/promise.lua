-- The class Promise: what its functions accept, and what they give.
local tap = require "../lib/tap"

tap.test("the constructor", function()
  tap.raises(function() Promise() end, { name = "TypeError", message = "resolver" })
  tap.raises(function() Promise(5) end, { name = "TypeError" })
  tap.is(instanceof(Promise(function() end), Promise), true)
  local p = Promise(function(_, reject) reject "reason" end)
  return p:catch(function(e) tap.is(e, "reason") end)
end)

tap.test("methods want a promise as self", function()
  tap.raises(function() Promise.andThen({}) end, { code = "ERR_INVALID_THIS" })
  tap.raises(function() Promise.catch() end, { code = "ERR_INVALID_THIS" })
  tap.raises(function() Promise.finally(5) end, { code = "ERR_INVALID_THIS" })
end)

tap.test("then is andThen", function()
  local p = Promise.resolve(1)
  tap.is(p["then"], p.andThen)
  return p["then"](p, function(v) tap.is(v, 1) end)
end)

tap.test("Promise.resolve returns a promise as it is", function()
  local p = Promise.resolve(1)
  tap.is(Promise.resolve(p), p)
end)

tap.test("false and nil are values", async(function()
  tap.is(await(Promise.resolve(false)), false)
  local r = await(Promise.allSettled { Promise.reject(false), Promise.resolve(nil) })
  tap.is_deep(r[1], { status = "rejected", reason = false })
  tap.is_deep(r[2], { status = "fulfilled" })
end))

tap.test("combinators take a sequence only", async(function()
  for _, name in ipairs { "all", "allSettled", "any", "race" } do
    local ok, err = pcall(await, Promise[name](nil))
    tap.is(ok, false)
    tap.is(err.name, "TypeError", name)
  end
end))

tap.test("an empty result is an array", async(function()
  tap.is(JSON.stringify(await(Promise.all {})), "[]")
  tap.is(JSON.stringify(await(Promise.allSettled {})), "[]")
end))

tap.test("withResolvers", async(function()
  local w = Promise.withResolvers()
  setTimeout(w.resolve, 1, "value")
  tap.is(await(w.promise), "value")
  w.reject "too late"
end))

tap.test("what is no thenable is a value", async(function()
  local plain = { ["then"] = 5, andThen = "text" }
  tap.is(await(plain), plain)
  tap.is(await(io.stdout), io.stdout)
  tap.is(await(null), null)
  local strict = setmetatable({}, { __index = function(_, k) error("no field " .. k, 0) end })
  tap.raises(function() await(strict) end, "no field andThen")
end))

tap.test("a thenable's field may be any callable", async(function()
  local fn = setmetatable({}, { __call = function(_, _, resolve) resolve "called" end })
  tap.is(await { andThen = fn }, "called")
end))

tap.test("a derived class", async(function()
  local Task = Promise:extend "Task"
  local t = Task(function(resolve) resolve(3) end)
  tap.is(instanceof(t, Task), true)
  tap.is(await(t), 3)
end))

tap.test("long chains and many reactions", async(function()
  local n = tap.scale(20000)
  local p = Promise.resolve(0)
  for _ = 1, n do p = p:andThen(function(v) return v + 1 end) end
  tap.is(await(p), n)
  local count, w = 0, Promise.withResolvers()
  for _ = 1, n do w.promise:andThen(function() count = count + 1 end) end
  w.resolve()
  await(w.promise)
  await(nil)
  tap.is(count, n)
end))

tap.test("a pending promise that nobody can settle is collected", function()
  local weak = setmetatable({}, { __mode = "k" })
  do
    local p = Promise(function() end)
    weak[p:andThen(print)] = true
    weak[p] = true
  end
  collectgarbage() collectgarbage()
  tap.is(next(weak), nil)
end)

tap.test("how it is shown", function()
  local util = require "util"
  tap.is(util.inspect(Promise.resolve(5)), "Promise { 5 }")
  tap.is(util.inspect(Promise(function() end)), "Promise { <pending> }")
  local p = Promise.reject "no"
  p:catch(function() end)
  tap.is(util.inspect(p), "Promise { <rejected> 'no' }")
end)
