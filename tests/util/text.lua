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
