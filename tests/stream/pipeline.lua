-- Back-pressure through a Transform and a pipeline; the shapes of stages; odd arguments.
local tap = require "../lib/tap"
local stream = require "stream"
local promises = require "stream/promises"

tap.test("a slow sink holds a fast source back, through two Transforms", async(function()
  local made, most, written, size, total = 0, 0, 0, 64 * 1024, tap.scale(2000)
  local chunk = Buffer.alloc(size)
  local source = stream.Readable { read = function(self)
    if made == total then self:push(nil) return end
    made = made + 1
    self:push(chunk)
  end }
  local upper = stream.Transform { transform = function(_, c, _, done) setImmediate(done, nil, c) end }
  local sink = stream.Writable { write = function(_, c, _, done)
    written = written + #c
    if made - written / size > most then most = made - written / size end
    setImmediate(done)
  end }
  await(promises.pipeline(source, upper, stream.PassThrough(), sink))
  tap.is(written, total * size)
  tap.ok(most <= 12, "at most " .. most .. " chunks under way")
end))

tap.test("a Transform that nobody reads from stops its writer", function(done)
  local t, writes = stream.PassThrough { highWaterMark = 4 }, 0
  while t:write "ab" and writes < 100 do writes = writes + 1 end
  tap.ok(writes < 10)
  tap.is(t.writableNeedDrain, true)
  t:once("drain", function() tap.is(t.readableLength <= 4, true) done() end)
  t:resume()
end)

tap.test("functions as source, in between and at the end", async(function()
  local n = 0
  local value = await(promises.pipeline(
    function(options)
      tap.is(instanceof(options.signal, AbortSignal), true)
      return function() n = n + 1 if n <= 3 then return n end end
    end,
    function(source)
      return function()
        for v in source do return v * 2 end
      end
    end,
    function(source)
      local sum = 0
      for v in source do sum = sum + v end
      return sum
    end))
  tap.is(value, 12) -- a bare iterator is not closed by leaving the loop
  local doubled = await(promises.pipeline({ 1, 2, 3 }, function(source)
    local it = source
    return function() local step = await(it:next()) if not step.done then return step.value * 2 end end
  end, function(source)
    local sum = 0
    for v in source do sum = sum + v end
    return sum
  end))
  tap.is(doubled, 12)
end))

tap.test("wrong stages", function()
  local w = stream.Writable { write = function() end }
  local r = stream.Readable { read = function() end }
  local f = function() end
  tap.raises(function() stream.pipeline(w, w, f) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() stream.pipeline(r, r, f) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() stream.pipeline(r, 5, f) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() stream.pipeline(r, {}, w, f) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() stream.pipeline(function() return 5 end, w, f) end, { code = "ERR_INVALID_RETURN_VALUE" })
  tap.is(r:listenerCount "end", 0)
  w:destroy()
  r:destroy()
end)

tap.test("wrong arguments reject the promise", async(function()
  local ok, e = pcall(await, promises.pipeline(5, 6))
  tap.is(ok, false)
  tap.is(e.code, "ERR_INVALID_ARG_TYPE")
  ok, e = pcall(await, promises.finished({}))
  tap.is(ok, false)
  tap.is(e.code, "ERR_INVALID_ARG_TYPE")
end))

tap.test("a source that is an iterator is closed when the sink fails", async(function()
  local closed = false
  local r = stream.Readable { highWaterMark = 64, read = function(self) self:push "x" end,
    destroy = function(_, e, done) closed = true done(e) end }
  local ok, e = pcall(await, promises.pipeline(r:iterator(), stream.Writable { write = function(_, _, _, done) done(Error "full") end }))
  tap.is(ok, false)
  tap.is(e.message, "full")
  await(require("timers/promises").setTimeout(5))
  tap.is(closed, true)
end))

tap.test("a Transform answered twice fails", function(done)
  local t = stream.Transform { transform = function(_, c, _, cb) cb(nil, c) cb(nil, c) end }
  t:on("error", function(e) tap.is(e.code, "ERR_MULTIPLE_CALLBACK") done() end)
  t:resume()
  t:write "x"
end)

tap.test("what is dropped is collected", function()
  local weak = setmetatable({}, { __mode = "k" })
  for _ = 1, 5 do
    local t = stream.PassThrough()
    t:write "x"
    weak[t] = true
    weak[stream.Readable.from { 1 }] = true
    stream.addAbortSignal(AbortController().signal, t)
  end
  setImmediate(function()
    for _ = 1, 3 do collectgarbage() end
    tap.is(next(weak), nil)
  end)
end)
