/* SPDX-License-Identifier: MIT */
/* guest_signal.c - unit test of the signal by which a guest's Ctrl-C reaches its line: it stops that line,
 * never another one, nothing before it and nothing after it. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/core/interrupt.h"

#include <sys/syscall.h>
#include <unistd.h>

static Runtime *rt;
static bool stopped;

static int ask(int serial) { return interrupt_ask((int)getpid(), (int)syscall(SYS_gettid), URGENT_GUEST, (uint32_t)serial); }

static int lua_ask(lua_State *L) {
  lua_pushboolean(L, ask((int)luaL_checkinteger(L, 1)) == 0);
  return 1;
}

static int chunk_body(lua_State *L) {
  const char *code = lua_touserdata(L, 1);
  if (luaL_loadstring(L, code) != LUA_OK) return lua_error(L);
  lua_call(L, 0, 1);
  lua_setglobal(L, "result");
  return 0;
}

static bool on_uncaught(Runtime *r, lua_State *L, int idx) {
  (void)r;
  stopped = interrupt_is(L, idx);
  return true;
}

/* Enters the code; was it stopped? */
static bool enter(const char *code) {
  stopped = false;
  lua_pushnil(rt->L);
  lua_setglobal(rt->L, "result");
  (void)rt_enter(rt, chunk_body, (void *)code);
  return stopped;
}

/* As a guest's line with the serial 7. */
static bool line(const char *code) {
  interrupt_guest_begin(rt, 7);
  bool was = enter(code);
  interrupt_guest_end(rt);
  return was;
}

static int result(void) {
  lua_getglobal(rt->L, "result");
  int n = (int)lua_tointeger(rt->L, -1);
  lua_pop(rt->L, 1);
  return n;
}

static void test_lines(void) {
  static const char count[] = "local n = 0 for i = 1, 1000 do ask(7) n = n + 1 end return n";
  ok(!enter(count) && result() == 1000, "code that is no guest's line is not stopped, 1,000 times");
  ok(line("ask(7) while true do end"), "the line is stopped");
  ok(line("pcall(function() ask(7) while true do end end) while true do end"), "pcall does not hold it");
  ok(line("coroutine.wrap(function() ask(7) while true do end end)()"), "nor does a coroutine");
  ok(!line("for i = 0, 100 do if i ~= 7 then ask(i) end end return 3") && result() == 3, "the serial of another line does nothing");
  ok(ask(7) == 0 && !line("return 4") && result() == 4, "nor does a signal before it");
  interrupt_guest_begin(rt, 7);
  (void)ask(7);
  interrupt_guest_end(rt);
  ok(!enter("return coroutine.wrap(function() return 5 end)()") && result() == 5, "one that came at its end stops nothing else");
}

static void test_waiting(void) {
  ok(!enter("co = coroutine.create(function() coroutine.yield() ask(7) while true do end end) coroutine.resume(co) return 1"),
     "a line that waits");
  lua_getglobal(rt->L, "co");
  lua_State *co = lua_tothread(rt->L, -1);
  lua_pop(rt->L, 1);
  interrupt_guest_begin(rt, 7);
  interrupt_guest_waits(rt, co);
  ok(!enter("for i = 1, 100 do ask(7) end return 2") && result() == 2, "what runs meanwhile is not stopped");
  ok(enter("coroutine.resume(co)"), "its own coroutine is");
  interrupt_guest_end(rt);
}

static void test_hook(void) {
  ok(!line("local n = 0 debug.sethook(function() n = n + 1 end, '', 10) for i = 1, 1000 do ask(8) end "
           "local hooked = debug.gethook() ~= nil debug.sethook() return hooked and n > 0 and 1 or 0") && result() == 1,
     "a user's own hook stays");
}

int main(void) {
  rt = rt_new(builtin_modules);
  rt->hooks.uncaught = on_uncaught;
  interrupt_take_urgent(rt);
  lua_register(rt->L, "ask", lua_ask);
  test_lines();
  test_waiting();
  test_hook();
  (void)rt_end(rt);
  return tap_end();
}
