-- util.deprecate warns once, and passes everything through.
local tap = require "../lib/tap"
local util = require "util"

local seen = {}
process:on("warning", function(w) seen[#seen + 1] = w.name .. ": " .. w.message .. " " .. tostring(w.code) end)
local old = util.deprecate(function(...) return select("#", ...), ... end, "use new()", "DEP0")
local again = util.deprecate(print, "use new()", "DEP0")
local other = util.deprecate(function() end, "gone soon")

tap.test("arguments and results", function()
  tap.is_deep({ old(1, nil, 3) }, { 3, 1, nil, 3 })
  old()
  pcall(again)
  other()
  other()
end)

tap.test("each warns once", function(done)
  setImmediate(function()
    tap.is_deep(seen, { "DeprecationWarning: use new() DEP0", "DeprecationWarning: gone soon nil" })
    done()
  end)
end)

tap.test("arguments", function()
  tap.raises(function() util.deprecate(1, "x") end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() util.deprecate(print) end, { code = "ERR_INVALID_ARG_TYPE" })
end)
