-- Strings are quoted; text stays readable, bytes that are none are escaped.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.is(inspect 'a"b\\c', [["a\"b\\c"]])
tap.is(inspect "a\nb\tc\r\a", [["a\nb\tc\r\a"]])
tap.is(inspect "\27[31m\0", [["\x1B[31m\x00"]])
tap.is(inspect "é 中 😀", '"é 中 😀"')
tap.is(inspect "\200\xff", [["\xC8\xFF"]])
tap.is(inspect "\u{85}", [["\u{85}"]], "a C1 control is escaped too")
tap.is(inspect(("x"):rep(12), { maxStringLength = 10 }), '"xxxxxxxxxx"... 2 more characters')
tap.is(inspect(("x"):rep(11), { maxStringLength = 10 }), '"xxxxxxxxxx"... 1 more character')
tap.is(inspect(("中"):rep(4), { maxStringLength = 2 }), '"中中"... 2 more characters')
tap.like(inspect { ("x"):rep(20000) }, "%.%.%. 10000 more characters")

local long = "first line of it\n" .. ("x"):rep(70)
tap.is(inspect(long), '"first line of it\\n" ..\n  "' .. ("x"):rep(70) .. '"', "broken after a line end")
tap.is(inspect "a\nb", '"a\\nb"', "a short one is not")
