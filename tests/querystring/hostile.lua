-- Odd values and wrong arguments.
local tap = require "../lib/tap"
local qs = require "querystring"

for _, odd in ipairs { 5, true, print, io.stdout, {}, 0 / 0 } do
  tap.is(next(qs.parse(odd)), nil)
  tap.is(type(qs.escape(odd)), "string")
  tap.is(type(qs.unescape(odd)), "string")
  tap.is(type(qs.stringify(odd)), "string")
end
tap.is(qs.stringify { a = print, b = {}, c = null, [1] = "one", [print] = 1 }, "1=one&a=&c=")
tap.is(qs.stringify { f = 3.0 }, "f=3")
tap.raises(function() qs.parse("a", 5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() qs.stringify({}, {}) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() qs.parse("a", nil, nil, 5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() qs.parse("a", nil, nil, { maxKeys = "x" }) end, { code = "ERR_INVALID_ARG_TYPE" })
local many = ("a=1&"):rep(2000)
tap.is(#qs.parse(many).a, 1000)
tap.is(#qs.parse(many, nil, nil, { maxKeys = 0 }).a, 2000)
tap.is(qs.parse("a\0b=\255")["a\0b"], "\239\191\189")
