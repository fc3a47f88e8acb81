-- Errors: their stack, their fields, their causes.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local e = Error "boom"
tap.like(inspect(e), "^Error: boom\n    at .*errors%.lua:5$")
e.code = "E_X"
tap.like(inspect(e), '^Error: boom\n    at [^\n]+ {\n  code = "E_X"\n}$')
tap.like(inspect { e = e }, '^{\n  e = Error: boom\n      at [^\n]+ {\n    code = "E_X"\n  }\n}$')
local outer = Error("outer", { cause = TypeError "inner" })
tap.like(inspect(outer), "^Error: outer\n    at [^\n]+ {\n  cause = TypeError: inner\n      at [^\n]+\n}$")
e.stack = "Error: boom"
e.code = nil
tap.is(inspect(e), "[Error: boom]", "in brackets where no place is known")
e.code = "E_X"
tap.is(inspect(e), '[Error: boom] { code = "E_X" }')
e.stack, e.code = nil, nil
tap.is(inspect(e), "[Error: boom]")
local Refused = Error:extend "Refused"
tap.like(inspect(Refused "no"), "^Refused: no\n    at ")
tap.like(inspect(AggregateError({ Error "a" }, "all")), "errors = {\n    Error: a\n        at ")
