-- Wrong options are told.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.raises(function() inspect(1, 2) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() inspect(1, { depth = "x" }) end,
  { code = "ERR_INVALID_ARG_TYPE", message = 'The "options.depth" property must be of type number' })
tap.raises(function() inspect(1, { breakLength = {} }) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.is(inspect({ { 1 } }, false, 0), "{ {...} }", "the old form")
for _, n in ipairs { 0, -1, 0 / 0, 1 / 0, -1 / 0, 1e308, 2 ^ 53, 0.5 } do
  for _, key in ipairs { "depth", "maxArrayLength", "maxStringLength", "breakLength", "compact" } do
    tap.ok(inspect({ 1, 2, 3, 4, 5, 6, 7, 8, a = { b = { "long string\nof lines" } } }, { [key] = n }), key .. " " .. n)
  end
end
