-- Depth, elements, keys and text are bounded.
local tap = require "../lib/tap"
local inspect = require("util").inspect

tap.is(inspect { a = { b = { c = { d = 1 } } } }, "{ a = { b = { c = {...} } } }")
tap.is(inspect({ a = { b = 1 } }, { depth = 0 }), "{ a = {...} }")
tap.is(inspect({ a = {} }, { depth = 0 }), "{ a = {} }")
tap.is(inspect({ 1 }, { depth = -1 }), "{...}")
tap.like(inspect({ { { { { { 1 } } } } } }, { depth = math.huge }), "{ 1 }")
tap.like(inspect({ { { { { { 1 } } } } } }, { depth = null }), "{ 1 }")

local list = {}
for i = 1, 10000 do list[i] = i end
tap.like(inspect(list), "97,%s+98,%s+99,%s+100,\n  %.%.%. 9900 more\n}$")
tap.is(inspect({ 1, 2, 3 }, { maxArrayLength = 1 }), "{ 1, ... 2 more }")
tap.is(inspect({ 1, 2 }, { maxArrayLength = 0 }), "{ ... 2 more }")
tap.is(inspect({ a = 1, b = 2, c = 3 }, { maxArrayLength = 2 }), "{ a = 1, b = 2, ... 1 more }")
tap.ok(not inspect(list, { maxArrayLength = math.huge }):find "more")

local deep = {}
for _ = 1, tap.scale(100000) do deep = { deep } end
tap.like(inspect(deep, { depth = math.huge }), "{%.%.%.}", "no depth overflows the stack")

if not tap.variant:find "stress" then -- it is stopped by its size alone, which takes millions of steps
  local wide = { "x" }
  for _ = 1, 60 do wide = { wide, wide } end
  tap.ok(#inspect(wide, { depth = math.huge }) < 200 * 2 ^ 20, "shared tables do not grow without end")
end
