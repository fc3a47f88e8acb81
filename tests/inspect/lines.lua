-- Where lines are broken.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.is(inspect { alpha = ("x"):rep(28), beta = ("y"):rep(14) },
  '{ alpha = "' .. ("x"):rep(28) .. '", beta = "' .. ("y"):rep(14) .. '" }')
tap.is(inspect { alpha = ("x"):rep(40), beta = ("y"):rep(30) },
  '{\n  alpha = "' .. ("x"):rep(40) .. '",\n  beta = "' .. ("y"):rep(30) .. '"\n}')
tap.is(inspect { 1, 2, 3, 4, 5, 6 }, "{ 1, 2, 3, 4, 5, 6 }")
tap.is(inspect { 1, 2, 3, 4, 5, 6, 7 }, "{\n  1, 2, 3, 4,\n  5, 6, 7\n}")
tap.is(inspect { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1200 },
  "{\n   1,    2, 3, 4,  5,\n   6,    7, 8, 9, 10,\n  11, 1200\n}")
tap.is(inspect { "apple", "banana", "kiwi", "fig", "pear", "plum", "date", "x" },
  '{\n  "apple", "banana",\n  "kiwi",  "fig",\n  "pear",  "plum",\n  "date",  "x"\n}')
tap.is(inspect({ a = { b = 1 } }, { compact = false }), "{\n  a = {\n    b = 1\n  }\n}")
tap.is(inspect({ a = 1, b = 2 }, { breakLength = 10 }), "{\n  a = 1,\n  b = 2\n}")
tap.is(inspect({ { { { { 1 } } } } }, { depth = 9, compact = 10 }), "{ { { { { 1 } } } } }")
tap.is(inspect({ { { { { 1 } } } } }, { depth = 9, compact = true }), "{ { { { { 1 } } } } }")
