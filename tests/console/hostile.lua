-- What is printed may print.
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err, code = capture [[
local t = setmetatable({}, { __tostring = function() console.log("inner", { 1 }) return "T" end })
console.log("outer", t, { t })
console.log(("%s"):rep(300), ("x"):rep(100000))
pcall(console.log, setmetatable({}, { __tostring = function() error "no" end }))
console.log("still here")
]]
tap.like(out, "^inner { 1 }\ninner { 1 }\nouter T { T }\n")
tap.like(out, "still here\n$")
tap.is(err, "")
tap.is(code, 0)
