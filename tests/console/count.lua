-- count, countReset
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err = capture [[
console.count() console.count("x") console.count() console.count(nil) console.count(5)
console.countReset() console.count() console.countReset("nope")
]]
tap.is(out, "default: 1\nx: 1\ndefault: 2\ndefault: 3\n5: 1\ndefault: 1\n")
tap.like(err, "Warning: Count for 'nope' does not exist")
