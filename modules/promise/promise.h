/* SPDX-License-Identifier: MIT */
/* promise.h - promises, async functions and await, for Lua code and for other modules in C.
 *
 * A promise is an object like any other: keep it in a user value or pin it while C will settle it.
 * Reactions are microtasks in Node's order. Own thread only; everything here may raise memory errors,
 * so it runs in bodies. */
#ifndef MOONFORK_PROMISE_H
#define MOONFORK_PROMISE_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

extern const ClassDef promise_class, async_iterator_class;
extern const ModuleDef promise_module;

typedef enum PromiseState { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED } PromiseState;

/* Pushes a pending promise. [+1] */
void promise_new(lua_State *L);

/* Settles the promise at idx with the value on top; harmless when it is settled or bound to another
 * promise already. resolve follows promises and thenables. [-1] */
void promise_resolve(lua_State *L, int idx);
void promise_reject(lua_State *L, int idx);

/* Turns the value on top into a promise as Promise.resolve does; a promise stays what it is. [-1, +1] */
void promise_from(lua_State *L);

/* Turns the reason on top into a rejected promise. [-1, +1] */
void promise_rejected(lua_State *L);

/* Calls one of the two functions on top (fulfilled, rejected; nil: none) with the value once the
 * promise at idx has settled. What they raise is an uncaught error. [-2] */
void promise_on(lua_State *L, int idx);

/* The value at idx is a promise of ours. */
bool promise_is(lua_State *L, int idx);
PromiseState promise_state(lua_State *L, int idx);

/* Pushes the value or the reason of a settled promise, nil of a pending one. [+1] */
void promise_push_value(lua_State *L, int idx);

/* Whoever made the promise looks after its rejection himself. */
void promise_mark_handled(lua_State *L, int idx);

/* ---- async functions ---- */

/* Runs fn (below its nargs arguments on top) in a coroutine of its own, where await works, up to its
 * first await. Leaves the promise of its first result. [-(nargs+1), +1] */
void async_start(lua_State *L, int nargs);

/* The same for a script's main chunk and a line of the prompt: an error before the first await is
 * raised as that of a plain call, and the coroutine lives until it ends or is cancelled, even when
 * nothing can settle what it waits for. [-(nargs+1), +1] */
void async_run(lua_State *L, int nargs);

/* Ends the wait of the promise at idx, which async_run has made: its coroutine is closed, the promise
 * never settles. False when it waits for nothing. */
bool async_cancel(lua_State *L, int idx);

/* Pushes the stack, as err_push_stack does, of the coroutine that the promise at idx of async_run
 * belongs to: where it waits. [+1|0] */
bool async_push_place(lua_State *L, int idx);

/* From a C function called by Lua: waits for the promise or value on top, then k goes on, which first
 * calls async_resumed: the value is on top then, or the reason is raised. Use as
 * `return async_wait(L, k)`. */
int async_wait(lua_State *L, lua_KFunction k);
void async_resumed(lua_State *L);

/* ---- async iterators ---- */

/* Makes an async iterator of the two functions on top: next() and finish() each return a promise of
 * { value, done } as async_push_result makes it. [-2, +1] */
void async_iterator_new(lua_State *L);

/* Turns the value on top into { value = v, done = done }. [-1, +1] */
void async_push_result(lua_State *L, bool done);

/* What a function that returns an iterator returns, so that `for v in f() do` closes it: the iterator
 * on top, nil, nil, the iterator. [-1, +4] */
int async_iterator_return(lua_State *L);

#endif
