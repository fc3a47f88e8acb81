-- Elements first, then keys by their bytes; names bare.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.is(inspect {}, "{}")
tap.is(inspect { 1, 2, name = "x" }, '{ 1, 2, name = "x" }')
tap.is(inspect { 1, { 2 }, n = nil, f = print }, "{ 1, { 2 }, f = function: builtin }")
tap.is(inspect { b = 1, a = 2, B = 3, _ = 4 }, "{ B = 3, _ = 4, a = 2, b = 1 }")
tap.is(inspect { ["a b"] = 1, ["end"] = 2, ["1x"] = 3, [""] = 4, x1 = 5 },
  '{ [""] = 4, ["1x"] = 3, ["a b"] = 1, ["end"] = 2, x1 = 5 }')
tap.is(inspect { 1, nil, 3 }, "{ 1, [3] = 3 }", "a hole ends the elements")
tap.is(inspect { [0] = 0, 1, [-1] = 2, [1.5] = 3 }, "{ 1, [-1] = 2, [0] = 0, [1.5] = 3 }")
tap.is(inspect { [true] = 1, [false] = 2 }, "{ [false] = 2, [true] = 1 }")
tap.is(inspect { [{ 1 }] = 2 }, "{ [{ 1 }] = 2 }")
tap.is(inspect(array {}), "array{}")
tap.is(inspect(array { 1 }), "{ 1 }")
tap.is(inspect(JSON.parse '{"a":[],"b":{},"c":null}'), "{ a = array{}, b = {}, c = null }")
