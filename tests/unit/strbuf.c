/* SPDX-License-Identifier: MIT */
/* strbuf.c - the byte buffer and its Lua owner. */
#include "core/strbuf.h"
#include "tap.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>

static void adding(void) {
  StrBuf buf;
  strbuf_init(&buf);
  ok(buf.len == 0 && !buf.failed, "starts empty");
  strbuf_adds(&buf, "abc");
  strbuf_addc(&buf, 'd');
  strbuf_add(&buf, "e\0f", 3);
  ok(buf.len == 7 && memcmp(buf.p, "abcde\0f", 8) == 0, "adds text, bytes, NULs; ends with NUL");
  strbuf_clear(&buf);
  strbuf_addf(&buf, "%d-%s", 42, "x");
  is_text(buf.p, "42-x", "formats");
  strbuf_addf(&buf, "%s", "");
  ok(buf.len == 4, "an empty format adds nothing");
  strbuf_addf(&buf, "%200s|", "y");
  ok(buf.len == 205 && buf.p[204] == '|' && buf.p[205] == '\0', "a format longer than the room");
  strbuf_free(&buf);
  ok(!buf.p && buf.len == 0 && buf.cap == 0, "freed");
  strbuf_adds(&buf, "again");
  is_text(buf.p, "again", "and usable again");
  strbuf_free(&buf);
}

static void growing(void) {
  StrBuf buf;
  strbuf_init(&buf);
  for (int i = 0; i < 100000; i++) strbuf_addc(&buf, (char)('a' + i % 26));
  bool good = buf.len == 100000 && buf.p[100000] == '\0';
  for (int i = 0; i < 100000; i++) good = good && buf.p[i] == 'a' + i % 26;
  ok(good, "grows byte by byte");
  strbuf_consume(&buf, 26);
  ok(buf.len == 99974 && buf.p[0] == 'a' && buf.p[buf.len] == '\0', "consumes from the front");
  strbuf_consume(&buf, 0);
  ok(buf.len == 99974, "consumes nothing");
  strbuf_consume(&buf, SIZE_MAX);
  ok(buf.len == 0, "consumes more than there is");
  ok(strbuf_reserve(&buf, 1000) && buf.cap > 1000, "reserves");
  strbuf_free(&buf);
}

static void failing(void) {
  StrBuf buf;
  strbuf_init(&buf);
  strbuf_adds(&buf, "x");
  ok(!strbuf_reserve(&buf, SIZE_MAX - 10) && buf.failed, "an impossible size fails");
  strbuf_adds(&buf, "y");
  ok(buf.failed && buf.len == 1, "and stays failed");
  strbuf_clear(&buf);
  strbuf_adds(&buf, "z");
  ok(!buf.failed && buf.len == 1, "until cleared");
  strbuf_free(&buf);
}

static int raise_holding(lua_State *L) {
  StrBuf *buf = strbuf_new_lua(L);
  strbuf_adds(buf, "held");
  return luaL_error(L, "%s", buf->p);
}

static void owned_by_lua(void) {
  lua_State *L = luaL_newstate();
  StrBuf *buf = strbuf_new_lua(L);
  strbuf_adds(buf, "text");
  ok(lua_gettop(L) == 1 && lua_touserdata(L, 1) == buf, "a userdata is pushed");
  strbuf_new_lua(L);
  lua_getmetatable(L, 1);
  lua_getmetatable(L, 2);
  ok(lua_rawequal(L, -1, -2), "all share one metatable");
  lua_settop(L, 1);
  lua_toclose(L, 1);
  lua_settop(L, 0);
  lua_pushcfunction(L, raise_holding);
  ok(lua_pcall(L, 0, 0, 0) == LUA_ERRRUN, "a raise passes");
  is_text(lua_tostring(L, -1), "held", "with its message");
  lua_close(L); /* the leak checker judges */
}

int main(void) {
  adding();
  growing();
  failing();
  owned_by_lua();
  return tap_end();
}
