-- structuredClone: what is kept, what is refused and how.
local tap = require "../lib/tap"

local shared = { 1 }
local t = { a = shared, b = shared, n = 3, f = 3.0, s = "\0\255", yes = true, [1.5] = "half", [shared] = "key" }
t.self = t
local c = structuredClone(t)
tap.ok(c ~= t and c.self == c, "a cycle")
tap.ok(c.a == c.b and c.a ~= shared, "a shared table")
tap.is(c[c.a], "key")
tap.is(math.type(c.n), "integer")
tap.is(math.type(c.f), "float")
tap.is(c.s, "\0\255")
tap.is(c[1.5], "half")
tap.is(structuredClone(nil), nil)
tap.is(structuredClone(null), null)
tap.is(structuredClone(math.mininteger), math.mininteger)
tap.ok(structuredClone(0 / 0) ~= structuredClone(0 / 0), "not a number")
tap.is(JSON.stringify(structuredClone { array {}, {} }), "[[],{}]", "array marks")
tap.is(#structuredClone { 1, 2, null, 4 }, 4)
tap.is(getmetatable(structuredClone(setmetatable({ 1 }, { __index = print }))), nil, "no metatable")

local e = TypeError("no", { cause = { shared } })
e.code, e.extra = "EX", print
local ce = structuredClone(e)
tap.ok(instanceof(ce, TypeError) and ce ~= e)
tap.is(tostring(ce), tostring(e))
tap.is(ce.stack, e.stack)
tap.is(ce.code, "EX")
tap.is(ce.cause[1][1], 1)
tap.is(ce.extra, nil)
local Refused = Error:extend "Refused"
tap.is(tostring(structuredClone(Refused "x")), "Refused: x")

local buf = Buffer.from "abc"
local pair = structuredClone { buf, buf }
tap.is(pair[1]:toString(), "abc")
tap.ok(pair[1] == pair[2] and pair[1] ~= buf)

local function refused(value, text)
  local err = tap.raises(function() structuredClone(value) end, text)
  tap.is(err.name, "DataCloneError")
  tap.is(err.code, 25)
end
refused({ list = { 1, 2, { cb = print } } }, "value%.list%[3%]%.cb is a function$")
refused(print, "^DataCloneError: value is a function$")
refused({ ["a b"] = coroutine.create(print) }, 'value%["a b"%] is a coroutine$')
refused({ io.stdout }, "value%[1%] is an object that cannot be cloned$")
refused({ [print] = 1 }, "value%[function%] is a function$")
refused({ e = Error("x", { cause = print }) }, "value%.e%.cause is a function$")
local deep = {}
for _ = 1, 2000 do deep = { deep } end
refused(deep, "is nested too deeply$")
tap.raises(structuredClone, { code = "ERR_MISSING_ARGS" })
tap.raises(function() structuredClone(1, 5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() structuredClone(1, { transfer = { buf } }) end, { code = "ERR_INVALID_TRANSFER_OBJECT" })
