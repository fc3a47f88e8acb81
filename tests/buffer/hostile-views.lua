-- Every function of the views, of Buffer and of the module with odd arguments: errors, no crash.
local tap = require "../lib/tap"
local buffer = require "buffer"

local function odd()
  return { false, true, 0, -1, 1, 3, 2.0 ^ 53, 1 << 62, math.mininteger, 1 / 0, -1 / 0, 0 / 0, 0.5, "", "hex",
    "\xff\xfe", {}, { 1, 2, "x" }, { length = 3 }, print, null, Buffer.from "abc", Buffer.alloc(0), Int16Array(3),
    BigInt64Array(1), ArrayBuffer(0), ArrayBuffer(10), SharedArrayBuffer(4), DataView(ArrayBuffer(3)), io.stdout }
end
local count = #odd() + 1 -- the last is nil

local tried, bad = 0, 0
local function try(name, f, ...)
  tried = tried + 1
  local ok, e = pcall(f, ...)
  if not ok and not (type(e) == "table" or type(e) == "userdata") then
    bad = bad + 1
    tap.comment(name .. ": " .. tostring(e))
  end
end

local step = tap.scale(100) >= 100 and 1 or 5
local function walk(name, f, make)
  for i = 1, count, step do
    local values = odd()
    try(name, f, values[i])
    for j = 1, count, step do
      values = odd()
      if make then
        try(name, f, make(), values[i], values[j], values[(i + j) % count + 1])
      else
        try(name, f, values[i], values[j], values[(i + j) % count + 1])
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
  for _, value in ipairs(odd()) do
    try(name .. " index", function() return make()[value] end)
    if value == value then try(name .. " set", function() make()[value] = value end) end
    try(name .. " set 0", function() make()[0] = value end)
    try(name .. " length", function() make().length = value end)
    try(name .. " buffer", function() make().buffer = value end)
  end
end
for key, f in pairs(buffer) do
  if type(f) == "function" then walk("buffer." .. key, f) end
end
for _, value in ipairs(odd()) do
  Buffer.poolSize = value
  try("poolSize", Buffer.allocUnsafe, 5)
  try("poolSize", Buffer.from, "text")
  buffer.INSPECT_MAX_BYTES = value
  try("INSPECT_MAX_BYTES", require "util".inspect, Buffer.alloc(3))
end
tap.ok(classes == 10 and tried > 10000 // step // step)
tap.is(bad, 0, "every error is an Error")
