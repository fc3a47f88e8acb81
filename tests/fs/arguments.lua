-- Wrong arguments: callbacks and Sync forms raise at once, promises are rejected, with the same words.
local tap = require "../lib/tap"
local fs = require "fs"

local type_error = "ERR_INVALID_ARG_TYPE"
local path = 'The "path" argument must be of type string or an instance of Buffer or URL. Received '
local cases = {
  { "stat", { n = 1 }, type_error, path .. "nil" },
  { "stat", { 5 }, type_error, path .. "type number (5)" },
  { "stat", { "a\0b" }, "ERR_INVALID_ARG_VALUE",
    "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received 'a\\x00b'" },
  { "access", { ".", 99 }, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= 7" },
  { "chmod", { ".", n = 2 }, type_error, 'The "mode" argument must be of type number. Received nil' },
  { "chmod", { ".", "9x" }, "ERR_INVALID_ARG_VALUE",
    "The argument 'mode' must be a 32-bit unsigned integer or an octal string. Received '9x'" },
  { "chmod", { ".", -1 }, "ERR_OUT_OF_RANGE",
    'The value of "mode" is out of range. It must be >= 0 && <= 4294967295. Received -1' },
  { "close", { -1 }, "ERR_OUT_OF_RANGE",
    'The value of "fd" is out of range. It must be >= 0 && <= 2147483647. Received -1' },
  { "close", { "a" }, type_error, 'The "fd" argument must be of type number. Received type string (\'a\')' },
  { "open", { ".", "zz" }, "ERR_INVALID_ARG_VALUE", "The argument 'flags' is invalid. Received 'zz'" },
  { "open", { ".", 1.5 }, "ERR_OUT_OF_RANGE",
    'The value of "flags" is out of range. It must be an integer. Received 1.5' },
  { "readFile", { ".", "zz" }, "ERR_INVALID_ARG_VALUE",
    "The argument 'encoding' is invalid encoding. Received 'zz'" },
  { "readFile", { ".", 5 }, type_error,
    'The "options" argument must be one of type string or table. Received type number (5)' },
  { "writeFile", { ".", 5 }, type_error, 'The "data" argument must be of type string or an instance of '
    .. 'Buffer, TypedArray, or DataView. Received type number (5)' },
  { "writeFile", { ".", "", { flush = 1 } }, type_error,
    'The "options.flush" property must be of type boolean. Received type number (1)' },
  { "read", { 0, Buffer.alloc(4), 1, 9 }, "ERR_OUT_OF_RANGE",
    'The value of "length" is out of range. It must be <= 3. Received 9' },
  { "read", { 0, Buffer.alloc(4), 0, -1 }, "ERR_OUT_OF_RANGE",
    'The value of "length" is out of range. It must be >= 0. Received -1' },
  { "read", { 0, Buffer.alloc(4), 0, 1, -2 }, "ERR_OUT_OF_RANGE",
    'The value of "position" is out of range. It must be >= -1 && <= 9007199254740991. Received -2' },
  { "write", { 1, Buffer.alloc(4), 9 }, "ERR_OUT_OF_RANGE",
    'The value of "offset" is out of range. It must be <= 4. Received 9' },
  { "write", { 1, Buffer.alloc(4), 1, 9 }, "ERR_OUT_OF_RANGE",
    'The value of "length" is out of range. It must be <= 3. Received 9' },
  { "symlink", { "a", "b", "zz" }, "ERR_FS_INVALID_SYMLINK_TYPE",
    'Symlink type must be one of "dir", "file", or "junction". Received "zz"' },
}

local function nothing() end

tap.test("raised, or a rejected promise", async(function()
  for _, case in ipairs(cases) do
    local name, args, code, message = table.unpack(case)
    local n = args.n or #args
    local all = { table.unpack(args, 1, n) }
    all[n + 1] = nothing
    local function judge(form, err)
      tap.is(err.message, message, form .. " " .. name)
      tap.is(err.code, code)
    end
    judge("Sync", select(2, pcall(fs[name .. "Sync"], table.unpack(args, 1, n))))
    judge("callback", select(2, pcall(fs[name], table.unpack(all, 1, n + 1))))
    if fs.promises[name] then
      judge("promise", select(2, pcall(await, fs.promises[name](table.unpack(args)))))
    end
  end
end))

tap.test("a callback there has to be", function()
  for _, call in ipairs { function() fs.stat(".") end, function() fs.stat(".", {}, 5) end,
    function() fs.exists(".") end, function() fs.readFile(".", "utf8") end } do
    tap.raises(call, { code = type_error, message = '^The "cb" argument must be of type function%. Received' })
  end
end)

tap.test("streams", function()
  tap.raises(function() fs.createReadStream() end, { code = type_error, message = path .. "nil" })
  tap.raises(function() fs.createReadStream("x", { start = 5, ["end"] = 2 }) end,
    { code = "ERR_OUT_OF_RANGE",
      message = '^The value of "start" is out of range%. It must be <= "end" %(here: 2%)%. Received 5' })
  tap.raises(function() fs.createReadStream("x", { start = "a" }) end, { code = type_error })
  tap.raises(function() fs.createReadStream("x", { fd = "a" }) end, { code = type_error,
    message = '^The "options%.fd" property must be of type number or an instance of FileHandle' })
  tap.raises(function() fs.createWriteStream("x", 5) end, { code = type_error })
  tap.raises(function() fs.watchFile "/nope" end, { code = type_error })
end)
