/* SPDX-License-Identifier: MIT */
/* step.c - see step.h. */
#include "step.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_KEY_SHOWN = 40, MAX_STEPS_SHOWN = 32 };

static bool is_name(const char *s, size_t len) {
  if (len == 0 || (*s >= '0' && *s <= '9')) return false;
  for (size_t i = 0; i < len; i++) {
    if (!strchr("_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", s[i]) || !s[i])
      return false;
  }
  return true;
}

static void add_step(lua_State *L, luaL_Buffer *b, const Step *step) {
  size_t len = step->name ? strlen(step->name) : 0;
  const char *s = step->name;
  bool text = s || lua_type(L, step->key) == LUA_TSTRING;
  if (text && !s) s = lua_tolstring(L, step->key, &len);
  if (text && is_name(s, len)) {
    luaL_addchar(b, '.');
    luaL_addlstring(b, s, len);
    return;
  }
  luaL_addstring(b, text ? "[\"" : "[");
  if (!text && !lua_isnumber(L, step->key)) {
    if (!lua_isboolean(L, step->key)) s = luaL_typename(L, step->key);
    else s = lua_toboolean(L, step->key) ? "true" : "false";
    len = strlen(s);
  }
  if (s) {
    luaL_addlstring(b, s, len < MAX_KEY_SHOWN ? len : MAX_KEY_SHOWN);
  } else {
    lua_pushvalue(L, step->key);
    (void)lua_tostring(L, -1);
    luaL_addvalue(b);
  }
  luaL_addstring(b, text ? "\"]" : "]");
}

void step_push_message(lua_State *L, const Step *at, const char *text) {
  const Step *steps[MAX_STEPS_SHOWN];
  int n = 0, left_out = 0;
  luaL_Buffer b;
  for (; at; at = at->up) {
    if (n == MAX_STEPS_SHOWN) { /* the innermost goes */
      memmove(steps, steps + 1, sizeof steps - sizeof *steps);
      n--, left_out++;
    }
    steps[n++] = at;
  }
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "value");
  while (n > 0) add_step(L, &b, steps[--n]);
  luaL_addstring(&b, left_out ? "... " : " ");
  luaL_addstring(&b, text);
  luaL_pushresult(&b);
}
