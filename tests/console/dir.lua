-- dir shows the thing itself, trace the way here.
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err = capture [[
console.dir({ a = { b = 1 } }, { depth = 0 })
console.dir(setmetatable({ 1 }, { __tostring = function() return "no" end }))
console.dir("text")
local function f() console.trace("at %d", 1) end
f()
console.trace()
]]
tap.is(out, '{ a = {...} }\n{ 1 }\n"text"\n')
tap.like(err, "^Trace: at 1\n    at f %([^\n]+:4%)\n    at [^\n]+:5\nTrace\n    at [^\n]+:6\n$")
