-- null, array, instanceof and the Error classes
local tap = require "../lib/tap"

tap.is(tostring(null), "null")
tap.is(JSON.stringify { x = array {} }, '{"x":[]}')
local t = { 1 }
tap.is(array(t), t)
tap.is(array(array(t)), t)
tap.is(JSON.stringify(array()), "[]")
tap.raises(function() array(1) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() array(setmetatable({}, {})) end, { code = "ERR_INVALID_ARG_VALUE" })

tap.ok(instanceof(TypeError "x", Error))
tap.ok(not instanceof(Error "x", TypeError))
tap.ok(not instanceof(1, Error))
tap.raises(function() instanceof({}, {}) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.is(tostring(RangeError "r"), "RangeError: r")
tap.is(AggregateError({ 1 }, "all").errors[1], 1)

local Refused = Error:extend "Refused"
local e = Refused "no"
tap.is(tostring(e), "Refused: no")
tap.like(e.stack, "^Refused: no\n    at ")
tap.ok(instanceof(e, Refused) and instanceof(e, Error))
tap.is(tostring((TypeError:extend "Sub") "x"), "Sub: x")
