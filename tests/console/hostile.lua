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

-- A console over streams: what the streams do is caught, and a constructor is run once in full.
local Console = console.Console
local Writable = require "stream".Writable
local seen = {}
local w = Writable { write = function(_, c, _, cb) seen[#seen + 1] = tostring(c) cb() end }
local c = Console(w)
c.log("a", c)
c:log "b"
tap.like(table.concat(seen), "^a .*b\n$")
tap.ok(not pcall(Console.init, console, w), "the program's console is not made anew")
local Bare = Console:extend "Bare"
function Bare.init() end
tap.ok(not pcall(function() Bare():log "x" end), "no constructor has run")
local odd = setmetatable({}, { __index = function() error "no" end })
tap.ok(not pcall(Console, odd))
tap.ok(not pcall(Console, io.stdout, odd))
Console { write = function() error "ignored" end }:log "x"
Console { write = function() end }:log "x"
