-- Errors: fields, text, stack, kinds, causes.
local tap = require "../lib/tap"

tap.test("text and fields", function()
  local e = Error "no"
  tap.is(tostring(e), "Error: no")
  tap.is(e.message, "no")
  tap.is(e.name, "Error")
  tap.is("it: " .. e, "it: Error: no")
  tap.is(e .. "!", "Error: no!")
  e.code = "ERR_X"
  tap.is(tostring(e), "Error [ERR_X]: no")
  e.code = "ENOENT"
  tap.is(tostring(e), "Error: no", "a system's code is in the message already")
  tap.is(tostring(Error()), "Error")
  tap.is(Error(nil, { cause = e }).cause, e)
end)

tap.test("kinds", function()
  tap.is(tostring(TypeError "x"), "TypeError: x")
  tap.ok(instanceof(TypeError "x", Error))
  tap.ok(not instanceof(Error "x", TypeError))
  local Mine = RangeError:extend "Mine"
  local e = Mine "x"
  tap.is(e.name, "Mine")
  tap.is(tostring(e), "Mine: x")
  tap.ok(instanceof(e, RangeError))
  local all = AggregateError({ e }, "several")
  tap.is(all.errors[1], e)
  tap.is(all.message, "several")
  tap.ok(Error.isError(e))
  tap.ok(not Error.isError {})
end)

tap.test("the stack names the place of the throw", function()
  local function inner() error(Error "deep") end
  local _, e = pcall(inner)
  tap.like(e.stack, "^Error: deep\n    at [^\n]*errors%.lua:36")
  tap.ok(not e.stack:find("[C]", 1, true), "frames of C are left out")
end)

tap.test("tables without a class and other values pass through pcall unchanged", function()
  local t = {}
  local _, e = pcall(error, t)
  tap.is(e, t)
  _, e = pcall(error, 5)
  tap.is(e, 5)
  _, e = pcall(error)
  tap.is(e, nil)
end)
