-- __tostring is honoured, and cannot do harm.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local function with(fn) return setmetatable({ 1 }, { __tostring = fn }) end
tap.is(inspect(with(function() return "Point(1, 2)" end)), "Point(1, 2)")
tap.is(inspect { p = with(function() return "a\nb" end) }, "{\n  p = a\n  b\n}")
tap.like(inspect(with(function() error "no" end)), "^<__tostring raised: .*no>$")
tap.is(inspect(with(function() error {} end)), "<__tostring raised: a table>")
tap.is(inspect(with(function() error() end)), "<__tostring raised: a nil>")
tap.is(inspect(with(function() return 1 end)), "<__tostring gave a number>")
tap.is(inspect(with(function() return "no" end), { customInspect = false }), "{ 1 }")
tap.like(inspect(with(function() coroutine.yield() end)), "^<__tostring raised: ")

local nested
nested = with(function() return "<" .. inspect { 1, { 2 } } .. ">" end)
tap.is(inspect { nested, { 3 } }, "{ <{ 1, { 2 } }>, { 3 } }", "inspects while it is inspected")

local endless
endless = with(function(self) return inspect(self) end)
tap.like(inspect(endless), "raised", "one that asks for itself ends")

local eater = { 1, a = 1, b = 2, c = 3 }
eater.a = with(function()
  for k in pairs(eater) do eater[k] = nil end
  collectgarbage()
  return "ate"
end)
tap.is(inspect(eater), "{ 1, a = ate }", "one that empties the table while it is shown")
