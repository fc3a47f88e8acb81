/* SPDX-License-Identifier: MIT */
/* json.c - JSON both ways: values, messages, order, limits. The cases are Lua
 * expressions with decode(text), encode(value [, indent [, wire]]), array, null. */
#include "core/json.h"
#include "tap.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>

/* decode(text) -> value | nil, message, position */
static int lua_decode(lua_State *L) {
  size_t len;
  const char *s = luaL_checklstring(L, 1, &len);
  char *copy = malloc(len ? len : 1); /* without a NUL behind it, for the sanitizer */
  JsonError err;
  memcpy(copy, s, len);
  int top = lua_gettop(L);
  bool good = json_decode(L, copy, len, &err);
  free(copy);
  if (good) return lua_gettop(L) == top + 1 ? 1 : luaL_error(L, "stack");
  if (lua_gettop(L) != top) return luaL_error(L, "stack");
  lua_pushnil(L);
  lua_pushstring(L, err.message);
  lua_pushinteger(L, (lua_Integer)err.position);
  return 3;
}

/* encode(value, indent, wire) -> text | nil, message */
static int lua_encode(lua_State *L) {
  JsonOptions opt = { luaL_optstring(L, 2, NULL), lua_toboolean(L, 3) };
  lua_settop(L, 3);
  StrBuf *buf = strbuf_new_lua(L);
  strbuf_adds(buf, "=");
  int failed = json_encode(L, 1, buf, &opt);
  if (lua_gettop(L) != 4 + failed) return luaL_error(L, "stack");
  if (strlen(buf->p) != buf->len) return luaL_error(L, "no NUL at the end");
  if (failed && buf->len != 1) return luaL_error(L, "output left behind");
  if (failed) {
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushlstring(L, buf->p + 1, buf->len - 1);
  strbuf_free(buf);
  return 1;
}

static int lua_array(lua_State *L) {
  lua_settop(L, 1);
  json_mark_array(L, 1);
  return 1;
}

static int lua_is_array(lua_State *L) {
  lua_pushboolean(L, json_is_array(L, 1));
  return 1;
}

static int lua_is_null(lua_State *L) {
  lua_pushboolean(L, json_is_null(L, 1));
  return 1;
}

static lua_State *new_state(void) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  json_open(L);
  json_open(L);
  json_push_null(L);
  lua_setglobal(L, "null");
  lua_register(L, "decode", lua_decode);
  lua_register(L, "encode", lua_encode);
  lua_register(L, "array", lua_array);
  lua_register(L, "is_array", lua_is_array);
  lua_register(L, "is_null", lua_is_null);
  return L;
}

/* The results of `return expr` as text, joined by " | ". */
static const char *eval(lua_State *L, const char *expr) {
  lua_settop(L, 0);
  lua_pushfstring(L, "return %s", expr);
  if (luaL_loadstring(L, lua_tostring(L, 1)) || lua_pcall(L, 0, LUA_MULTRET, 0)) {
    return lua_tostring(L, -1);
  }
  int n = lua_gettop(L);
  luaL_checkstack(L, 20, NULL);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (int i = 2; i <= n; i++) {
    if (i > 2) luaL_addstring(&b, " | ");
    luaL_tolstring(L, i, NULL);
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  return lua_tostring(L, -1);
}

typedef struct Case {
  const char *expr, *want;
} Case;

static void run(lua_State *L, const char *theme, const Case *cases, size_t n) {
  for (size_t i = 0; i < n; i++) {
    is_text(eval(L, cases[i].expr), cases[i].want, "%s: %.60s", theme, cases[i].expr);
  }
}

#define RUN(L, cases) run(L, #cases, cases, sizeof(cases) / sizeof *(cases))

static const Case scalars[] = {
  { "decode('3'), math.type(decode('3'))", "3 | integer" },
  { "decode('3.0'), math.type(decode('3.0'))", "3.0 | float" },
  { "math.type(decode('3e0')), math.type(decode('-7'))", "float | integer" },
  { "decode('9223372036854775807'), decode('-9223372036854775808')",
    "9223372036854775807 | -9223372036854775808" },
  { "decode('9223372036854775808') == 2^63, decode('-9223372036854775809') == -2^63",
    "true | true" },
  { "decode('123456789012345678901234567890') == 123456789012345678901234567890.0", "true" },
  { "decode('-0'), decode('1e999'), decode('0.1')", "0 | inf | 0.1" },
  { "decode(' true '), decode('\\tfalse\\r\\n'), decode('null')", "true | false | null" },
  { "decode('null') == null, is_null(null), is_null(io.stdout), is_null(nil)",
    "true | true | false | false" },
  { "tostring(null)", "null" },
  { "encode(3), encode(3.0), encode(-0.0), encode(0.0), encode(-3)", "3 | 3.0 | 0 | 0.0 | -3" },
  { "encode(math.mininteger), encode(math.maxinteger)",
    "-9223372036854775808 | 9223372036854775807" },
  { "encode(0.1), encode(1e21), encode(1e20), encode(1/3), encode(1e-7)",
    "0.1 | 1e+21 | 100000000000000000000.0 | 0.3333333333333333 | 1e-7" },
  { "encode(0/0), encode(1/0), encode(-1/0)", "null | null | null" },
  { "encode(true), encode(false), encode(null)", "true | false | null" },
  { "#encode(nil), #encode(print), #encode(coroutine.create(print))", "0 | 0 | 0" },
  { "encode(io.stdout)", "{}" },
};

static const Case strings[] = {
  { "decode('\"\"'), decode('\"abc\"')", " | abc" },
  { "decode([[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]]) == '\"\\\\/\\b\\f\\n\\r\\t'", "true" },
  { "decode([[\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"]])",
    "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80" },
  { "decode([[\"\\u0000x\"]]) == '\\0x'", "true" },
  { "decode([[\"\\ud800\"]]), decode([[\"\\udc00a\"]])", "\xEF\xBF\xBD | \xEF\xBF\xBD"
                                                         "a" },
  { "decode([[\"\\ud800\\ud800\\udc00\"]])", "\xEF\xBF\xBD\xF0\x90\x80\x80" },
  { "decode([[\"\\ud800\\n\"]])", "\xEF\xBF\xBD\n" },
  { "decode('\"h\\xC3\\xA9\"'), decode('\"\\xE2\\x82\"'), decode('\"\\\\n\\xFF\"')",
    "h\xC3\xA9 | \xEF\xBF\xBD | \n\xEF\xBF\xBD" },
  { "decode('\"' .. ('x'):rep(5000) .. '\\\\n\"') == ('x'):rep(5000) .. '\\n'", "true" },
  { "decode('\"' .. ('\\\\u00e9'):rep(3000) .. '\"') == ('\\u{e9}'):rep(3000)", "true" },
  { "decode('\"' .. ('\\xff\\\\\"'):rep(3000) .. '\"') == ('\\u{fffd}\"'):rep(3000)", "true" },
  { "encode('a\\0\\x1f \\x7f/\"\\\\\\b\\f\\n\\r\\t\\v')",
    "\"a\\u0000\\u001f \x7f/\\\"\\\\\\b\\f\\n\\r\\t\\u000b\"" },
  { "encode('h\\u{e9}\\u{2028}\\u{1F600}')", "\"h\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"" },
  { "encode(('ab\\n'):rep(2000)) == '\"' .. ('ab\\\\n'):rep(2000) .. '\"'", "true" },
  { "encode('\\xff')",
    "nil | string is not valid UTF-8 (byte 0xff at 0 of value); send a Buffer instead" },
  { "encode{a={b='ok\\xc3('}}",
    "nil | string is not valid UTF-8 (byte 0xc3 at 2 of value.a.b); send a Buffer instead" },
  { "encode{a={1,{['x y']='\\x80'}}}", "nil | string is not valid UTF-8 (byte 0x80 at 0 of "
                                       "value.a[2][\"x y\"]); send a Buffer instead" },
  { "encode{['k\\xff']=1}",
    "nil | key is not valid UTF-8 (byte 0xff at 1 of value[\"k\xEF\xBF\xBD\"])" },
};

static const Case containers[] = {
  { "#decode('[]'), is_array(decode('[]')), is_array(decode('{}'))", "0 | true | false" },
  { "table.concat(decode('[1, 2,3 ]'), ' ')", "1 2 3" },
  { "decode('[1,null,3]')[2], #decode('[null,null]')", "null | 2" },
  { "decode('{\"a\":1,\"a\":2}').a, decode('{\"1\":1}')['1'], decode('{\"\":5}')['']",
    "2 | 1 | 5" },
  { "decode(' { \"a\" : [ { \"b\" : \"c\" } ] } ').a[1].b", "c" },
  { "encode(decode('[]')), encode(decode('{}')), encode(decode('[[],{}]'))", "[] | {} | [[],{}]" },
  { "encode{}, encode(array{}), encode(array{1,2})", "{} | [] | [1,2]" },
  { "encode{1,2,3}, encode{{},{1}}", "[1,2,3] | [{},[1]]" },
  { "encode{b=1,a=2,['a b']=3,B=4}", "{\"B\":4,\"a\":2,\"a b\":3,\"b\":1}" },
  { "encode{10,20,x=1}", "{\"1\":10,\"2\":20,\"x\":1}" },
  { "encode{x=0,1,2,3,4,5,6,7,8,9,10,11}", "{\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,"
                                           "\"7\":7,\"8\":8,\"9\":9,\"10\":10,\"11\":11,\"x\":0}" },
  { "encode{[3]=1,[10]=2}", "{\"10\":2,\"3\":1}" },
  { "encode{[0]=1,[-1]=2,[1.5]=3,[true]=4}", "{\"-1\":2,\"0\":1,\"1.5\":3,\"true\":4}" },
  { "encode{1,nil,3}", "{\"1\":1,\"3\":3}" },
  { "encode(array{1,nil,3})", "[1,null,3]" },
  { "encode{a=print,b=1,c=coroutine.create(print)}", "{\"b\":1}" },
  { "encode{print,1,print}", "[null,1,null]" },
  { "encode{a=print}", "{}" },
  { "encode{1,['1']=2}",
    "nil | value has the key 1 both as string and otherwise; JSON keys are strings" },
  { "encode{a={[5]=1,['5']=2}}",
    "nil | value.a has the key 5 both as string and otherwise; JSON keys are strings" },
  { "encode{a={[{}]=1}}", "nil | a table as key in value.a; JSON keys are strings" },
  { "encode{[null]=1}", "nil | a null as key in value; JSON keys are strings" },
  { "encode(setmetatable({a=1},{__index={b=2}}))", "{\"a\":1}" },
  { "is_array{1}, is_array{}, is_array{1,x=1}, is_array(1), is_array{[2]=1}",
    "true | false | false | false | false" },
  { "encode({b=1,cmd='x',a={d=1,cmd=2,b=3}},nil,true)",
    "{\"cmd\":\"x\",\"a\":{\"b\":3,\"cmd\":2,\"d\":1},\"b\":1}" },
  { "encode({b=1,cmd='x'})", "{\"b\":1,\"cmd\":\"x\"}" },
};

static const Case layout[] = {
  { "encode({a=array{},b={},c={1,{}},s='x'},'  ')",
    "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {}\n  ],\n  \"s\": \"x\"\n}" },
  { "encode({a=print},'\\t')", "{}" },
  { "encode({{1}},'\\t')", "[\n\t[\n\t\t1\n\t]\n]" },
  { "encode({a=1},'')", "{\"a\":1}" },
};

static const Case to_json[] = {
  { "encode{toJSON=function(self,k) return {k=k} end}", "{\"k\":\"\"}" },
  { "encode{a={toJSON=function(self,k) return k end}}", "{\"a\":\"a\"}" },
  { "encode{{toJSON=function(self,k) return k end}}", "[1]" },
  { "encode{a={toJSON=function() end},b={toJSON=print}}", "{}" },
  { "encode{{toJSON=function() end}}", "[null]" },
  { "encode{a={toJSON=5}}", "{\"a\":{\"toJSON\":5}}" },
  { "encode(setmetatable({n=1},{__index={toJSON=function(self) return self.n end}}))", "1" },
  { "encode{toJSON=setmetatable({},{__call=function() return 7 end})}", "7" },
  { "encode{toJSON=function() return {toJSON=function() return 1 end} end}", "{}" },
  { "#encode{toJSON=function() end}", "0" },
  { "(function() local t = {z=1,y={}} t.y.toJSON=function() t.z=nil t.w=1 collectgarbage() "
    "return 0 end return encode(t) end)()",
    "{\"y\":0,\"z\":1}" },
  { "pcall(encode, {a={toJSON=function() error('boom',0) end}})", "false | boom" },
  { "select(2, pcall(encode, setmetatable({}, {__index=function() error('odd',0) end})))", "odd" },
  { "encode{a={toJSON=function() return encode{b={toJSON=function() return encode{1} end}} end}}",
    "{\"a\":\"{\\\"b\\\":\\\"[1]\\\"}\"}" },
};

static const Case cycles[] = {
  { "(function() local b = {} b.x = b return encode(b) end)()",
    "nil | Converting circular structure to JSON\n    --> starting at object with constructor "
    "'Object'\n    --- property 'x' closes the circle" },
  { "(function() local a = {n=1} a.b = {c={1,{d=a}}} return encode(a) end)()",
    "nil | Converting circular structure to JSON\n    --> starting at object with constructor "
    "'Object'\n    |     property 'b' -> object with constructor 'Object'\n    |     property 'c' "
    "-> object with constructor 'Array'\n    |     index 2 -> object with constructor 'Object'\n "
    "   --- property 'd' closes the circle" },
  { "(function() local f = {} f.a = {b={c={d={e=f}}}} return encode(f) end)()",
    "nil | Converting circular structure to JSON\n    --> starting at object with constructor "
    "'Object'\n    |     property 'a' -> object with constructor 'Object'\n    |     property 'b' "
    "-> object with constructor 'Object'\n    |     ...\n    |     property 'd' -> object with "
    "constructor 'Object'\n    --- property 'e' closes the circle" },
  { "(function() local k = {} k['a b'] = {k} return encode{k=k} end)()",
    "nil | Converting circular structure to JSON\n    --> starting at object with constructor "
    "'Object'\n    |     property 'a b' -> object with constructor 'Array'\n    --- index 1 "
    "closes the circle" },
  { "(function() local s = {1} return encode{s,s,{s}} end)()", "[[1],[1],[[1]]]" },
};

static const Case depths[] = {
  { "encode(decode(('['):rep(1000) .. (']'):rep(1000))) == ('['):rep(1000) .. (']'):rep(1000)",
    "true" },
  { "decode(('['):rep(1001) .. (']'):rep(1001))",
    "nil | Nesting deeper than 1000 levels in JSON at position 1000 | 1000" },
  { "decode(('{\"a\":'):rep(100000))",
    "nil | Nesting deeper than 1000 levels in JSON at position 5000 | 5000" },
  { "(function() local t = {} for i = 1, 1000 do t = {t} end return encode(t) end)()",
    "nil | value is nested deeper than 1000 levels" },
  { "(function() local t = {k=1} for i = 1, 999 do t = {a=1,t=t,z=2} end return #encode(t) end)()",
    "17989" },
  { "(function() local t = {} for i = 1, 1000 do t['k' .. i] = i end local n = 0 "
    "for _ in pairs(decode(encode(t))) do n = n + 1 end return n, encode(t):sub(1, 29) end)()",
    "1000 | {\"k1\":1,\"k10\":10,\"k100\":100,\"" },
  { "(function() local t = {} for i = 1, 300000 do t[i] = i end t.x = 1 "
    "return #decode(encode(t))==0, #decode(encode(array(t))) end)()",
    "true | 300000" },
  { "(function() local t for i = 1, 60 do local u = {} for j = 1, 30 do u['m' .. j] = j end "
    "u.t = t t = u end return encode(decode(encode(t))) == encode(t) end)()",
    "true" },
  { "(function() local d = 0 local t = {} t.toJSON = function() d = d + 1 return encode{a=t} end "
    "return (pcall(encode, t)), d > 50 end)()",
    "false | true" },
};

/* { text, V8's message, byte offset } */
static const struct {
  const char *text, *message;
  int position;
} errors[] = {
  { "", "Unexpected end of JSON input", 0 },
  { "{", "Expected property name or '}' in JSON at position 1", 1 },
  { "[", "Unexpected end of JSON input", 1 },
  { "[1", "Expected ',' or ']' after array element in JSON at position 2", 2 },
  { "[1 2", "Expected ',' or ']' after array element in JSON at position 3", 3 },
  { "{\"a\"", "Expected ':' after property name in JSON at position 4", 4 },
  { "{\"a\" 1", "Expected ':' after property name in JSON at position 5", 5 },
  { "{\"a\":", "Unexpected end of JSON input", 5 },
  { "{\"a\":1", "Expected ',' or '}' after property value in JSON at position 6", 6 },
  { "{a:1}", "Expected property name or '}' in JSON at position 1", 1 },
  { "{\"a\":1,}", "Expected double-quoted property name in JSON at position 7", 7 },
  { "[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON", 3 },
  { "[,1]", "Unexpected token ',', \"[,1]\" is not valid JSON", 1 },
  { "tru", "Unexpected end of JSON input", 3 },
  { "trux", "Unexpected token 'x', \"trux\" is not valid JSON", 3 },
  { "\"abc", "Unterminated string in JSON at position 4", 4 },
  { "\"a\nb\"", "Bad control character in string literal in JSON at position 2", 2 },
  { "\"a\\n\nb\"", "Bad control character in string literal in JSON at position 4", 4 },
  { "\"a\\x\"", "Bad escaped character in JSON at position 3", 3 },
  { "\"a\\u12g4\"", "Bad Unicode escape in JSON at position 6", 6 },
  { "\"a\\u12", "Bad Unicode escape in JSON at position 6", 6 },
  { "\"\\ud800\\u12", "Bad Unicode escape in JSON at position 11", 11 },
  { "\"a\\", "Unexpected end of JSON input", 3 },
  { "\"a\\n", "Unterminated string in JSON at position 4", 4 },
  { "01", "Unexpected number in JSON at position 1", 1 },
  { "-01", "Unexpected number in JSON at position 2", 2 },
  { "-", "No number after minus sign in JSON at position 1", 1 },
  { "1.", "Unterminated fractional number in JSON at position 2", 2 },
  { "1e", "Exponent part is missing a number in JSON at position 2", 2 },
  { "1 2", "Unexpected non-whitespace character after JSON at position 2", 2 },
  { "undefined", "\"undefined\" is not valid JSON", 0 },
  { "NaN", "\"NaN\" is not valid JSON", 0 },
  { "+1", "Unexpected token '+', \"+1\" is not valid JSON", 0 },
  { "nul1", "Unexpected number in JSON at position 3", 3 },
  { "\xC3\xA9", "Unexpected token '\xC3\xA9', \"\xC3\xA9\" is not valid JSON", 0 },
  { "\xFF", "Unexpected token '\xEF\xBF\xBD', \"\xEF\xBF\xBD\" is not valid JSON", 0 },
  { "[1,2,3,4,5,6,7,8,9,10,11,12,13,x,14,15,16,17,18]",
    "Unexpected token 'x', ...\",11,12,13,x,14,15,16\"... is not valid JSON", 31 },
  { "xabcdefghijklmnopqrst", "Unexpected token 'x', \"xabcdefghi\"... is not valid JSON", 0 },
  { "xabcdefghijklmnopqrs", "Unexpected token 'x', \"xabcdefghijklmnopqrs\" is not valid JSON", 0 },
  { "{\"a\":nulx,               1}",
    "Unexpected token 'x', \"{\"a\":nulx,        \"... is not valid JSON", 8 },
  { "[1,2,3,4,5,6,7,8,9,10,11,x]", "Unexpected token 'x', ...\"8,9,10,11,x]\" is not valid JSON",
    25 },
  { "[\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\",x,"
    "\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"]",
    "Unexpected token 'x', "
    "...\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\",x,\"\xC3\xA9\xC3\xA9"
    "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"... is not valid JSON",
    24 },
};

static void messages(lua_State *L) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    JsonError err = { .position = 12345 };
    lua_settop(L, 0);
    bool good = json_decode(L, errors[i].text, strlen(errors[i].text), &err);
    ok(!good && lua_gettop(L) == 0, "refused: %.40s", errors[i].text);
    is_text(err.message, errors[i].message, "its message");
    ok(err.position == (size_t)errors[i].position, "its position (%zu)", err.position);
  }
  JsonError err;
  json_decode(L, "\0", 1, &err);
  is_text(err.message, "Unexpected token '\xEF\xBF\xBD', \"\xEF\xBF\xBD\" is not valid JSON",
          "a NUL cannot be shown");
}

/* An allocator that fails after `budget` more allocations. */
static void *failing_alloc(void *budget, void *p, size_t old, size_t size) {
  (void)old;
  if (size == 0) {
    free(p);
    return NULL;
  }
  if (size > old || !p) {
    if (*(int *)budget == 0) return NULL;
    --*(int *)budget;
  }
  return realloc(p, size);
}

static int work(lua_State *L) {
  static const char text[] =
      "{\"a\":[1,2.5,\"x\\n\\u00e9\",null],\"b\":{\"c\":\"h\xFFh\"},\"d\":[]}";
  JsonError err;
  StrBuf *buf = strbuf_new_lua(L);
  json_open(L);
  if (!json_decode(L, text, sizeof text - 1, &err)) return luaL_error(L, "%s", err.message);
  json_encode(L, -1, buf, NULL);
  lua_pushstring(L, "\xFF");
  json_encode(L, -1, buf, NULL);
  lua_pushboolean(L, 1);
  return 1;
}

/* Every allocation of Lua's fails once: no crash, no leak, Lua's error each time. */
static void out_of_memory(void) {
  bool good = true, done = false;
  for (int limit = 0; limit < 5000 && !done; limit++) {
    int budget = 1 << 30;
    lua_State *L = lua_newstate(failing_alloc, &budget);
    lua_pushcfunction(L, work);
    budget = limit;
    int status = lua_pcall(L, 0, 1, 0);
    done = status == LUA_OK;
    good = good && (done || status == LUA_ERRMEM);
    budget = 1 << 30;
    lua_close(L);
  }
  ok(good && done, "memory running out at any point");
}

int main(void) {
  lua_State *L = new_state();
  RUN(L, scalars);
  RUN(L, strings);
  RUN(L, containers);
  RUN(L, layout);
  RUN(L, to_json);
  RUN(L, cycles);
  RUN(L, depths);
  messages(L);
  lua_close(L);
  out_of_memory();
  return tap_end();
}
