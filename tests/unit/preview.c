/* SPDX-License-Identifier: MIT */
/* preview.c - unit test of the value of half-typed lines: what is computed, and that nothing is ever called. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/core/runtime.h"
#include "../../modules/module.h"
#include "../../repl/preview.h"
#include "../../repl/session.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static Runtime *rt;

/* Fewer rounds where each takes long. */
static int scaled(int n) {
  const char *percent = getenv("MOONFORK_TEST_SCALE");
  n = n / 100 * (percent ? atoi(percent) : 100);
  return n > 0 ? n : 1;
}

static const char *shown(const char *text, char *out, size_t size) {
  return preview_text(rt->L, text, strlen(text), out, size) ? out : "(none)";
}

static void is(const char *text, const char *want) {
  char out[240];
  tap_text(shown(text, out, sizeof out), want, __FILE__, __LINE__, "%.*s", (int)strcspn(text, "\n#"), text);
}

static void run(const char *code) {
  if (luaL_dostring(rt->L, code) == LUA_OK) return;
  printf("Bail out! %s\n", lua_tostring(rt->L, -1));
  exit(1);
}

static void test_literals(void) {
  is("1 + 1", "2");
  is("1", "(none)"); /* shows no more than is there */
  is("0x10", "16");
  is("1e2", "100.0");
  is("\"a\" .. 'b' .. 1 .. 2.5", "\"ab12.5\"");
  is("\"a\\tb\\\\\" .. ''", "\"a\\tb\\\\\"");
  is("'\\0' == '\\0'", "true");
  is("'\\01'", "(none)");
  is("[[x]] .. [==[\ny]==]", "\"xy\"");
  is("nil", "(none)");
  is("nil == nil", "true");
  is("not nil", "true");
  is("#\"abc\"", "3");
  is("2^3^2 .. ''", "\"512.0\"");
  is("-2^2", "-4.0");
  is("2 + 3 * 4 - 6 // 4 % 5", "13");
  is("1 < 2 and 2 <= 2 and not (3 > 4) and 'a' < 'b'", "true");
  is("1 | 2 ~ 3 & 4 << 1 >> 1", "3");
  is("~0", "-1");
  is("- - 1 --[[ comment ]] + 0", "1");
  is("nil and nosuch.field.x or 7", "7");
  is("false and f() or 7", "(none)");
  is("1 or nosuch.field", "1");
  is("1 .. 2 == '12'", "true");
}

static void test_limits(void) {
  is("1 // 0", "(none)");
  is("1 % 0", "(none)");
  is("1 / 0", "inf");
  is("9223372036854775807 + 1", "-9223372036854775808");
  is("1 << 64", "0");
  is("1.5 | 1", "(none)");
  is("1e308 * 10 | 0", "(none)");
  is("'a' + 1", "(none)");
  is("'1' + 1", "(none)"); /* strings compute by metamethods */
  is("1 < 'a'", "(none)");
  is("1 +", "(none)");
  is("1 1", "(none)");
  is("", "(none)");
  is("   ", "(none)");
  is("x = 1", "(none)");
  is("\"open", "(none)");
  is("1 --[[ open", "(none)");
  is("(1)(2)", "(none)");
  is("{ 1 }", "(none)");
  is("function() end", "(none)");
  is("...", "(none)");
  is("\xff\xfe", "(none)");
}

static void test_names(void) {
  run("one = 1; t = { 1, 2, 3, name = 'n', deep = { deeper = { x = 42 } } }\n"
      "base = setmetatable({ inherited = 'yes' }, { __index = { far = 'away' } })\n"
      "derived = setmetatable({}, { __index = base })\n"
      "cycle = {}; cycle.cycle = cycle; chain = {}; local c = chain\n"
      "for i = 1, 40 do c.n = {}; c = c.n end; f = print");
  is("one", "1");
  is(" one ", "1");
  is("nosuch", "(none)");
  is("nosuch == nil", "true");
  is("nosuch.x", "(none)");
  is("t", "{ 1, 2, 3, deep = {...}, name = \"n\" }");
  is("t.name", "\"n\"");
  is("t['na' .. 'me']", "\"n\"");
  is("t[one + 1]", "2");
  is("t[nil]", "(none)");
  is("t.deep.deeper.x", "42");
  is("#t", "3");
  is("derived.inherited .. derived.far", "\"yesaway\"");
  is("derived.nothing", "(none)");
  is("cycle.cycle.cycle == cycle", "true");
  is("chain.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n.n == nil", "false");
  is("t == { }", "(none)");
  is("t == t", "true");
  is("t == cycle", "false");
  is("math.pi > 3", "true");
  is("math.maxinteger + 1 == math.mininteger", "true");
  is("f", "(none)");
  is("f()", "(none)");
  is("f 'x'", "(none)");
  is("t:name()", "(none)");
  is("_ENV", "(none)");
  is("Buffer", "(none)"); /* is loaded on first use */
  is("one.x", "(none)");
  is("('x').len", "(none)");
  is("process.pid", "(none)");
  run("local _ = process.pid");
  char pid[32];
  (void)snprintf(pid, sizeof pid, "%d", (int)getpid());
  is("process.pid", pid);
  is("process.pid > 0", "true");
  is("process.stdin", "(none)");
  is("process.cwd()", "(none)");
}

static void test_hostile(void) {
  run("calls = 0; local function touch() calls = calls + 1; return 1 end\n"
      "local all = {}\n"
      "for _, n in ipairs { 'index', 'newindex', 'call', 'len', 'eq', 'lt', 'le', 'concat', 'add', 'sub',\n"
      "  'mul', 'div', 'mod', 'pow', 'unm', 'idiv', 'band', 'bor', 'bxor', 'shl', 'shr', 'bnot',\n"
      "  'tostring', 'name', 'pairs', 'close', 'gc' } do all['__' .. n] = touch end\n"
      "evil, evil2 = setmetatable({ a = 1 }, all), setmetatable({ a = 1 }, all)\n"
      "hidden = setmetatable({}, { __index = setmetatable({}, { __index = touch }) })\n"
      "local loop = {}; setmetatable(loop, { __index = loop }); looped = loop\n"
      "custom = { ['nodejs.util.inspect.custom'] = touch }\n"
      "for i = 1, 100 do setmetatable({}, { __gc = touch }) end; calls = 0");
  static const char *const none[] = { "evil.x", "#evil", "evil == evil2", "evil < evil2", "evil <= 1",
                                      "evil .. 'x'", "evil + 1", "1 - evil", "-evil", "~evil", "evil()",
                                      "evil.x.y", "hidden.x", "evil // 2", "evil & 1", "looped.x" };
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) is(none[i], "(none)");
  is("evil.a", "1");
  is("not evil", "false");
  is("evil == evil", "true");
  is("evil ~= nil", "true");
  char out[240];
  (void)shown("evil", out, sizeof out);
  (void)shown("custom", out, sizeof out);
  (void)shown("hidden", out, sizeof out);
  for (int i = 0; i < 200; i++) (void)shown("'abc' .. 'def' .. one", out, sizeof out); /* no collection */
  is("calls", "0");
  ok(lua_gc(rt->L, LUA_GCISRUNNING), "the collector runs again");
}

static void test_large(void) {
  char out[240], text[1200] = "", code[200];
  (void)snprintf(code, sizeof code, "fields = {}; for i = 1, %d do fields['k' .. i] = i end", scaled(100000));
  run(code);
  run("big = ('x'):rep(1 << 26); list = {}; for i = 1, 1 << 20 do list[i] = i end\n"
      "lines = 'a\\nb'; odd = '\\1\\27[31mred'");
  clock_t before = clock();
  ok(strlen(shown("big", out, sizeof out)) < sizeof out, "a huge string is cut");
  is("#big", "67108864");
  is("big .. big", "(none)");
  is("big == 'x'", "(none)");
  is("list", "{ 1, 2, 3, 4, 5, 6, 7, 8, ... 1048568 more }");
  is("#list", "1048576");
  is("fields", "{ ... more than 40 fields }");
  is("fields.k5", "5");
  ok(!strpbrk(shown("odd", out, sizeof out), "\1\33\n"), "no control byte gets through");
  ok(!strchr(shown("lines", out, sizeof out), '\n'), "one line");
  ok(strlen(shown("list", out, 8)) == 7, "cut to what there is room for");
  for (int i = 0; i < 100; i++) strcat(text, "(");
  is(text, "(none)");
  *text = '\0';
  for (int i = 0; i < 300; i++) strcat(text, "1+");
  strcat(text, "1");
  is(text, "301");
  *text = '\0';
  for (int i = 0; i < 300; i++) strcat(text, "- ");
  strcat(text, "1");
  is(text, "(none)");
  for (int i = 0; i < 550; i++) strcat(text, "1");
  is(text, "(none)");
  ok((double)(clock() - before) / CLOCKS_PER_SEC < 50, "all of that in a moment");
  run("big = nil; list = nil; fields = nil");
}

/* Random text of the letters that matter, never a crash, the stack as it was. */
static void test_noise(void) {
  static const char *const words[] = { "t", ".", "[", "]", "(", ")", "1", "'a'", "..", "#", "-", "not ", "and ",
                                       "or ", "==", "evil", "nil", "name", "<", "//", "0", "~", "\"", "[[" };
  char out[60];
  int top = lua_gettop(rt->L);
  run("collectgarbage(); for i = 1, 100 do setmetatable({}, { __gc = function() calls = calls + 1 end }) end; calls = 0");
  srand(7);
  for (int n = 0; n < scaled(20000); n++) {
    char text[200] = "";
    for (int i = rand() % 20; i >= 0; i--) strcat(text, words[(size_t)rand() % (sizeof words / sizeof *words)]);
    (void)shown(text, out, sizeof out);
  }
  ok(lua_gettop(rt->L) == top, "noise leaves the stack as it was");
  is("calls", "0");
}

int main(void) {
  static const Settings settings = { .argv0 = "moonfork" };
  rt = rt_new(builtin_modules);
  if (!rt) return 1;
  rt->settings = &settings;
  module_install(rt->L, builtin_globals);
  module_expose_all(rt->L);
  session_open(rt->L);
  test_literals();
  test_limits();
  test_names();
  test_hostile();
  test_large();
  test_noise();
  (void)rt_end(rt);
  return tap_end();
}
