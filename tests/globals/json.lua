-- JSON.parse and JSON.stringify
local tap = require "../lib/tap"

tap.is(JSON.stringify { a = { 1, 2.0, null }, b = array {}, c = {} }, '{"a":[1,2.0,null],"b":[],"c":{}}')
tap.is(JSON.stringify({ 1, { a = 2 } }, nil, 2), '[\n  1,\n  {\n    "a": 2\n  }\n]')
tap.is(JSON.stringify({ 1 }, null, "--"), "[\n--1\n]")
tap.is(JSON.stringify(print), nil)
tap.is(JSON.stringify(), nil)
tap.is_deep(JSON.parse '{"a":[1,{"b":true}]}', { a = { 1, { b = true } } })
tap.is(math.type(JSON.parse "3"), "integer")
tap.is(math.type(JSON.parse "3.0"), "float")
tap.is(JSON.parse "null", null)
tap.raises(function() JSON.parse "{" end, { name = "SyntaxError" })
tap.raises(function() JSON.parse() end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() JSON.parse("1", print) end, { code = "ERR_INVALID_ARG_VALUE" })
tap.raises(function() JSON.stringify({}, nil, {}) end, { code = "ERR_INVALID_ARG_TYPE" })
local t = {}
t.t = t
tap.raises(function() JSON.stringify(t) end, { name = "TypeError", message = "circular" })
tap.raises(function() JSON.stringify { "\255" } end, { name = "TypeError" })
