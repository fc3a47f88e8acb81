-- process.dlopen: a module for Lua that is written in C.
local tap = require "../lib/tap"
local fs = require "fs"
local child_process = require "child_process"

tap.test("what cannot be loaded", function()
  local function fails(want, ...)
    local ok, e = pcall(process.dlopen, ...)
    tap.is(ok, false)
    tap.is(e.code, "ERR_DLOPEN_FAILED")
    tap.like(e.message, want)
  end
  fails("^/nope.so: cannot open shared object file", { exports = {} }, "/nope.so")
  fails("invalid mode", { exports = {} }, "/nope.so", 0)
  fails("invalid ELF header", {}, __filename)
  tap.raises(function() process.dlopen() end, "process.dlopen needs at least 2 arguments")
  tap.raises(function() process.dlopen(1, "x") end, 'The "module" argument must be of type table')
  tap.raises(function() process.dlopen({}, 1) end, 'The "filename" argument must be of type string')
  tap.raises(function() process.dlopen({}, "x", "now") end, 'The "flags" argument must be of type number')
end)

local source = [[
#include <lua.h>
#include <lauxlib.h>
static int twice(lua_State *L) { lua_pushinteger(L, 2 * luaL_checkinteger(L, 1)); return 1; }
int luaopen_small(lua_State *L);
int luaopen_small(lua_State *L) {
  static const luaL_Reg fns[] = { { "twice", twice }, { NULL, NULL } };
  luaL_newlib(L, fns);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "name");
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, "file");
  return 1;
}
]]

-- Builds the module as `file`; false where there is no compiler.
local function build(folder, file)
  fs.writeFileSync(folder .. "/small.c", source)
  local run = child_process.spawnSync("sh", { "-c",
    "cc -shared -fPIC $(pkg-config --cflags lua5.4) -o " .. file .. " small.c" }, { cwd = folder, encoding = "utf8" })
  return run.status == 0
end

tap.test("a module", function()
  local folder = fs.mkdtempSync(tap.tmp .. "/dlopen-")
  process.on("exit", function() fs.rmSync(folder, { recursive = true, force = true }) end)
  if not build(folder, "v2-small.1.so") then return tap.skip("a module", "no C compiler") end
  local file = folder .. "/v2-small.1.so"
  local module = { exports = {} }
  tap.is(process.dlopen(module, file, require("os").constants.dlopen.RTLD_NOW), nil)
  tap.is(module.exports.twice(21), 42)
  tap.is(module.exports.name, "small")
  tap.is(module.exports.file, file)
  fs.renameSync(file, folder .. "/other.so")
  tap.raises(function() process:dlopen({}, folder .. "/other.so") end,
    "Module did not self%-register: '[^']+/other.so'")
end)
