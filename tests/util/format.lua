-- The specifiers of util.format.
local tap = require "../lib/tap"
local util = require "util"
local format = util.format

tap.is(format(), "")
tap.is(format "a%%b %s", "a%%b %s", "one argument is taken as it is")
tap.is(format("%s %s", "a"), "a %s", "nothing left for it")
tap.is(format("a", "b", 1, { 2 }), "a b 1 { 2 }")
tap.is(format({ 1 }, "a"), "{ 1 } a")
tap.is(format("%s|%s|%s|%s", 1.5, nil, true, null), "1.5|nil|true|null")
tap.is(format("%s", { a = { b = 1 } }), "{ a = {...} }")
tap.is(format("%s", setmetatable({}, { __tostring = function() return "T" end })), "T")
tap.is(format("%d %d %d %d", 42, 1.5, "0x10", "x"), "42 1.5 16 nan")
tap.is(format("%d", 3.0), "3")
tap.is(format("%i %i %i %i", 42.9, "42.9px", " -7", "x"), "42 42 -7 nan")
tap.is(format("%f %f %f", "1.5e3", ".5x", "x"), "1500 0.5 nan")
tap.is(format("%j", { a = { 1, null } }), '{"a":[1,null]}')
tap.is(format("%j", nil), "nil")
local t = {}
t.t = t
tap.is(format("%j", t), "[Circular]")
tap.is(format("%o", { a = { b = { c = { d = {} } } } }), "{\n  a = {\n    b = { c = { d = {} } }\n  }\n}", "four levels")
tap.is(format("%O", { a = { b = { c = { 1 } } } }), "{ a = { b = { c = {...} } } }")
tap.is(format("a%cb", "color: red"), "ab")
tap.is(format("%% %s", 1), "% 1")
tap.is(format("100%", 1), "100% 1")
tap.is(format("%x %s", 1), "%x 1")
tap.is(format("%s\0%s", "a", "b\0c"), "a\0b\0c")
tap.is(util.formatWithOptions({ depth = 0 }, "%O", { a = { 1 } }), "{ a = {...} }")
tap.raises(function() util.formatWithOptions(1) end, { code = "ERR_INVALID_ARG_TYPE" })
