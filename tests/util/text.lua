-- stripVTControlCharacters, getSystemErrorName, types
local tap = require "../lib/tap"
local util = require "util"

tap.is(util.stripVTControlCharacters "\27[31mred\27[39m", "red")
tap.is(util.stripVTControlCharacters "a\27]8;;http://x\7link\27]8;;\27\\b", "alinkb")
tap.is(util.stripVTControlCharacters "\27", "\27")
tap.is(util.stripVTControlCharacters "\27[", "\27[")
tap.is(util.getSystemErrorName(-2), "ENOENT")
tap.raises(function() util.getSystemErrorName(2) end, { code = "ERR_OUT_OF_RANGE" })
tap.ok(util.types.isNativeError(TypeError "x"))
tap.ok(not util.types.isNativeError {})

-- inspect.defaultOptions is live, for format and console, too; what is wrong changes nothing.
local deep = { a = { b = { c = { d = 1 } } } }
util.inspect.defaultOptions = { depth = 0 }
tap.is(util.inspect(deep), "{ a = {...} }")
tap.is(util.format("%s", deep), util.inspect(deep, { depth = 0 }))
util.inspect.defaultOptions.depth = 5
tap.is(util.inspect.defaultOptions.depth, 5)
tap.like(util.inspect(deep), "d = 1")
tap.raises(function() util.inspect.defaultOptions = 5 end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() util.inspect.defaultOptions.depth = "x" end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() util.inspect.defaultOptions.nope = 1 end, { code = "ERR_INVALID_ARG_VALUE" })
tap.is(util.inspect.defaultOptions.depth, 5)
local seen = 0
for name, value in pairs(util.inspect.defaultOptions) do
  seen = seen + (util.inspect.defaultOptions[name] == value and 1 or 0)
end
tap.is(seen, 8)
tap.like(util.inspect(util.inspect.defaultOptions), "depth = 5")

-- util.aborted: nobody keeps the resource, and the promise stays as it is.
local ac = AbortController()
local told = 0
do
  util.aborted(ac.signal, {}):andThen(function() told = told + 1 end)
  collectgarbage() collectgarbage()
  ac:abort()
end
setTimeout(function() tap.is(told, 0, "the resource is gone") end, 1)
