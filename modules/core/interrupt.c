/* SPDX-License-Identifier: MIT */
/* interrupt.c - see interrupt.h.
 *
 * The signal handler runs on the VM's own thread and arms a hook on rt->running, the coroutine that
 * executes now; Lua promises that lua_sethook may be called so. rt->running is kept by rt_enter and by
 * the coroutine functions below, which otherwise behave as the stock ones. A single C call and a
 * finalizer cannot be stopped (hooks do not run there): hence the second and third Ctrl-C. */
#include "interrupt.h"
#include "error.h"
#include "handle.h"
#include "trace.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char interrupt_value = 0, interrupt_place = 0; /* place: stack text of the first raise */

static struct {            /* the main thread's Ctrl-C; touched by the handler */
  struct sigaction before;
  bool on;
  volatile sig_atomic_t presses;
  volatile time_t last;
  void (*restore_terminal)(void);
} sigint;

/* ---- raising ---- */

static int interrupt_tostring(lua_State *L) {
  lua_pushliteral(L, "interrupted");
  return 1;
}

static void push_interrupt(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &interrupt_value); }

bool interrupt_is(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  push_interrupt(L);
  bool same = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  return same;
}

/* Keeps where the code was when the request reached it. */
static void keep_place(lua_State *L) {
  bool kept = lua_rawgetp(L, LUA_REGISTRYINDEX, &interrupt_place) == LUA_TSTRING;
  lua_pop(L, 1);
  if (kept) return;
  err_push_stack(L, L, 0);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &interrupt_place);
}

bool interrupt_push_place(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &interrupt_place) == LUA_TSTRING) return true;
  lua_pop(L, 1);
  return false;
}

/* What a coroutine has while nothing is asked for: no hook at all, which costs nothing. ThreadSanitizer
 * holds signals back while Lua runs, so that build alone looks up now and then: the call lets them in. */
#ifdef __SANITIZE_THREAD__
static void arm(Runtime *rt, lua_State *L);

static void on_look(lua_State *L, lua_Debug *ar) {
  struct timespec now;
  (void)ar;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  Runtime *rt = rt_of(L);
  if ((rt->thread_id != 0 && rt->interrupt) || rt->place_asked) arm(rt, L);
}

static void rest(lua_State *L) { lua_sethook(L, on_look, LUA_MASKCOUNT, 10000); }
static bool is_resting(lua_Hook hook) { return hook == on_look; }
#else
static void rest(lua_State *L) { lua_sethook(L, NULL, 0, 0); }
static bool is_resting(lua_Hook hook) { return hook == NULL; }
#endif

static void on_hook(lua_State *L, lua_Debug *ar);

/* Our hook goes onto L, and a user's own is put aside. There is room for one: a request for the place gives
 * way, an interrupt does not. Also in signal handlers; what changes hooks meanwhile arms afterwards. */
static void arm(Runtime *rt, lua_State *L) {
  if (rt->hooking) return;
  lua_Hook now = lua_gethook(L);
  if (!is_resting(now) && now != on_hook) {
    if (rt->saved_hook.on && rt->saved_hook.on != L && !rt->interrupt) {
      rt->place_asked = false;
      return;
    }
    rt->saved_hook.on = L;
    rt->saved_hook.fn = now;
    rt->saved_hook.mask = lua_gethookmask(L);
    rt->saved_hook.count = lua_gethookcount(L);
  }
  lua_sethook(L, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

static void hooks_begin(Runtime *rt) {
  rt->hooking = true;
  atomic_signal_fence(memory_order_seq_cst);
}

/* What was asked for meanwhile gets its hook on L, the coroutine that runs (NULL: none). */
static void hooks_end(Runtime *rt, lua_State *L) {
  atomic_signal_fence(memory_order_seq_cst);
  rt->hooking = false;
  if (L && (rt->interrupt || rt->place_asked)) arm(rt, L);
}

/* Between the two: L gets back what it had before our hook. */
static void put_back(Runtime *rt, lua_State *L) {
  bool saved = rt->saved_hook.on == L, ours = lua_gethook(L) == on_hook;
  if (ours && saved) lua_sethook(L, rt->saved_hook.fn, rt->saved_hook.mask, rt->saved_hook.count);
  else if (ours) rest(L); /* a coroutine that inherited ours, too */
  if (saved) memset(&rt->saved_hook, 0, sizeof rt->saved_hook);
}

/* Raises as long as an interrupt stands. */
static void on_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  Runtime *rt = rt_of(L);
  if (rt->place_asked) {
    rt->place_asked = false;
    if (TRACING(rt)) trace_place(rt->trace, L);
  }
  if (rt->interrupt == INTR_NONE) {
    hooks_begin(rt);
    put_back(rt, L);
    hooks_end(rt, L);
    return;
  }
  if (rt->interrupt == INTR_SIGINT) keep_place(L);
  push_interrupt(L);
  lua_error(L);
}

/* The interrupt is over: a user's own hook comes back. */
static void clear_hook(Runtime *rt) {
  hooks_begin(rt);
  put_back(rt, rt->L);
  if (rt->saved_hook.on) put_back(rt, rt->saved_hook.on);
  memset(&rt->saved_hook, 0, sizeof rt->saved_hook);
  hooks_end(rt, rt->running);
}

/* L stops being the coroutine that runs, for a while or for good: a user's hook does not stay aside. */
static void leave_coroutine(Runtime *rt, lua_State *L) {
  if (rt->saved_hook.on != L || !L) return;
  hooks_begin(rt);
  put_back(rt, L);
  hooks_end(rt, NULL);
}

/* ---- sleeping ---- */

void interrupt_park_begin(Runtime *rt) {
  rt->park = 0;
  if (rt->interrupt) rt->park = PARK_INTERRUPTED;
}

bool interrupt_park(Runtime *rt, uint64_t timeout) {
  uint64_t end = timeout == UINT64_MAX ? UINT64_MAX : uv_hrtime() + timeout, now;
  while (rt->park == 0) {
    if ((now = uv_hrtime()) >= end) return false;
    struct timespec rest = { .tv_sec = (time_t)((end - now) / 1000000000),
                             .tv_nsec = (long)((end - now) % 1000000000) };
    (void)syscall(SYS_futex, &rt->park, FUTEX_WAIT_PRIVATE, 0, end == UINT64_MAX ? NULL : &rest, NULL, 0);
  }
  return true;
}

void interrupt_unpark(Runtime *rt, uint32_t why) {
  rt->park = why;
  (void)syscall(SYS_futex, &rt->park, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void interrupt_request(Runtime *rt, int what) {
  if (rt->interrupt < what) rt->interrupt = what;
  interrupt_unpark(rt, PARK_INTERRUPTED);
  lua_State *running = rt->running;
  if (running) arm(rt, running);
  if (rt->wake) (void)uv_async_send(rt->wake);
}

/* ---- from another thread ---- */

/* SIGURG is ours from the first ring, door or thread on until the main runtime ends. libuv registers a
 * handler for the first of its watchers and takes it away after the last: one that always stays, below our
 * handler, keeps it from both, so no listener of the program's own ever changes what a signal of ours meets. */
typedef struct Holder {
  Handle base;
  uv_signal_t uv;
} Holder;

static struct {
  bool on;
  struct sigaction before; /* libuv's, which serves listeners */
} urgent;

/* A value is ours by its first byte; then what, and the serial. */
enum { URGENT_OURS = 0x4d };

static int urgent_value(int what, uint32_t serial) {
  return (int)((uint32_t)URGENT_OURS << 24 | (uint32_t)what << 16 | (serial & 0xffff));
}

/* Does the guest's line run: was it entered, or is its coroutine among those that run? */
bool interrupt_guest_runs(const Runtime *rt) {
  const lua_State *co = rt->guest.waits;
  if (rt->guest.entered) return true;
  if (co && rt->running == co) return true;
  for (const Resumer *r = rt->resumer; co && r; r = r->outer)
    if (r->L == co) return true;
  return false;
}

/* Somebody looks on. Not too often: a user's own count hook begins anew each time. */
static void ask_place(Runtime *rt) {
  if (!rt->running || !TRACING(rt) || !trace_place_is_old(rt->trace)) return;
  rt->place_asked = true;
  arm(rt, rt->running);
}

static void urgent_asked(Runtime *rt, uint32_t value) {
  uint32_t serial = value & 0xffff, what = value >> 16 & 0xff;
  if (what == URGENT_PLACE) ask_place(rt);
  if (what == URGENT_GUEST && serial && rt->guest.serial == serial && interrupt_guest_runs(rt))
    interrupt_request(rt, INTR_SIGINT);
}

/* Of several signals that wait for a thread the kernel keeps one: whichever comes, an interrupt is looked
 * after, too. */
static void on_urgent(int sig, siginfo_t *info, void *context) {
  (void)context;
  Runtime *rt = rt_self;
  uint32_t value = (uint32_t)info->si_value.sival_int;
  int err = errno;
  bool thread = rt && rt->thread_id != 0;
  if (thread && rt->interrupt && rt->running) arm(rt, rt->running);
  if (info->si_code == SI_QUEUE && info->si_uid == geteuid() && value >> 24 == URGENT_OURS) {
    if (rt) urgent_asked(rt, value);
  } else if (info->si_code != SI_TKILL || !thread) {
    urgent.before.sa_handler(sig);
  }
  errno = err;
}

static void on_held(uv_signal_t *uv, int number) { (void)uv, (void)number; }

static void holder_release(Handle *h) {
  (void)h;
  urgent.on = false;
}

static bool hold_urgent(Runtime *rt) {
  Holder *holder = handle_new_internal(rt, sizeof *holder);
  if (!holder || uv_signal_init(&rt->loop, &holder->uv) != 0) {
    free(holder);
    return false;
  }
  holder->base.release = holder_release;
  handle_opened(&holder->base, (uv_handle_t *)&holder->uv);
  uv_unref((uv_handle_t *)&holder->uv);
  if (uv_signal_start(&holder->uv, on_held, SIGURG) == 0) return true;
  handle_close(&holder->base);
  return false;
}

void interrupt_take_urgent(Runtime *rt) {
  struct sigaction sa = { .sa_sigaction = on_urgent, .sa_flags = SA_RESTART | SA_SIGINFO };
  (void)sigemptyset(&sa.sa_mask);
  if (rt->thread_id != 0 || urgent.on || !hold_urgent(rt)) return;
  urgent.on = true;
  (void)sigaction(SIGURG, NULL, &urgent.before); /* cannot fail; before ours can look at it */
  (void)sigaction(SIGURG, &sa, NULL);
}

void interrupt_thread(Runtime *rt, int what) {
  int now = rt->interrupt;
  while (now < what && !atomic_compare_exchange_weak(&rt->interrupt, &now, what)) continue;
  interrupt_unpark(rt, PARK_INTERRUPTED);
  (void)uv_async_send(rt->wake);
  (void)pthread_kill(rt->thread, SIGURG);
}

int interrupt_ask(int pid, int tid, int what, uint32_t serial) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_signo = SIGURG;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = geteuid();
  info.si_value.sival_int = urgent_value(what, serial);
  return syscall(SYS_rt_tgsigqueueinfo, pid, tid, SIGURG, &info) == 0 ? 0 : -errno;
}

void interrupt_guest_begin(Runtime *rt, uint32_t serial) {
  rt->guest.waits = NULL;
  rt->guest.entered = true;
  rt->guest.serial = serial;
}

void interrupt_guest_waits(Runtime *rt, lua_State *co) {
  rt->guest.waits = co;
  rt->guest.entered = false;
}

/* A request that came when the line was over already stops nothing else. */
void interrupt_guest_end(Runtime *rt) {
  int asked = INTR_SIGINT;
  rt->guest.serial = 0;
  rt->guest.entered = false;
  rt->guest.waits = NULL;
  if (atomic_compare_exchange_strong(&rt->interrupt, &asked, INTR_NONE)) clear_hook(rt);
}

void interrupt_entering(Runtime *rt) {
  if (rt->interrupt >= INTR_TERMINATE) arm(rt, rt->L);
}

int interrupt_raise(lua_State *L, int what) {
  Runtime *rt = rt_of(L);
  if (rt->interrupt < what) rt->interrupt = what;
  arm(rt, L);
  push_interrupt(L);
  return lua_error(L);
}

void interrupt_clear(Runtime *rt) {
  rt->interrupt = INTR_NONE;
  clear_hook(rt);
  if (!interrupt_push_place(rt->L)) return;
  lua_pop(rt->L, 1);
  lua_pushboolean(rt->L, false); /* the field is there: this takes no memory */
  lua_rawsetp(rt->L, LUA_REGISTRYINDEX, &interrupt_place);
}

/* ---- Ctrl-C while a line runs ---- */

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return; /* a signal handler can do no more */
}

static void on_sigint(int sig) {
  (void)sig;
  Runtime *rt = rt_self;
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  if (now.tv_sec - sigint.last > 2) sigint.presses = 0;
  sigint.last = now.tv_sec;
  if (++sigint.presses == 2) say("\r\ninside a C function; press Ctrl-C again to quit\r\n");
  if (sigint.presses >= 3) {
    if (sigint.restore_terminal) sigint.restore_terminal();
    _exit(130);
  }
  if (rt) interrupt_request(rt, INTR_SIGINT);
}

void interrupt_sigint_on(void (*restore_terminal)(void)) {
  struct sigaction sa = { .sa_handler = on_sigint };
  (void)sigemptyset(&sa.sa_mask);
  sigint.presses = 0;
  sigint.restore_terminal = restore_terminal;
  sigint.on = sigaction(SIGINT, &sa, &sigint.before) == 0;
}

void interrupt_sigint_off(void) {
  if (sigint.on) (void)sigaction(SIGINT, &sigint.before, NULL);
  sigint.on = false;
}

void interrupt_sigint_again(void) {
  struct sigaction now;
  if (!sigint.on || sigaction(SIGINT, NULL, &now) != 0 || now.sa_handler == on_sigint) return;
  struct sigaction sa = { .sa_handler = on_sigint };
  (void)sigemptyset(&sa.sa_mask);
  sigint.before = now;
  (void)sigaction(SIGINT, &sa, NULL);
}

/* ---- coroutines that keep rt->running ---- */

int interrupt_resume(lua_State *co, lua_State *from, int nargs, int *nres) {
  Runtime *rt = rt_of(from);
  lua_State *outer = rt->running;
  Resumer link = { from, rt->resumer };
  rt->resumer = &link;
  rt->running = co;
  leave_coroutine(rt, outer);
  if (rt->interrupt || rt->place_asked) arm(rt, co);
  int status = lua_resume(co, from, nargs, nres);
  rt->running = outer;
  rt->resumer = link.outer;
  leave_coroutine(rt, co);
  if ((rt->interrupt || rt->place_asked) && outer) arm(rt, outer);
  return status;
}

static lua_State *check_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  if (!co) (void)luaL_typeerror(L, 1, "coroutine");
  return co;
}

/* As auxresume of Lua: results or the error message are moved to L. Returns their number, -1 on error. */
static int resume_into(lua_State *L, lua_State *co, int nargs) {
  int nres;
  if (!lua_checkstack(co, nargs)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, nargs);
  int status = interrupt_resume(co, L, nargs, &nres);
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, nres + 1)) {
    lua_pop(co, nres);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, nres);
  return nres;
}

static int co_resume(lua_State *L) {
  lua_State *co = check_coroutine(L);
  int n = resume_into(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, n >= 0);
  if (n < 0) n = 1;
  lua_insert(L, -(n + 1));
  return n + 1;
}

/* The error on top is that of co, whose frames still stand: they are put below it. [-1, +2] */
static void wrap_take_stack(lua_State *L, lua_State *co) {
  err_push_stack(L, co, 0);
  lua_insert(L, -2);
}

static int wrap_call(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int n = resume_into(L, co, lua_gettop(L));
  if (n >= 0) return n;
  int status = lua_status(co), stack = lua_gettop(L);
  wrap_take_stack(L, co);
  if (status != LUA_OK && status != LUA_YIELD) { /* it failed: close its pending variables */
    status = lua_resetthread(co);
    if (status != LUA_OK) lua_xmove(co, L, 1);
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) { /* say where it was called */
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    lua_pushvalue(L, stack);
    err_note(L, -2); /* should nobody catch it */
  }
  return lua_error(L);
}

static int co_create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  Runtime *rt = rt_of(L);
  leave_coroutine(rt, L); /* a coroutine inherits the hook of its maker, not ours */
  lua_State *co = lua_newthread(L);
  if (rt->interrupt || rt->place_asked) arm(rt, L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  return 1;
}

static int co_wrap(lua_State *L) {
  co_create(L);
  lua_pushcclosure(L, wrap_call, 1);
  return 1;
}

int interrupt_close(lua_State *co, lua_State *from) {
  Runtime *rt = rt_of(from);
  lua_State *outer = rt->running;
  rt->running = co; /* its to-be-closed variables run there */
  int status = lua_resetthread(co);
  rt->running = outer;
  leave_coroutine(rt, co);
  return status;
}

static int co_close(lua_State *L) {
  lua_State *co = check_coroutine(L);
  lua_Debug ar;
  bool dead = lua_status(co) == LUA_OK && lua_getstack(co, 0, &ar) == 0;
  if (co == L) return luaL_error(L, "cannot close a running coroutine");
  if (!dead && lua_status(co) == LUA_OK) return luaL_error(L, "cannot close a normal coroutine");
  int status = interrupt_close(co, L);
  lua_pushboolean(L, status == LUA_OK);
  if (status == LUA_OK) return 1;
  lua_xmove(co, L, 1);
  return 2;
}

/* ---- debug.sethook and debug.gethook ---- */

/* The stock functions, while a signal handler keeps off hooks and ours is out of the way. Upvalue: the stock
 * function, which is called in this very frame, so that its errors read as ever. */
static int with_own_hooks(lua_State *L) {
  Runtime *rt = rt_of(L);
  lua_CFunction stock = lua_tocfunction(L, lua_upvalueindex(1));
  int arg = lua_isthread(L, 1) ? 1 : 0;
  int whole = true;
  if (!lua_isnoneornil(L, arg + 3)) (void)lua_tointegerx(L, arg + 3, &whole);
  bool raises = !lua_isnoneornil(L, arg + 1) &&
                (!lua_isfunction(L, arg + 1) || !lua_isstring(L, arg + 2) || !whole);
  if (raises) return stock(L);
  hooks_begin(rt);
  put_back(rt, arg ? lua_tothread(L, 1) : L);
  int n = stock(L);
  hooks_end(rt, rt->running);
  return n;
}

static void track_debug(lua_State *L, const char *name) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, with_own_hooks, 1);
  lua_setfield(L, -2, name);
}

void interrupt_open(lua_State *L) {
  static const luaL_Reg tracked[] = {
    { "create", co_create }, { "resume", co_resume }, { "wrap", co_wrap }, { "close", co_close },
    { NULL, NULL }
  };
  static const luaL_Reg meta[] = { { "__tostring", interrupt_tostring }, { NULL, NULL } };
  rest(L); /* inherited by every coroutine */
  lua_newuserdatauv(L, 0, 0);
  lua_createtable(L, 0, 1);
  luaL_setfuncs(L, meta, 0);
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &interrupt_value);
  lua_getglobal(L, "coroutine");
  luaL_setfuncs(L, tracked, 0);
  lua_getglobal(L, "debug");
  track_debug(L, "sethook");
  track_debug(L, "gethook");
  lua_pop(L, 2);
}
