-- Colours by kind, and none without the option.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local function c(code, text, off) return "\27[" .. code .. "m" .. text .. "\27[" .. (off or 39) .. "m" end
local function shown(v) return inspect(v, { colors = true }) end
tap.is(shown(1), c(33, "1"))
tap.is(shown(true), c(33, "true"))
tap.is(shown "a", c(32, '"a"'))
tap.is(shown(nil), c(90, "nil"))
tap.is(shown(null), c(1, "null", 22))
tap.is(shown(print), c(36, "function: builtin"))
tap.is(shown { a = 1 }, "{ a = " .. c(33, "1") .. " }")
local list = { 1, 2, 3, 4, 5, 6, 7 }
tap.is((shown(list):gsub("\27%[%d+m", "")), inspect(list), "the lines are the same")
