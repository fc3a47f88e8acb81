/* SPDX-License-Identifier: MIT */
/* options.c - the options of an inspection, and a state's own defaults. */
#include "inspector.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/runtime.h"

const InspectOptions inspect_defaults = {
  .depth = 2, .max_array = 100, .max_string = 10000, .break_length = 80, .compact = 3
};

typedef struct Defaults {
  bool known;
  InspectOptions opt;
} Defaults;

InspectOptions *inspect_current(lua_State *L) {
  static const char key = 0;
  Defaults *defaults = rt_data(L, &key, sizeof *defaults);
  if (!defaults->known) *defaults = (Defaults){ true, inspect_defaults };
  return &defaults->opt;
}

/* A limit: null and infinity mean none, what is negative is `least`. */
static void read_limit(lua_State *L, int idx, const char *key, int least, int most, int *to) {
  lua_getfield(L, idx, key);
  int at = lua_gettop(L);
  if (json_is_null(L, at)) {
    *to = most;
  } else if (!lua_isnil(L, at)) {
    if (lua_type(L, at) != LUA_TNUMBER) {
      lua_pushfstring(L, "options.%s", key);
      err_arg_type(L, at, lua_tostring(L, -1), "of type number");
    }
    lua_Number n = lua_tonumber(L, at);
    *to = n >= most ? most : n > least ? (int)n : least;
  }
  lua_settop(L, at - 1);
}

static void read_flag(lua_State *L, int idx, const char *key, bool *to) {
  if (lua_getfield(L, idx, key) != LUA_TNIL) *to = lua_toboolean(L, -1);
  lua_pop(L, 1);
}

void inspect_read_options(lua_State *L, int idx, InspectOptions *opt) {
  enum { NO_LIMIT = 1 << 30 };
  if (lua_isnoneornil(L, idx)) return;
  if (!lua_istable(L, idx)) err_arg_type(L, idx, "options", "of type table");
  idx = lua_absindex(L, idx);
  read_limit(L, idx, "depth", -1, MAX_LEVEL, &opt->depth);
  read_limit(L, idx, "maxArrayLength", 0, NO_LIMIT, &opt->max_array);
  read_limit(L, idx, "maxStringLength", 0, NO_LIMIT, &opt->max_string);
  read_limit(L, idx, "breakLength", 0, NO_LIMIT, &opt->break_length);
  if (lua_getfield(L, idx, "compact") == LUA_TBOOLEAN)
    opt->compact = lua_toboolean(L, -1) ? NO_LIMIT : 0;
  else read_limit(L, idx, "compact", 0, NO_LIMIT, &opt->compact);
  lua_pop(L, 1);
  bool custom = !opt->no_calls;
  read_flag(L, idx, "colors", &opt->colors);
  read_flag(L, idx, "showHidden", &opt->show_hidden);
  read_flag(L, idx, "customInspect", &custom);
  opt->no_calls = !custom;
}
