-- What fails says what Node says: text, code, errno, syscall, path and dest, in each of the three forms.
local tap = require "../lib/tap"
local fs = require "fs"

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)
fs.mkdirSync(at "folder")
fs.writeFileSync(at "folder/file", "text")

-- name, arguments, code, errno, syscall, has path, has dest
local cases = {
  { "access", { at "nope" }, "ENOENT", "access", true },
  { "chmod", { at "nope", 420 }, "ENOENT", "chmod", true },
  { "chown", { at "nope", 1, 1 }, "ENOENT", "chown", true },
  { "lchown", { at "nope", 1, 1 }, "ENOENT", "lchown", true },
  { "close", { 65000 }, "EBADF", "close" },
  { "copyFile", { at "nope", at "b" }, "ENOENT", "copyfile", true, true },
  { "cp", { at "nope", at "b" }, "ENOENT", "lstat", true },
  { "fchmod", { 65000, 420 }, "EBADF", "fchmod" },
  { "fchown", { 65000, 1, 1 }, "EBADF", "fchown" },
  { "fdatasync", { 65000 }, "EBADF", "fdatasync" },
  { "fstat", { 65000 }, "EBADF", "fstat" },
  { "fsync", { 65000 }, "EBADF", "fsync" },
  { "ftruncate", { 65000 }, "EBADF", "ftruncate" },
  { "futimes", { 65000, 1, 1 }, "EBADF", "futime" },
  { "link", { at "nope", at "b" }, "ENOENT", "link", true, true },
  { "lstat", { at "nope" }, "ENOENT", "lstat", true },
  { "lutimes", { at "nope", 1, 1 }, "ENOENT", "lutime", true },
  { "mkdir", { at "folder" }, "EEXIST", "mkdir", true },
  { "open", { at "nope" }, "ENOENT", "open", true },
  { "read", { 65000, Buffer.alloc(1) }, "EBADF", "read" },
  { "readFile", { at "nope" }, "ENOENT", "open", true },
  { "readFile", { at "folder" }, "EISDIR", "read" },
  { "readdir", { at "nope" }, "ENOENT", "scandir", true },
  { "readdir", { at "folder/file" }, "ENOTDIR", "scandir", true },
  { "readlink", { at "folder/file" }, "EINVAL", "readlink", true },
  { "readv", { 65000, { Buffer.alloc(1) } }, "EBADF", "read" },
  { "rename", { at "nope", at "b" }, "ENOENT", "rename", true, true },
  { "rm", { at "nope" }, "ENOENT", "lstat", true },
  { "rmdir", { at "folder" }, "ENOTEMPTY", "rmdir", true },
  { "stat", { at "nope" }, "ENOENT", "stat", true },
  { "statfs", { at "nope" }, "ENOENT", "statfs", true },
  { "symlink", { at "a", at "folder" }, "EEXIST", "symlink", true, true },
  { "truncate", { at "nope" }, "ENOENT", "open", true },
  { "unlink", { at "nope" }, "ENOENT", "unlink", true },
  { "utimes", { at "nope", 1, 1 }, "ENOENT", "utime", true },
  { "write", { 65000, "x" }, "EBADF", "write" },
  { "writeFile", { at "folder", "x" }, "EISDIR", "open", true },
  { "writev", { 65000, { Buffer.from "x" } }, "EBADF", "write" },
}

local words = { ENOENT = "no such file or directory", EBADF = "bad file descriptor",
  EISDIR = "illegal operation on a directory", EEXIST = "file already exists",
  EINVAL = "invalid argument", ENOTEMPTY = "directory not empty", ENOTDIR = "not a directory" }

local function check(form, case, err)
  local name, args, code, syscall, path, dest = table.unpack(case, 1, 6)
  local text = ("%s: %s, %s"):format(code, words[code], syscall)
  if path then text = text .. (" '%s'"):format(args[1]) end
  if dest then text = text .. (" -> '%s'"):format(args[2]) end
  tap.is(err.message, text, form .. " " .. name)
  tap.is(err.code, code)
  tap.is(err.syscall, syscall)
  tap.is(err.errno, -require("os").constants.errno[code])
  tap.is(err.path, path and args[1] or nil)
  tap.is(err.dest, dest and args[2] or nil)
end

tap.test("the Sync forms raise", function()
  for _, case in ipairs(cases) do
    local ok, err = pcall(fs[case[1] .. "Sync"], table.unpack(case[2]))
    tap.ok(not ok, case[1])
    check("Sync", case, err)
  end
end)

tap.test("the callbacks get it first", function(done)
  local left = #cases
  for _, case in ipairs(cases) do
    local args = { table.unpack(case[2]) }
    args[#args + 1] = function(err, ...)
      check("callback", case, err)
      tap.is(select("#", ...), 0)
      left = left - 1
      if left == 0 then done() end
    end
    tap.is(select("#", fs[case[1]](table.unpack(args))), 0)
  end
end)

tap.test("the promises are rejected with it", async(function()
  for _, case in ipairs(cases) do
    if fs.promises[case[1]] then
      local ok, err = pcall(await, fs.promises[case[1]](table.unpack(case[2])))
      tap.ok(not ok, case[1])
      check("promise", case, err)
    end
  end
end))

tap.test("a folder is not removed by mistake", function()
  tap.raises(function() fs.rmSync(at "folder") end, { code = "ERR_FS_EISDIR", name = "SystemError",
    message = "^Path is a directory: rm returned EISDIR %(is a directory%)", syscall = "rm" })
  tap.is(fs.rmSync(at "nope", { force = true }), nil)
end)
