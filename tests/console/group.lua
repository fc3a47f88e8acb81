-- Groups indent every line, of both outputs.
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err = capture [[
console.group("outer", 1)
console.log("a\nb")
console.groupCollapsed()
console.log({ list = { 1 } })
console.error("e")
console.table({ { x = 1 } })
console.groupEnd()
console.log("")
console.groupEnd()
console.groupEnd()
console.log("free")
]]
tap.is(out, "outer 1\n  a\n  b\n    { list = { 1 } }\n" ..
  "    ┌─────────┬───┐\n    │ (index) │ x │\n    ├─────────┼───┤\n    │ 1       │ 1 │\n" ..
  "    └─────────┴───┘\n  \nfree\n")
tap.is(err, "    e\n")
