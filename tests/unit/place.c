/* SPDX-License-Identifier: MIT */
/* place.c - unit test: somebody asks all the time where the code is, and neither an interrupt nor a user's
 * own hook is lost. A lost one shows as a test that never ends. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/core/interrupt.h"
#include "../../modules/core/runtime.h"
#include "../../modules/core/trace.h"
#include "../../modules/module.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic bool stop, storm; /* storm: each request is answered, however soon it comes */
static _Atomic int round_running;
static Runtime *rt;
static pthread_t main_thread;

/* ---- the two others: one asks, one presses Ctrl-C ---- */

static void ask_all(long self) {
  DIR *tasks = opendir("/proc/self/task");
  const struct dirent *e;
  while (tasks && (e = readdir(tasks)))
    if (atoi(e->d_name) > 0 && atoi(e->d_name) != self) (void)trace_ask_place((int)getpid(), atoi(e->d_name));
  if (tasks) (void)closedir(tasks);
}

static void *asker(void *arg) {
  long self = syscall(SYS_gettid);
  (void)arg;
  while (!stop) {
    if (storm) atomic_store_explicit(&trace_page(rt->trace)->place.t, 0, memory_order_relaxed);
    ask_all(self);
    (void)usleep(50);
  }
  return NULL;
}

static void *presser(void *arg) {
  int done = 0;
  (void)arg;
  while (!stop) {
    int now = round_running; /* the next round may begin as soon as this one is stopped */
    if (now > done) (void)pthread_kill(main_thread, SIGINT);
    done = now;
    (void)usleep(20);
  }
  return NULL;
}

/* ---- Lua ---- */

static int told, expected;

static bool on_uncaught(Runtime *r, lua_State *L, int idx) {
  (void)r;
  if (interrupt_is(L, idx)) told++;
  else printf("# uncaught: %s\n", luaL_tolstring(L, idx, NULL));
  return true;
}

static int press(lua_State *L) { /* from now on Ctrl-C may come */
  (void)L;
  round_running = round_running + 1;
  return 0;
}

static int placed(lua_State *L) { /* has the place been told? */
  lua_pushboolean(L, trace_page(rt->trace)->place.line > 0);
  return 1;
}

static int body(lua_State *L) {
  const char *const *code = lua_touserdata(L, 1);
  lua_settop(L, 0);
  if (luaL_loadbuffer(L, code[1], strlen(code[1]), code[0]) != LUA_OK) return lua_error(L);
  lua_call(L, 0, 0);
  return 0;
}

static bool run(const char *name, const char *code) {
  const char *const both[] = { name, code };
  return rt_enter(rt, body, (void *)both);
}

static lua_Integer global(const char *name) {
  lua_getglobal(rt->L, name);
  lua_Integer n = lua_tointeger(rt->L, -1);
  lua_pop(rt->L, 1);
  return n;
}

static int install(lua_State *L) {
  module_install(L, builtin_globals);
  lua_register(L, "press", press);
  lua_register(L, "placed", placed);
  return 0;
}

/* ---- tests ---- */

static void test_place(void) {
  TracePlace *place = &trace_page(rt->trace)->place;
  (void)run("@/some/where/loop.lua", "local function spin()\n  local n = 0\n  while not placed() do n = n + 1 end\nend\nspin()");
  is_text(place->file, "/some/where/loop.lua", "the file");
  is_text(place->fn, "spin", "the function");
  ok(place->line == 3, "the line (%d)", place->line);
  ok(place->seq % 2 == 0, "it is whole");
}

static void test_interrupts(int rounds) {
  static const char *const codes[] = {
    "press() while true do end",
    "press() while true do pcall(function() while true do end end) end",
    "press() coroutine.wrap(function() while true do end end)()",
    "press() while true do coroutine.wrap(function() coroutine.yield() end)() end",
    "debug.sethook(function() end, '', 500) press() while true do end",
  };
  storm = true;
  for (int i = 0; i < rounds; i++) {
    interrupt_sigint_on(NULL);
    expected++;
    (void)run("=round", codes[(size_t)i % (sizeof codes / sizeof *codes)]);
    interrupt_sigint_off();
  }
  storm = false;
  ok(told == expected, "%d of %d interrupts came through", told, expected);
  (void)run("=after", "debug.sethook()");
}

static void test_hook(void) {
  (void)run("=hook",
            "ticks = 0\n"
            "local function tick() ticks = ticks + 1 end\n"
            "debug.sethook(tick, '', 1000)\n"
            "for i = 1, 2000000 do end\n"
            "still = debug.gethook() == tick and 1 or 0\n"
            "debug.sethook()\n"
            "none = debug.gethook() == nil and 1 or 0");
  ok(global("ticks") > 1000, "a count hook keeps counting (%d)", (int)global("ticks"));
  ok(global("still") == 1 && global("none") == 1, "and is the user's own");
  storm = true;
  (void)run("=hooks",
            "local bad, f = 0, function() end\n"
            "for i = 1, 20000 do\n"
            "  debug.sethook(f, 'c', 50)\n"
            "  local g, mask, count = debug.gethook()\n"
            "  if g ~= f or mask ~= 'c' or count ~= 50 then bad = bad + 1 end\n"
            "  local co = coroutine.create(function() local h = debug.gethook() coroutine.yield() return h end)\n"
            "  coroutine.resume(co)\n"
            "  local _, h = coroutine.resume(co)\n"
            "  if h ~= f and h ~= 'external hook' and h ~= nil then bad = bad + 1 end\n"
            "  debug.sethook()\n"
            "  if debug.gethook() then bad = bad + 1 end\n"
            "end\n"
            "wrong = bad");
  storm = false;
  ok(global("wrong") == 0, "setting and reading hooks sees none but one's own (%d wrong)", (int)global("wrong"));
}

static void test_listener(void) {
  (void)run("=listener",
            "heard = 0\n"
            "local process = require 'process'\n"
            "local function hear() heard = heard + 1 end\n"
            "process:on('SIGURG', hear)\n"
            "local n, timer = 0, nil\n"
            "timer = setInterval(function()\n"
            "  n = n + 1\n"
            "  if n == 20 then quiet = heard end\n"
            "  if n >= 20 then process:kill(process.pid, 'SIGURG') end\n" /* one that is still waiting swallows it */
            "  if heard > 0 then clearInterval(timer) process:off('SIGURG', hear) end\n"
            "end, 1)");
  rt_run(rt);
  ok(global("quiet") == 0 && global("heard") >= 1, "a listener of SIGURG hears its own signals only");
}

static void test_threads(int count) {
  char code[900];
  (void)snprintf(code, sizeof code,
                 "local w = require 'worker_threads'\n"
                 "ended = 0\n"
                 "local function one()\n"
                 "  local t = w.Worker([[require('worker_threads').parentPort:postMessage(1)\n"
                 "    while true do pcall(function() while true do end end) end]], { eval = true })\n"
                 "  t:on('message', function() t:terminate() end)\n"
                 "  t:on('exit', function() ended = ended + 1 if ended < %d then one() end end)\n"
                 "end\n"
                 "one()", count);
  (void)run("=threads", code);
  rt_run(rt);
  ok(global("ended") == count, "terminate() has ended %d of %d endless threads", (int)global("ended"), count);
}

int main(void) {
  char dir[512], command[640];
  const char *why = "", *scale = getenv("MOONFORK_TEST_SCALE");
  int rounds = 1000 * (scale ? atoi(scale) : 100) / 100;
  pthread_t threads[2];
  if (rounds < 20) rounds = 20;
  (void)snprintf(dir, sizeof dir, "%s/place-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
  if (!mkdtemp(dir)) return 1;
  (void)setenv(TRACE_ENV, dir, 1);
  main_thread = pthread_self();
  ok(trace_claim(&why), "the folder is taken %s", why);
  rt = rt_new(builtin_modules);
  rt->hooks.uncaught = on_uncaught;
  (void)rt_enter(rt, install, NULL);
  trace_open(rt, "script", "place.c");
  ok(rt->trace != NULL, "there is a ring");
  (void)pthread_create(&threads[0], NULL, asker, NULL);
  (void)pthread_create(&threads[1], NULL, presser, NULL);
  test_place();
  test_interrupts(rounds);
  test_hook();
  test_listener();
  test_threads(rounds);
  stop = true;
  for (int i = 0; i < 2; i++) (void)pthread_join(threads[i], NULL);
  (void)rt_end(rt);
  (void)snprintf(command, sizeof command, "rm -r %s", dir);
  ok(system(command) == 0, "the folder goes");
  return tap_end();
}
