-- time, timeLog, timeEnd
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err = capture [[
console.time("b") console.time("b") console.time()
console.timeLog("b", "more", { 1 }) console.timeEnd("b", "not shown") console.timeEnd()
console.timeEnd("nope") console.timeLog("b")
]]
tap.like(out, "^b: [%d.]+m?s more { 1 }\nb: [%d.]+m?s\ndefault: [%d.]+m?s\n$")
tap.like(err, "Warning: Label 'b' already exists for console.time%(%)")
tap.like(err, "Warning: No such label 'nope' for console.timeEnd%(%)")
tap.like(err, "Warning: No such label 'b' for console.timeLog%(%)")
