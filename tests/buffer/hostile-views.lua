-- Every function of the views, of Buffer and of the module with odd arguments: errors, no crash.
local tap = require "../lib/tap"
local buffer = require "buffer"

-- Each is made when it is needed: a function may have changed the one before.
local odd = { false, true, 0, -1, 1, 3, 2.0 ^ 53, 1 << 62, math.mininteger, 1 / 0, -1 / 0, 0 / 0, 0.5, "", "hex",
  "\xff\xfe", print, null, io.stdout }
local plain = #odd
local made = {
  function() return {} end, function() return { 1, 2, "x" } end, function() return { length = 3 } end,
  function() return Buffer.from "abc" end, function() return Buffer.alloc(0) end,
  function() return Int16Array(3) end, function() return BigInt64Array(1) end,
  function() return ArrayBuffer(0) end, function() return ArrayBuffer(10) end,
  function() return SharedArrayBuffer(4) end, function() return DataView(ArrayBuffer(3)) end,
  function() return nil end
}
local count = plain + #made
local function value_at(i)
  if i <= plain then return odd[i] end
  return made[i - plain]()
end

local tried, bad = 0, 0
local function try(name, f, ...)
  tried = tried + 1
  local ok, e = pcall(f, ...)
  if not ok and not (type(e) == "table" or type(e) == "userdata") then
    bad = bad + 1
    tap.comment(name .. ": " .. tostring(e))
  end
end

-- A walk of every third or twelfth value meets others with each function.
local scale = tap.scale(100)
local step = scale >= 100 and 1 or scale > 1 and 3 or 12
local function walk(name, f, make)
  local first = 1 + tried % step
  for i = first, count, step do
    try(name, f, value_at(i))
    for j = first, count, step do
      local third = value_at((i + j) % count + 1)
      if make then
        try(name, f, make(), value_at(i), value_at(j), third)
      else
        try(name, f, value_at(i), value_at(j), third)
      end
    end
  end
end

local makers = {
  Buffer = function() return Buffer.from "hello" end,
  ArrayBuffer = function() return ArrayBuffer(8) end,
  SharedArrayBuffer = function() return SharedArrayBuffer(8) end,
  DataView = function() return DataView(ArrayBuffer(8), 1) end
}
for _, name in ipairs { "Uint8", "Uint8Clamped", "Int16", "Float32", "Float64", "BigUint64" } do
  makers[name .. "Array"] = function() return _G[name .. "Array"](4) end
end
local classes = 0
for name, make in pairs(makers) do
  classes = classes + 1
  walk(name, _G[name])
  for key, f in pairs(_G[name]) do
    if type(f) == "function" then
      walk(name .. "." .. key, f)
      walk(name .. ":" .. key, f, make)
    end
  end
  for i = 1, count do
    local value = value_at(i)
    try(name .. " index", function() return make()[value] end)
    if value == value and value ~= nil then try(name .. " set", function() make()[value] = value end) end
    try(name .. " set 0", function() make()[0] = value end)
    try(name .. " length", function() make().length = value end)
    try(name .. " buffer", function() make().buffer = value end)
  end
end
for key, f in pairs(buffer) do
  if type(f) == "function" then walk("buffer." .. key, f) end
end
for i = 1, count do
  local value = value_at(i)
  Buffer.poolSize = value
  try("poolSize", Buffer.allocUnsafe, 5)
  try("poolSize", Buffer.from, "text")
  buffer.INSPECT_MAX_BYTES = value
  try("INSPECT_MAX_BYTES", require "util".inspect, Buffer.alloc(3))
end
tap.ok(classes == 10 and tried > 10000 // step // step)
tap.is(bad, 0, "every error is an Error")
