-- util.isDeepStrictEqual
local tap = require "../lib/tap"
local same = require("util").isDeepStrictEqual

tap.ok(same(1, 1))
tap.ok(same(1, 1.0))
tap.ok(same(0 / 0, 0 / 0))
tap.ok(not same(0.0, -0.0))
tap.ok(not same(1, "1"))
tap.ok(same({ 1, { 2, x = { "a" } } }, { 1, { 2, x = { "a" } } }))
tap.ok(not same({ 1, { 2 } }, { 1, { 3 } }))
tap.ok(not same({ 1 }, { 1, 2 }))
tap.ok(not same({ 1, 2 }, { 1 }))
tap.ok(not same({ a = 1 }, { b = 1 }))
tap.ok(not same({}, setmetatable({}, {})))
tap.ok(same(array { 1 }, { 1 }), "the mark of an array says what a plain sequence says")
tap.ok(not same(array {}, {}))
tap.ok(not same({ print }, { pairs }))
tap.ok(same(null, null))
tap.ok(not same(null, nil))
local a, b = { 1 }, { 1 }
a.self, b.self = a, b
tap.ok(same(a, b))
b[2] = 1
tap.ok(not same(a, b))
local deep_a, deep_b = {}, {}
for _ = 1, tap.scale(100000) do deep_a, deep_b = { deep_a }, { deep_b } end
tap.ok(same(deep_a, deep_b), "depth does no harm")
tap.ok(same(Error "x", Error "x"), "where an Error was made does not count")
tap.ok(not same(Error "x", Error "y"))
tap.ok(not same(Error "x", TypeError "x"))
