-- Every function of Buffer with wrong, missing, huge and odd arguments: errors with a code, no crash.
local tap = require "../lib/tap"

local odd = { nil, false, true, 0, -1, 1, 3, 2 ^ 53, 1 << 62, -(1 << 62), math.mininteger, math.maxinteger,
  1 / 0, -1 / 0, 0 / 0, 0.5, "", "hex", "klingon", "\xff\xfe", ("x"):rep(300), {}, { 1, 2 }, print,
  coroutine.create(print), null, Buffer.from "abc", Buffer.alloc(0), EventEmitter(), io.stdout }
local count = 31

local function value(i)
  if i > count then return nil end
  return odd[i]
end

local names, bad = 0, 0
local function try(f, ...)
  local ok, e = pcall(f, ...)
  if not ok and not (type(e) == "table" or type(e) == "userdata") then
    bad = bad + 1
    tap.comment(tostring(e))
  end
end

local statics = { "from", "alloc", "allocUnsafe", "concat", "isBuffer", "isEncoding", "byteLength", "compare" }
local methods = { "compare", "equals", "copy", "fill", "write", "indexOf", "lastIndexOf", "includes", "toString",
  "bytes", "slice", "subarray", "toJSON", "keys", "values", "entries" }
local step = tap.scale(100) >= 100 and 1 or 7
for _, name in ipairs(statics) do
  names = names + 1
  for i = 1, count + 1, step do
    -- sizes of gigabytes are left out: they are allowed
    local a = value(i)
    if not (name:find "alloc" and type(a) == "number" and a > 1 << 20) then
      for j = 1, count + 1, step do try(Buffer[name], a, value(j)) end
    end
  end
end
for _, name in ipairs(methods) do
  names = names + 1
  for i = 1, count + 1, step do
    try(Buffer[name], value(i))
    for j = 1, count + 1, step do
      for k = 1, count + 1, step do
        local b = Buffer.from "hello"
        try(b[name], b, value(i), value(j), value(k))
      end
      local b = Buffer.from "hello"
      try(b[name], b, value(i), value(j), 1, value(j))
    end
  end
end
for i = 1, count + 1 do
  try(function() return Buffer.from("abc")[value(i)] end)
  local key = value(i)
  if key ~= nil and key == key then try(function() Buffer.from("abc")[key] = key end) end
end
tap.ok(names > 20)
tap.is(bad, 0, "every error is an Error")
