-- Nothing of a table's behaviour is triggered.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local function never() error "called" end
local t = setmetatable({ 1, a = 2 }, {
  __index = never, __newindex = never, __pairs = never, __len = never, __eq = never, __lt = never,
  __concat = never, __call = never, __metatable = "locked"
})
tap.is(inspect(t), "{ 1, a = 2 }")
tap.is(inspect { t, { t } }, "{ { 1, a = 2 }, { { 1, a = 2 } } }")
tap.is(inspect(setmetatable({}, { __index = setmetatable({}, { __index = never }) })), "{}")
tap.is(inspect(setmetatable({ 1 }, { __index = print }), { showHidden = true }),
  "{ 1, <metatable> = { __index = function: builtin } }")
