-- A table inside itself is named by a number, and marked where it stands.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local t = { x = 1 }
t.self = t
t.list = { t }
tap.is(inspect(t), "<ref 1> { list = { <cycle 1> }, self = <cycle 1>, x = 1 }")

local a, b = {}, {}
a.b, b.a, b.b = b, a, b
tap.is(inspect(a), "<ref 1> { b = <ref 2> { a = <cycle 1>, b = <cycle 2> } }")

local shared = { 1 }
tap.is(inspect { shared, shared }, "{ { 1 }, { 1 } }", "what is met twice is no cycle")

local e = Error "x"
e.cause = e
tap.like(inspect(e), "cause = <cycle 1>")

local emitter = EventEmitter()
emitter.me = emitter
tap.is(inspect(emitter), "<ref 1> EventEmitter { me = <cycle 1> }")

local key = {}
key[key] = key
tap.is(inspect(key), "<ref 1> { [<cycle 1>] = <cycle 1> }")
