-- console.table
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local function rows(code)
  local out, err = capture(code)
  tap.is(err, "")
  local list = {}
  for line in out:gmatch "[^\n]+" do
    if line:find "^│" then list[#list + 1] = line end
  end
  return list
end

tap.is_deep(rows "console.table({ { b = 1, a = 2 }, { c = 3 } })",
  { "│ (index) │ a │ b │ c │", "│ 1       │ 2 │ 1 │   │", "│ 2       │   │   │ 3 │" })
tap.is_deep(rows "console.table({ x = 'é中', y = 2, 5 })",
  { "│ (index) │ Values │", "│ 1       │ 5      │", '│ x       │ "é中"  │', "│ y       │ 2      │" })
tap.is_deep(rows "console.table({ { a = 1, b = 2 }, 7 }, { 'b', 'zz', 'b' })",
  { "│ (index) │ b │ zz │", "│ 1       │ 2 │    │", "│ 2       │   │    │" })
tap.is_deep(rows "console.table({ { { 1, 2, 3, 4, 5 }, { a = 1, b = 2, c = 3 }, { a = 1 } } })",
  { "│ (index) │ 1                       │ 2     │ 3         │",
    "│ 1       │ { 1, 2, 3, ... 2 more } │ {...} │ { a = 1 } │" })
tap.is(capture "console.table(5) console.table('x') console.table({})",
  "5\nx\n┌─────────┐\n│ (index) │\n├─────────┤\n└─────────┘\n")
tap.raises(function() console.table({}, 1) end, { code = "ERR_INVALID_ARG_TYPE", message = '"properties"' })
tap.raises(function()
  local data = {}
  for i = 1, 3000 do data[i] = { ["k" .. i] = i } end
  console.table(data)
end, { code = "ERR_OUT_OF_RANGE" })
