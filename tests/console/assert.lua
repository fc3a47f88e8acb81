-- assert writes and raises nothing.
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err, code = capture [[
console.assert(false) console.assert(nil, "%s is", 1) console.assert(false, { 1 }) console.assert(1, "no")
console.assert()
]]
tap.is(out, "")
tap.is(err, "Assertion failed\nAssertion failed: 1 is\nAssertion failed: { 1 }\nAssertion failed\n")
tap.is(code, 0)
