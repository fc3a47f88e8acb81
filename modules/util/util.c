/* SPDX-License-Identifier: MIT */
/* util.c - helpers around values, functions and classes; rows.c is their table. */
#include "util.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/runtime.h"
#include "../core/utf8.h"
#include "../inspect/inspect.h"
#include "../process/process.h"
#include "../promise/promise.h"
#include "parts.h"
#include "promisify.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- text ---- */

/* inspect(value, options), or Node's old form inspect(value, showHidden, depth, colors) */
int util_inspect(lua_State *L) {
  InspectOptions opt = *inspect_current(L);
  if (lua_gettop(L) < 1) lua_settop(L, 1);
  if (lua_isboolean(L, 2)) {
    opt.show_hidden = lua_toboolean(L, 2);
    lua_settop(L, 4);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, 3);
    lua_setfield(L, 5, "depth");
    lua_pushvalue(L, 4);
    lua_setfield(L, 5, "colors");
    inspect_read_options(L, 5, &opt);
  } else {
    inspect_read_options(L, 2, &opt);
  }
  inspect_push(L, 1, &opt);
  return 1;
}

/* util.inspect(...) by __call of its table */
int util_inspect_call(lua_State *L) {
  lua_remove(L, 1);
  return util_inspect(L);
}

static int push_formatted(lua_State *L, int first, const InspectOptions *opt) {
  int last = lua_gettop(L);
  StrBuf *out = inspect_take_buffer(L);
  inspect_format(L, first, last, out, opt);
  lua_pushlstring(L, out->p, out->len);
  lua_insert(L, -2);
  inspect_give_buffer(L);
  return 1;
}

int util_format(lua_State *L) {
  return push_formatted(L, 1, NULL);
}

int util_format_with_options(lua_State *L) {
  InspectOptions opt = *inspect_current(L);
  arg_table(L, 1, "inspectOptions");
  inspect_read_options(L, 1, &opt);
  return push_formatted(L, 2, &opt);
}

/* Bytes of the control sequence at s (ESC first), 0 when it is none: CSI ... final, OSC ... BEL or ST. */
static size_t control_length(const char *s, size_t len) {
  size_t i = 2;
  if (len < 2) return 0;
  if (s[1] == '[') {
    while (i < len && s[i] >= 0x20 && s[i] < 0x40) i++;
    return i < len && s[i] >= 0x40 && s[i] < 0x7f ? i + 1 : 0;
  }
  if (s[1] == ']') {
    for (; i < len; i++) {
      if (s[i] == '\a') return i + 1;
      if (s[i] == '\x1b' && i + 1 < len && s[i + 1] == '\\') return i + 2;
    }
    return 0;
  }
  return s[1] >= 0x30 && s[1] < 0x7f ? 2 : 0;
}

int util_strip(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "str", &len);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < len;) {
    size_t skip = s[i] == '\x1b' ? control_length(s + i, len - i) : 0;
    if (skip == 0) luaL_addchar(&b, s[i++]);
    i += skip;
  }
  luaL_pushresult(&b);
  return 1;
}

int util_system_error_name(lua_State *L) {
  lua_Number x = arg_number(L, 1, "err");
  lua_Integer n;
  if (!lua_numbertointeger(x, &n) || (lua_Number)n != x || n >= 0) return err_range(L, 1, "err", "a negative integer");
  if (n < INT32_MIN) n = INT32_MIN;
  char name[64];
  lua_pushstring(L, uv_err_name_r((int)n, name, sizeof name));
  return 1;
}

int util_system_error_map(lua_State *L) {
  static const struct {
    int number;
    const char *name, *text;
  } errors[] = {
#define ERROR_ROW(name, text) { UV_##name, #name, text },
    UV_ERRNO_MAP(ERROR_ROW)
#undef ERROR_ROW
  };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    lua_createtable(L, 2, 0);
    lua_pushstring(L, errors[i].name);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, errors[i].text);
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, errors[i].number);
  }
  return 1;
}

int util_to_usv(lua_State *L) {
  size_t len;
  const char *s = luaL_tolstring(L, 1, &len);
  StrBuf *out = strbuf_new_lua(L);
  utf8_sanitize(out, s, len);
  if (out->failed) return luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->len ? out->p : "", out->len);
  strbuf_free(out);
  return 1;
}

/* Does the comma list NODE_DEBUG name the section? `*` names all. */
static bool is_debugged(lua_State *L, const char *section) {
  const char *list = process_push_variable(L, "NODE_DEBUG"); /* stays on the stack */
  size_t len = strlen(section);
  while (list && *list) {
    size_t n = strcspn(list, ",");
    if ((n == 1 && *list == '*') || (n == len && !strncasecmp(list, section, n))) return true;
    list += n + (list[n] == ',');
  }
  return false;
}

/* __call of the table that debuglog gives. upvalues: section, is it named? */
static int debug_call(lua_State *L) {
  if (!lua_toboolean(L, lua_upvalueindex(2))) return 0;
  push_formatted(L, 2, NULL);
  lua_pushfstring(L, "%s %d: %s\n", lua_tostring(L, lua_upvalueindex(1)), (int)uv_os_getpid(),
                  lua_tostring(L, -1));
  size_t len;
  const char *line = lua_tolstring(L, -1, &len);
  (void)out_write(2, line, len); /* nobody to tell when stderr is gone */
  return 0;
}

int util_debuglog(lua_State *L) {
  const char *section = arg_cstring(L, 1, "section");
  bool on = is_debugged(L, section);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (; *section; section++)
    luaL_addchar(&b, (char)(*section >= 'a' && *section <= 'z' ? *section - 32 : *section));
  luaL_pushresult(&b);
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, on);
  lua_setfield(L, -2, "enabled");
  lua_createtable(L, 0, 1);
  lua_rotate(L, -3, -1);
  lua_pushboolean(L, on);
  lua_pushcclosure(L, debug_call, 2);
  lua_setfield(L, -2, "__call");
  lua_setmetatable(L, -2);
  return 1;
}

/* ---- functions ---- */

static int call_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  return lua_gettop(L);
}

/* upvalues: how many follow, fn, self, arguments... */
static int bound_call(lua_State *L) {
  int bound = (int)lua_tointeger(L, lua_upvalueindex(1)), given = lua_gettop(L);
  luaL_checkstack(L, bound + 2, "too many arguments");
  for (int i = 1; i <= bound; i++) lua_pushvalue(L, lua_upvalueindex(i + 1));
  lua_rotate(L, 1, bound);
  lua_callk(L, bound + given - 1, LUA_MULTRET, 0, call_finish);
  return lua_gettop(L);
}

int util_bind(lua_State *L) {
  enum { MAX_BOUND = 250 };
  arg_function(L, 1, "fn");
  int n = lua_gettop(L);
  if (n > MAX_BOUND)
    return err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "too many arguments to bind");
  if (n < 2) lua_settop(L, n = 2);
  lua_pushinteger(L, n);
  lua_insert(L, 1);
  lua_pushcclosure(L, bound_call, n + 1);
  return 1;
}

/* Warns once for a code, or once for each function without one. registry[&warned] = { [code] = true } */
static const char warned = 0;

static bool warned_before(lua_State *L, int code) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &warned) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &warned);
  }
  lua_pushvalue(L, code);
  bool before = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 1);
  lua_pushvalue(L, code);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  return before;
}

/* upvalues: fn, message, code or nil, has warned */
static int deprecated_call(lua_State *L) {
  int n = lua_gettop(L);
  luaL_checkstack(L, 12, "too many arguments");
  if (!lua_toboolean(L, lua_upvalueindex(4))) {
    lua_pushboolean(L, true);
    lua_replace(L, lua_upvalueindex(4));
    bool quiet = !lua_isnil(L, lua_upvalueindex(3)) && warned_before(L, lua_upvalueindex(3));
    if (!quiet) {
      err_push(L, NULL, NULL, "%s", lua_tostring(L, lua_upvalueindex(2)));
      lua_pushliteral(L, "DeprecationWarning");
      lua_setfield(L, -2, "name");
      lua_pushvalue(L, lua_upvalueindex(3));
      lua_setfield(L, -2, "code");
      rt_warning(L);
    }
    lua_settop(L, n);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_callk(L, n, LUA_MULTRET, 0, call_finish);
  return lua_gettop(L);
}

int util_deprecate(lua_State *L) {
  lua_settop(L, 3);
  arg_function(L, 1, "fn");
  (void)arg_string(L, 2, "msg", NULL);
  if (!lua_isnil(L, 3)) (void)arg_string(L, 3, "code", NULL);
  lua_pushboolean(L, false);
  lua_pushcclosure(L, deprecated_call, 4);
  return 1;
}

/* ---- classes ---- */

/* inherits(class, super): see class_inherit; super may also be a table that is no class of ours. */
int util_inherits(lua_State *L) {
  lua_settop(L, 2);
  arg_table(L, 1, "ctor");
  arg_table(L, 2, "superCtor");
  if (lua_rawequal(L, 1, 2)) return err_arg_value(L, 2, "superCtor", "must be another table");
  if (lua_getmetatable(L, 1))
    return err_arg_value(L, 1, "ctor", "must be a table without a metatable");
  if (!class_inherit(L, 1, 2)) {
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, 1);
  }
  lua_pushliteral(L, "__index");
  if (lua_rawget(L, 1) == LUA_TNIL) {
    lua_pushliteral(L, "__index");
    lua_pushvalue(L, 1);
    lua_rawset(L, 1);
  }
  lua_pushliteral(L, "super_");
  lua_pushvalue(L, 2);
  lua_rawset(L, 1);
  return 0;
}

int util_is_deep_equal(lua_State *L) {
  lua_settop(L, 2);
  lua_pushboolean(L, util_deep_equal(L, 1, 2));
  return 1;
}
