/* SPDX-License-Identifier: MIT */
/* v8.c - V8's format: what Node sends is read, what is damaged is refused, what we write is as Node
 * writes it. The bytes were taken from Node 20. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/child_process/v8.h"
#include "../../modules/core/json.h"
#include "../../modules/core/runtime.h"

#include <ctype.h>
#include <stdlib.h>

static size_t from_hex(const char *text, char *out) {
  size_t n = 0;
  for (; *text; text++) {
    unsigned byte;
    if (isspace((unsigned char)*text)) continue;
    if (*text == '\'') { /* letters as they are */
      for (text++; *text != '\''; text++) out[n++] = *text;
      continue;
    }
    if (sscanf(text++, "%2x", &byte) == 1) out[n++] = (char)byte;
  }
  return n;
}

static const struct {
  const char *bytes, *test, *want;
} reads[] = {
  { "ff0f '_'", "v", "nil" },
  { "ff0f '0'", "v == null", "true" },
  { "ff0d 'T'", "v", "true" },
  { "ff0f 49 01", "v", "-1" },
  { "ff0f 49 ffffffff0f", "v", "-2147483648" },
  { "ff0f 55 ffffffff0f", "v", "4294967295" },
  { "ff0f 4e 000000000000f83f", "v", "1.5" },
  { "ff0f 4e 0000000000000840", "math.type(v) .. v", "integer3" },
  { "ff0f 4e 0000000000000080", "math.type(v) .. v", "float-0.0" },
  { "ff0f 5a 10 0000000000000080", "math.type(v)", "float" },
  { "ff0f 5a 11 0000000000000080", "v == math.mininteger", "true" },
  { "ff0f 5a 10 ffffffffffffff7f", "v == math.maxinteger", "true" },
  { "ff0f 5a 20 00000000000000000100000000000000", "v == 2.0^64", "true" },
  { "ff0f 5a 00", "math.type(v) .. v", "integer0" },
  { "ff0f 22 03 737472", "v", "str" },
  { "ff0f 22 01 f6", "v", "\xc3\xb6" },
  { "ff0f 63 02 ac20", "v", "\xe2\x82\xac" },
  { "ff0f 00 63 02 00d8", "v", "\xef\xbf\xbd" },
  { "ff0f 53 03 e282ac", "v", "\xe2\x82\xac" },
  { "ff0f 53 01 ff", "v", "\xef\xbf\xbd" },
  { "ff0f 'o' 2201'a' 4902 7b01", "v.a", "1" },
  { "ff0f 'o' 4902 4904 7b01", "v[1]", "2" },
  { "ff0f 'o' 4902 4904 2201'a' '_' 7b02", "next(v, 1)", "nil" },
  { "ff0f 'A' 02 4902 4904 24 00 02", "v[1] + v[2] + #v", "5" },
  { "ff0f 'A' 03 4902 2d 4904 24 00 03", "tostring(v[2]) .. v[3]", "nil2" },
  { "ff0f 'A' 01 4902 2201'x' 4904 24 01 01", "v[1] + v.x", "3" },
  { "ff0f 'a' ffffffff0f 4904 4906 4001 ffffffff0f", "v[3]", "3" },
  { "ff0f 3b 2201'k' 4902 'o'7b00 4904 3a 04", "v.k", "1" },
  { "ff0f 3b '_' 4902 4e000000000000f87f 4902 3a 04", "next(v)", "nil" },
  { "ff0f 27 4902 4904 2c 02", "v[1] + v[2]", "3" },
  { "ff0f 44 0000000000408f40", "v", "1000" },
  { "ff0f 52 2202'ab' 01", "v", "ab" },
  { "ff0f 'A' 05 'n'000000000000f03f 'y' 'x' 's'2201'q' 'z'00 24 00 05",
    "v[1] .. tostring(v[2]) .. tostring(v[3]) .. v[4] .. v[5]", "1truefalseq0" },
  { "ff0f 'r' 'T' 'm'2201'm' 's'2201's' '.'", "v.name .. v.message .. v.stack", "TypeErrorms" },
  { "ff0f 'r' 'm'2201'm' 'c'4902 '.'", "v.name .. v.message .. v.cause", "Errorm1" },
  { "ff0f 'r' '.'", "v.message == ''", "true" },
  { "ff0f 'B' 02 0102", "v.byteLength", "2" },
  { "ff0f 7e 02 08 0102", "v.byteLength", "2" },
  { "ff0f 5c 00 0a 02 4142", "v:toString()", "AB" },
  { "ff0f 5c 00 03 04 0100ffff", "v[0] + v[1]", "0" },
  { "ff0f 5c 00 09 01 07", "v:getUint8(0)", "7" },
  { "ff0f 5c 01 'o' 2201'a' 4902 7b01", "v.a", "1" },
  { "ff0f 'A' 02 'o'7b00 5e01 24 00 02", "v[1] == v[2]", "true" },
  { "ff0f 'o' 2201's' 5e00 7b01", "v.s == v", "true" },
  { "ff0f 'A' 03 5c010'o'7b00 44 0000000000000000 5e01 24 00 03", "v", "refused" },
  { "ff0f 'A' 03 5c01'o'7b00 44 0000000000000000 5e03 24 00 03", "v[3]", "0" },
};

static const char *const broken[] = {
  "", "ff", "ff0f", "ff10 '0'", "ff0c '0'", "0f '0'", "ff0f '00'", "ff0f 3f", "ff0f 49", "ff0f 49 80",
  "ff0f 49 ffffffffff01", "ff0f 49 ffffffff7f", "ff0f 4e 00", "ff0f 22 02 61", "ff0f 63 01 61", "ff0f 63 03 616161",
  "ff0f 5a 10 00", "ff0f 5e 00", "ff0f 'o' 2201'a' 4902 7b02", "ff0f 'o' 2201'a' 4902 7b00",
  "ff0f 'o' 2201'a' 7b01", "ff0f 'o' 'T' 4902 7b01", "ff0f 'o' 4e000000000000f87f 4902 7b01",
  "ff0f 'A' 02 4902 24 00 02", "ff0f 'A' 01 4902 24 00 02", "ff0f 'A' 01 4902 24 01 01",
  "ff0f 'A' ffffffff0f 4902", "ff0f 'a' 02 4902 4904 4000 02", "ff0f 3b 4902 4904 3a 01",
  "ff0f 27 4902 2c 02", "ff0f 'r' 'q' '.'", "ff0f 'r' 'm' 4902 '.'", "ff0f 'r' 'T'", "ff0f 'B' 05 00",
  "ff0f 7e 02 01 0000", "ff0f 5c 00 0d 00", "ff0f 5c 00 03 01 00", "ff0f 5c 02 '0'", "ff0f 52 4902 00",
  "ff0f 'o' 2201's' 5e01 7b01", "ff0f 5c 01 5e00",
};

static const struct {
  const char *expr, *bytes; /* or the refusal */
} writes[] = {
  { "{ hello = 'w\xc3\xb6rld\\n', n = 1.5 }", "ff0f 'o' 2205'hello' 2206'w'f6'rld'0a 2201'n' 4e000000000000f83f 7b02" },
  { "{ cmd = 'NODE_HANDLE_ACK' }", "ff0f 'o' 2203'cmd' 220f'NODE_HANDLE_ACK' 7b01" },
  { "{ b = 1, cmd = 2, a = 3 }", "ff0f 'o' 2203'cmd'4904 2201'a'4906 2201'b'4902 7b03" },
  { "{ [2] = true, x = false, [0] = null }", "ff0f 'o' 4900'0' 4904'T' 2201'x''F' 7b03" },
  { "'\xe2\x82\xac'", "ff0f 63 02 ac20" },
  { "{ '\xe2\x82\xac' }", "ff0f 'A' 01 63 02 ac20 24 00 01" },
  { "{ a = '\xe2\x82\xac' }", "ff0f 'o' 2201'a' 63 02 ac20 7b01" },
  { "{ ab = '\xe2\x82\xac' }", "ff0f 'o' 2202'ab' 00 63 02 ac20 7b01" },
  { "array {}", "ff0f 'A' 00 24 00 00" },
  { "(function() local t = array {} t[3] = 1 return t end)()", "ff0f 'a' 03 4904 4902 40 01 03" },
  { "2^31 | 0", "ff0f 4e 000000000000e041" },
  { "math.mininteger", "ff0f 5a 11 0000000000000080" },
  { "2^53 + 2 | 0", "ff0f 5a 10 0200000000002000" },
  { "3.0", "ff0f 4e 0000000000000840" },
  { "{ a = { b = { print } } }", "value.a.b[1] is a function" },
  { "{ list = { 1, coroutine.create(print) } }", "value.list[2] is a coroutine" },
  { "{ ['a b'] = io.stdout }", "value[\"a b\"] is an object that cannot be cloned" },
  { "{ x = '\\xff' }", "value.x is a string that is not UTF-8: send a Buffer" },
  { "{ ['\\xff'] = 1 }", "has a name that is not UTF-8" },
  { "{ [true] = 1 }", "value[true] has a key that is neither a string nor a number" },
  { "{ [7] = 1, ['7'] = 2 }", "value[7] is there twice, by a number and by its text" },
  { "{ [1.5] = 1, ['1.5'] = 2 }", "value[1.5] is there twice, by a number and by its text" },
  { "{ [math.maxinteger] = 1 }", "has a key beyond 2^53" },
};

static int mark_array(lua_State *L) {
  json_mark_array(L, 1);
  lua_settop(L, 1);
  return 1;
}

/* What the cases use of a script's globals. */
static void give_globals(lua_State *L) {
  json_push_null(L);
  lua_setglobal(L, "null");
  lua_pushcfunction(L, mark_array);
  lua_setglobal(L, "array");
}

static const char *evaluate(lua_State *L, const char *expr) {
  lua_pushfstring(L, "return %s", expr);
  if (luaL_loadstring(L, lua_tostring(L, -1)) || lua_pcall(L, 0, 1, 0)) return lua_tostring(L, -1);
  return luaL_tolstring(L, -1, NULL);
}

static const char *read_case(lua_State *L, const char *hex, const char *test, bool whole) {
  char bytes[512];
  const char *error = NULL;
  size_t n = from_hex(hex, bytes);
  lua_settop(L, 0);
  for (size_t part = 0; whole && part < n; part++) { /* nothing shorter is taken for the whole */
    char *copy = malloc(part + 1);
    memcpy(copy, bytes, part);
    bool good = v8_decode(L, copy, part, &error);
    free(copy);
    if (good || !error || lua_gettop(L) != 0) return "a part was taken for the whole";
  }
  char *copy = malloc(n + 1);
  memcpy(copy, bytes, n);
  bool good = v8_decode(L, copy, n, &error);
  free(copy);
  if (!good) return lua_gettop(L) == 0 && error ? "refused" : "the stack";
  if (lua_gettop(L) != 1) return "the stack";
  lua_setglobal(L, "v");
  return evaluate(L, test);
}

static void write_case(lua_State *L, const char *expr, const char *want) {
  char bytes[512];
  lua_settop(L, 0);
  lua_pushfstring(L, "return %s", expr);
  bool loaded = luaL_loadstring(L, lua_tostring(L, 1)) == LUA_OK && lua_pcall(L, 0, 1, 0) == LUA_OK;
  ok(loaded, "%s", expr);
  StrBuf *out = strbuf_new_lua(L);
  strbuf_adds(out, "len:");
  int refused = v8_encode(L, 2, out, 0);
  if (refused) {
    ok(lua_gettop(L) == 4 && out->len == 4 && strstr(lua_tostring(L, 4), want), "%s", lua_tostring(L, 4));
    return;
  }
  size_t n = from_hex(want, bytes);
  ok(out->len - 4 == n && memcmp(out->p + 4, bytes, n) == 0, "%s is written as Node does", expr);
}

static int all(lua_State *L) {
  give_globals(L);
  for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
    is_text(read_case(L, reads[i].bytes, reads[i].test, true), reads[i].want, "%s", reads[i].bytes);
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    is_text(read_case(L, broken[i], "v", false), "refused", "broken: %s", broken[i]);
  for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) write_case(L, writes[i].expr, writes[i].bytes);
  return 0;
}

static int deep(lua_State *L) {
  const char *error;
  StrBuf *bytes = strbuf_new_lua(L);
  strbuf_add(bytes, "\xff\x0f", 2);
  for (int i = 0; i < 100000; i++) strbuf_add(bytes, "A\1", 2);
  ok(!v8_decode(L, bytes->p, bytes->len, &error), "too deep to read");
  lua_newtable(L);
  for (int i = 0; i < 2000; i++) {
    lua_newtable(L);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
  }
  ok(v8_encode(L, -1, bytes, 0) == 1 && strstr(lua_tostring(L, -1), "is nested too deeply"),
     "too deep to write");
  return 0;
}

int main(void) {
  Runtime *rt = rt_new(builtin_modules);
  if (!rt) return 1;
  lua_State *L = rt->L;
  lua_pushcfunction(L, all);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) ok(false, "%s", lua_tostring(L, -1));
  lua_settop(L, 0);
  lua_pushcfunction(L, deep);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) ok(false, "%s", lua_tostring(L, -1));
  ok(rt_end(rt) == 0, "the runtime ends");
  return tap_end();
}
