/* SPDX-License-Identifier: MIT */
/* clone.c - structured clones between two states: values, refusals, damaged messages. */
#include "core/clone.h"
#include "core/json.h"
#include "tap.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>

static lua_State *new_state(void) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  json_open(L);
  json_push_null(L);
  lua_setglobal(L, "null");
  return L;
}

/* The value of `expr` in one state, and `test` of it, as v, in another; NULL: refused, see *why. */
static const char *send(lua_State *from, lua_State *to, const char *expr, const char *test) {
  const char *error;
  lua_settop(from, 0);
  lua_settop(to, 0);
  lua_pushfstring(from, "return %s", expr);
  if (luaL_loadstring(from, lua_tostring(from, 1)) || lua_pcall(from, 0, 1, 0)) return "bad case";
  StrBuf *out = strbuf_new_lua(from);
  strbuf_adds(out, "=");
  int top = lua_gettop(from);
  int failed = clone_encode(from, 2, out, NULL, NULL);
  if (lua_gettop(from) != top + failed) return "stack of the writer";
  if (failed) return out->len == 1 ? lua_tostring(from, -1) : "output left behind";
  for (size_t n = 0; n < out->len - 1 && n < 200; n++) { /* every shorter message is refused */
    char *copy = malloc(n + 1);
    memcpy(copy, out->p + 1, n);
    bool good = clone_decode(to, copy, n, NULL, NULL, &error);
    free(copy);
    if (good || lua_gettop(to) != 0 || !error) return "a part was taken for the whole";
  }
  if (!clone_decode(to, out->p + 1, out->len - 1, NULL, NULL, &error)) return error;
  if (lua_gettop(to) != 1) return "stack of the reader";
  lua_setglobal(to, "v");
  lua_pushfstring(to, "return %s", test);
  if (luaL_loadstring(to, lua_tostring(to, 1)) || lua_pcall(to, 0, 1, 0)) return lua_tostring(to, -1);
  return luaL_tolstring(to, -1, NULL);
}

static const struct {
  const char *expr, *test, *want;
} cases[] = {
  { "nil", "v == nil", "true" },
  { "null", "v == null", "true" },
  { "-1", "v", "-1" },
  { "math.mininteger", "v == math.mininteger", "true" },
  { "2.0", "math.type(v)", "float" },
  { "('x'):rep(1000)", "#v", "1000" },
  { "{ 1, { 2, 3 }, x = { y = 'z' } }", "v[1] + v[2][2] .. v.x.y", "4z" },
  { "(function() local t = {} t[t] = t return t end)()", "v[v] == v", "true" },
  { "{ 1, nil, 3 }", "v[1] + v[3]", "4" },
  { "{ [0] = 'a', [-1] = 'b', [2^53] = 'c' }", "v[0] .. v[-1] .. v[2^53]", "abc" },
  { "{ a = print }", "v", "value.a is a function" },
  { "{ a = io.stdout }", "v", "value.a is an object that cannot be cloned" },
  { "{ { [true] = coroutine.create(print) } }", "v", "value[1][true] is a coroutine" },
};

static const struct {
  const char *bytes;
  size_t len;
} broken[] = {
  { "", 0 }, { "\2N", 2 }, { "\1", 1 }, { "\1X", 2 }, { "\1NN", 3 }, { "\1S\5ab", 5 },
  { "\1R\0", 3 }, { "\1t\xff\xff\xff\xff\xff\xff\xff\xff\x7f" "e", 12 },
  { "\1S\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12 }, { "\1S\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 12 },
  { "\1t\0NTe", 6 },                    /* a key that is nil */
  { "\1t\0D\0\0\0\0\0\0\xf8\x7fTe", 14 }, /* and one that is no number */
  { "\1\x80\0", 3 },                    /* a kind that nobody knows */
};

int main(void) {
  lua_State *from = new_state(), *to = new_state();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    is_text(send(from, to, cases[i].expr, cases[i].test), cases[i].want, "%s", cases[i].expr);
  lua_settop(to, 0);
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    const char *error = NULL;
    bool good = clone_decode(to, broken[i].bytes, broken[i].len, NULL, NULL, &error);
    ok(!good && error && lua_gettop(to) == 0, "broken message %d", (int)i);
  }
  lua_settop(to, 0);
  char deep[8000];
  memset(deep, 't', sizeof deep);
  for (size_t i = 2; i < sizeof deep; i += 2) deep[i] = 1;
  deep[0] = 1;
  const char *error;
  lua_settop(to, 0);
  ok(!clone_decode(to, deep, sizeof deep, NULL, NULL, &error), "too deep");
  lua_close(from);
  lua_close(to);
  return tap_end();
}
