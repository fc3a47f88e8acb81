-- cp with a filter: what it refuses is left out, with all that is in it.
local tap = require "../lib/tap"
local fs = require "fs"
local root = fs.mkdtempSync(os.tmpdir() .. "/cp-")
local from, to = root .. "/from", root .. "/to"
fs.mkdirSync(from .. "/d/e", { recursive = true })
for _, name in ipairs { "a", "b", "d/c", "d/e/f" } do fs.writeFileSync(from .. "/" .. name, name) end

-- All names below the copy, which is removed.
local function copied()
  local list = fs.existsSync(to) and fs.readdirSync(to, { recursive = true }) or { "nothing" }
  table.sort(list)
  fs.rmSync(to, { recursive = true, force = true })
  return table.concat(list, " ")
end

local asked = {}
fs.cpSync(from, to, { recursive = true, filter = function(src, dest)
  asked[#asked + 1] = src:sub(#from + 1) .. ">" .. dest:sub(#to + 1)
  return not src:find "/e$" and not src:find "/b$"
end })
tap.is(table.concat(asked, " "), "> /a>/a /b>/b /d>/d /d/c>/d/c /d/e>/d/e")
tap.is(copied(), "a d d/c")
fs.cpSync(from, to, { recursive = true, filter = function() return false end })
tap.is(copied(), "nothing")
fs.cpSync(from .. "/a", to, { filter = function() return true end })
tap.is(fs.readFileSync(to, "utf8"), "a")
fs.rmSync(to)
tap.raises(function() fs.cpSync(from, to, { filter = 5 }) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() fs.cpSync(from, to, { recursive = true, filter = async(function() end) }) end,
  { code = "ERR_INVALID_RETURN_VALUE" })
tap.raises(function() fs.cpSync(from, to, { filter = function() error(Error "no") end }) end, "no")
tap.raises(function() fs.cpSync(root .. "/none", to, { filter = function() return true end }) end, { code = "ENOENT" })
tap.raises(function() fs.cpSync(from, to, { filter = function() return true end }) end, { code = "ERR_FS_EISDIR" })

tap.test("promises, of the copy and of the filter", async(function()
  await(fs.promises.cp(from, to, { recursive = true, filter = async(function(src)
    await(Promise(function(resolve) setImmediate(resolve) end))
    return not src:find "/d$"
  end) }))
  tap.is(copied(), "a b")
  await(fs.promises.cp(from, to, { recursive = true, filter = function() return await(Promise.resolve(true)) end }))
  tap.is(copied(), "a b d d/c d/e d/e/f")
  local ok, err = pcall(await, fs.promises.cp(from, to, { filter = async(function() error(Error "no") end) }))
  tap.is(not ok and err.message, "no")
  ok, err = pcall(await, fs.promises.cp(from, to, { filter = 5 }))
  tap.is(not ok and err.code, "ERR_INVALID_ARG_TYPE")
end))

tap.test("a callback", function(done)
  fs.cp(from, to, { recursive = true, filter = function(src) return not src:find "/a$" end }, function(err)
    tap.is(err, nil)
    tap.is(copied(), "b d d/c d/e d/e/f")
    fs.cp(from, to, { filter = function() error(Error "no") end }, function(e)
      tap.is(e.message, "no")
      tap.raises(function() fs.cp(from, to, { filter = 5 }, print) end, { code = "ERR_INVALID_ARG_TYPE" })
      tap.raises(function() fs.cp(from, to, { filter = print }) end, { code = "ERR_INVALID_ARG_TYPE" })
      fs.rmSync(root, { recursive = true })
      done()
    end)
  end)
end)
