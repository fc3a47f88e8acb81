/* SPDX-License-Identifier: MIT */
/* interrupt.h - stopping Lua code that runs: Ctrl-C, terminate(), process.exit().
 *
 * A request sets rt->interrupt and arms a hook on the coroutine that runs; the hook raises, again and
 * again, until the outermost entry has returned, so no pcall and no coroutine swallows it. An unarmed
 * hook costs nothing. The same hook tells the views where a busy loop is (trace_ask_place): it writes the
 * place, puts back what was there and lets the code go on. */
#ifndef MOONFORK_INTERRUPT_H
#define MOONFORK_INTERRUPT_H

#include "runtime.h"

/* Installs coroutine.create/resume/wrap/close that keep rt->running, and debug.sethook and gethook that do
 * not see our hook. [0] */
void interrupt_open(lua_State *L);

/* From a signal handler of the runtime's own thread, or from its normal code. */
void interrupt_request(Runtime *rt, int what);

/* From another thread, while a lock keeps rt alive: the loop is woken, Lua code that runs is stopped. */
void interrupt_thread(Runtime *rt, int what);

/* Lets interrupt_thread and interrupt_ask reach code that runs: takes SIGURG, whose default is to be ignored,
 * until rt, the main thread's, ends. On other threads it does nothing: they have been started by one that
 * has it. Listeners of the program's own hear what is not for us. */
void interrupt_take_urgent(Runtime *rt);

/* The outermost entry begins: a request that came while nothing ran is not forgotten. */
void interrupt_entering(Runtime *rt);

/* ---- sleeping, so that an interrupt ends it ---- */

enum { PARK_NOTIFIED = 1, PARK_INTERRUPTED };

/* Before it becomes known that this thread is going to sleep; then the sleep itself, of so many ns at most
 * (UINT64_MAX: no limit). False when the time was over. */
void interrupt_park_begin(Runtime *rt);
bool interrupt_park(Runtime *rt, uint64_t timeout);

/* Wakes it. Any thread that knows rt to be alive, and signal handlers. */
void interrupt_unpark(Runtime *rt, uint32_t why);

/* Arms and raises at once: the running code of L unwinds to the outermost entry. */
int interrupt_raise(lua_State *L, int what);

/* While a prompt line runs: SIGINT asks for INTR_SIGINT; the third press within two seconds leaves at
 * once with 130 after restore_terminal (NULL: none). off restores what was there. Main thread. */
void interrupt_sigint_on(void (*restore_terminal)(void));
void interrupt_sigint_off(void);

/* Somebody else (a SIGINT listener) has changed the disposition: while a line runs ours comes back, and
 * off restores what is there now. */
void interrupt_sigint_again(void);

/* ---- asked for by another process: SIGURG with a value ---- */

/* What may be asked of a thread. The value is sent by a process of the same user; any other SIGURG goes to
 * the program's own listener. */
enum {
  URGENT_GUEST = 1, /* stop the guest's line of this serial */
  URGENT_PLACE      /* trace_ask_place: tell where the code is */
};

/* Sends the wish to the thread: 0 or a negative uv error. `serial`: 16 bits. */
int interrupt_ask(int pid, int tid, int what, uint32_t serial);

/* A line of a guest is entered; serial (1 to 0xffff) tells it from others. Only from here to
 * interrupt_guest_end can a URGENT_GUEST stop anything. */
void interrupt_guest_begin(Runtime *rt, uint32_t serial);
/* It has been left and waits: what runs in its coroutine is still the line. */
void interrupt_guest_waits(Runtime *rt, lua_State *co);
void interrupt_guest_end(Runtime *rt);
/* Is it the line that runs now? */
bool interrupt_guest_runs(const Runtime *rt);

/* Outermost entry has returned: forget the request, restore a user's own hook. */
void interrupt_clear(Runtime *rt);

/* Pushes the stack of the code that a SIGINT stopped, as err_push_stack has it, until interrupt_clear. [+1|0] */
bool interrupt_push_place(lua_State *L);

/* Is the value at idx the one that the hook raises? */
bool interrupt_is(lua_State *L, int idx);

/* Resumes co as coroutine.resume does, keeping rt->running; for C code that owns coroutines. */
int interrupt_resume(lua_State *co, lua_State *from, int nargs, int *nres);

/* Closes co, which is suspended or has failed, as coroutine.close does: its to-be-closed variables run.
 * Returns LUA_OK, or a status with the error on co's stack. */
int interrupt_close(lua_State *co, lua_State *from);

#endif
