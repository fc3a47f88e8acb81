-- Folders: making, listing, copying and removing whole trees.
local tap = require "../lib/tap"
local fs = require "fs"

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)

local function plant()
  fs.mkdirSync(at "t/e/f", { recursive = true })
  fs.writeFileSync(at "t/x", "x")
  fs.writeFileSync(at "t/e/y", "y", { mode = 384 })
  fs.writeFileSync(at "t/e/f/z", "z")
  fs.symlinkSync("x", at "t/l")
end

tap.test("recursive mkdir tells the first it made", function()
  tap.is(fs.mkdirSync(at "p/q/r", { recursive = true }), at "p")
  tap.is(fs.mkdirSync(at "p/q/s/t/", { recursive = true }), at "p/q/s")
  tap.is(fs.mkdirSync(at "p/q/r", { recursive = true }), nil)
  tap.is(fs.mkdirSync(at "plain", 448), nil)
  tap.is(fs.statSync(at "plain").mode & 511, 448)
  fs.writeFileSync(at "file", "")
  tap.raises(function() fs.mkdirSync(at "file", { recursive = true }) end, { code = "EEXIST" })
  tap.raises(function() fs.mkdirSync(at "file/a/b", { recursive = true }) end,
    { code = "ENOTDIR", path = at "file/a/b" })
end)

tap.test("readdir: sorted names, Dirents, all that lies below", async(function()
  plant()
  tap.is_deep(fs.readdirSync(at "t"), { "e", "l", "x" })
  tap.is_deep(await(fs.promises.readdir(at "t", { recursive = true })),
    { "e", "l", "x", "e/f", "e/y", "e/f/z" })
  local kinds = {}
  for i, e in ipairs(fs.readdirSync(at "t", { withFileTypes = true, recursive = true })) do
    tap.ok(instanceof(e, fs.Dirent))
    local kind = e:isDirectory() and "d" or e:isFile() and "f" or e:isSymbolicLink() and "l"
    kinds[i] = e.parentPath:sub(#dir + 2) .. ":" .. e.name .. ":" .. kind
  end
  tap.is_deep(kinds, { "t:e:d", "t:l:l", "t:x:f", "t/e:f:d", "t/e:y:f", "t/e/f:z:f" })
  tap.ok(Buffer.isBuffer(fs.readdirSync(at "t", "buffer")[1]))
  fs.mkdirSync(at "empty")
  tap.is(JSON.stringify(fs.readdirSync(at "empty")), "[]")
  fs.rmdirSync(at "empty")
end))

tap.test("cp: trees, links, what is there already", async(function()
  tap.raises(function() fs.cpSync(at "t", at "c") end, { code = "ERR_FS_EISDIR" })
  await(fs.promises.cp(at "t", at "new/c", { recursive = true }))
  tap.is(fs.readFileSync(at "new/c/e/f/z", "utf8"), "z")
  tap.is(fs.statSync(at "new/c/e/y").mode & 511, 384)
  tap.is(fs.readlinkSync(at "new/c/l"), fs.realpathSync(at "t") .. "/x")
  fs.cpSync(at "t", at "v", { recursive = true, verbatimSymlinks = true, preserveTimestamps = true })
  tap.is(fs.readlinkSync(at "v/l"), "x")
  tap.is(fs.statSync(at "v/x").mtime, fs.statSync(at "t/x").mtime)
  fs.writeFileSync(at "v/x", "changed")
  fs.cpSync(at "t/x", at "v/x", { force = false })
  tap.is(fs.readFileSync(at "v/x", "utf8"), "changed")
  tap.raises(function() fs.cpSync(at "t/x", at "v/x", { force = false, errorOnExist = true }) end,
    { code = "ERR_FS_CP_EEXIST" })
  fs.cpSync(at "t", at "v", { recursive = true })
  tap.is(fs.readFileSync(at "v/x", "utf8"), "x")
  tap.raises(function() fs.cpSync(at "t", at "t/e/k", { recursive = true }) end, { code = "ERR_FS_CP_EINVAL" })
  tap.raises(function() fs.cpSync(at "t/x", at "t/x") end, { code = "ERR_FS_CP_EINVAL" })
  tap.raises(function() fs.cpSync(at "t/x", at "t/e") end, { code = "ERR_FS_CP_NON_DIR_TO_DIR" })
  tap.raises(function() fs.cpSync(at "t", at "t/x", { recursive = true }) end,
    { code = "ERR_FS_CP_DIR_TO_NON_DIR" })
end))

tap.test("rm follows no links", function(done)
  fs.mkdirSync(at "g/h", { recursive = true })
  fs.symlinkSync(at "t", at "g/h/out")
  fs.rm(at "g", { recursive = true }, function(err)
    tap.is(err, nil)
    tap.is(fs.existsSync(at "g"), false)
    tap.is(fs.readFileSync(at "t/x", "utf8"), "x")
    done()
  end)
end)

tap.test("mkdtemp", async(function()
  local made = await(fs.promises.mkdtemp(at "m-"))
  tap.like(made:sub(#dir + 2), "^m%-%w%w%w%w%w%w$")
  tap.ok(fs.statSync(made):isDirectory())
end))

tap.test("opendir: entry by entry", async(function()
  tap.raises(function() fs.opendirSync(at "nope") end, { code = "ENOENT", syscall = "opendir" })
  fs.mkdirSync(at "od")
  for _, name in ipairs { "a", "b", "c" } do fs.writeFileSync(at("od/" .. name), "") end
  local names = {}
  local d = await(fs.promises.opendir(at "od"))
  tap.is(d.path, at "od")
  for e in d:entries() do names[#names + 1] = e.name end
  table.sort(names)
  tap.is(table.concat(names), "abc")
  tap.is_error(select(2, pcall(await, d:read())), { code = "ERR_DIR_CLOSED" })
  local s = fs.opendirSync(at "od")
  tap.ok(s:readSync():isFile())
  tap.is(await(s:read()).parentPath, at "od")
  s:readSync()
  tap.is(s:readSync(), nil)
  s:closeSync()
  tap.raises(function() s:readSync() end, { code = "ERR_DIR_CLOSED" })
  local broken = fs.opendirSync(at "od")
  for _ in broken:entries() do break end
  tap.raises(function() broken:closeSync() end, { code = "ERR_DIR_CLOSED" })
end))
