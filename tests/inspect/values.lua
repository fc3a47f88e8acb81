-- Plain values.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.is(inspect(nil), "nil")
tap.is(inspect(true), "true")
tap.is(inspect(42), "42")
tap.is(inspect(math.mininteger), "-9223372036854775808")
tap.is(inspect(3.0), "3.0")
tap.is(inspect(1e15), tostring(1e15))
tap.is(inspect(1 / 0), "inf")
tap.is(inspect(-1 / 0), "-inf")
tap.is(inspect(0 / 0), "nan")
tap.is(inspect(-(0 / 0)), "nan")
tap.is(inspect(null), "null")
tap.is(inspect("a"), '"a"')
tap.is(inspect(), "nil")
