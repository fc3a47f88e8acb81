-- Functions and coroutines.
local tap = require "../lib/tap"
local inspect = require("util").inspect

function add(a, b) return a + b end
tap.is(inspect(print), "function: builtin")
tap.like(inspect(add), "^function: add %(.*functions%.lua:5%)$")
tap.like(inspect { f = function() end }, "^{ f = function %(.*functions%.lua:8%) }$")
tap.is(inspect(load("return 1", "=chunk")), "function (chunk)")
add = nil

local co = coroutine.create(function() coroutine.yield() end)
tap.is(inspect(co), "coroutine: suspended")
coroutine.resume(co)
tap.is(inspect(co), "coroutine: suspended")
coroutine.resume(co)
tap.is(inspect(co), "coroutine: dead")
tap.is(coroutine.wrap(function() return inspect(coroutine.running()) end)(), "coroutine: running")
