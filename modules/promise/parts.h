/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of the promise module share. */
#ifndef MOONFORK_PROMISE_PARTS_H
#define MOONFORK_PROMISE_PARTS_H

#include "promise.h"
#include "../core/runtime.h"

enum { PROMISE_SLOT = 3 }; /* user value: its reactions while pending, then its value */

typedef struct Promise {
  unsigned char state;  /* PromiseState */
  bool resolved;        /* settled, or bound to what it was resolved with */
  bool handled;         /* somebody reacts to it */
  bool listed;          /* waits in the list of rejections to report */
  bool reported;        /* was reported as unhandled */
  bool run;             /* of async_run, and not ended yet */
  int reactions;        /* triples in the slot's table */
  unsigned generation;  /* a pair of resolving functions is good for one generation */
  int uid;              /* number of the rejection in warnings */
} Promise;

/* One per runtime. */
typedef struct PromiseData {
  lua_State *current;    /* coroutine of the innermost async function that runs */
  lua_State *delivering; /* coroutine that is being resumed with what it waited for */
  lua_State *spare;      /* a coroutine that has ended, for the next async function; NULL: none */
  bool seen;             /* a script has taken the coroutine that runs: it is used once only */
  bool awaiting;         /* current has yielded by await */
  bool patched;          /* coroutine.yield, running and isyieldable know about async functions */
  int npending, nlate;   /* rejections to report; reported ones that were handled since */
  int last_uid;
} PromiseData;

PromiseData *promise_data(lua_State *L);

/* The Promise of a value known to be one. */
Promise *promise_at(lua_State *L, int idx);

/* Resolves a pending promise whether it is bound or not: for reactions. [-1] */
void promise_follow(lua_State *L, int idx);

/* Adds a reaction of three values on top to the promise at idx: (onFulfilled, onRejected, derived
 * promise or nil), or (coroutine, nil, its promise). [-3] */
void promise_subscribe(lua_State *L, int idx);

/* Calls fn with the nargs values on top. False: the error, with its stack, is there in place of the nres
 * results. An interrupt is raised on. [-(nargs+1), +nres|1] */
bool promise_call(lua_State *L, int nargs, int nres);

/* Pushes the two functions that settle the promise at idx. [+2] */
void promise_push_resolvers(lua_State *L, int idx);

/* promise.andThen(self, onFulfilled, onRejected) */
int promise_then(lua_State *L);

/* rejections.c: a promise was rejected without a reaction; got one afterwards. */
void rejection_track(lua_State *L, int idx, Promise *p);
void rejection_handled(lua_State *L, int idx, Promise *p);

/* async.c: microtask (coroutine, value, rejected, promise): what it waited for has settled. */
int async_deliver(lua_State *L);

/* Rows of the module's functions and of Promise's statics. */
int async_make(lua_State *L);
int async_await(lua_State *L);
int promise_all(lua_State *L);
int promise_all_settled(lua_State *L);
int promise_any(lua_State *L);
int promise_race(lua_State *L);
int promise_finally(lua_State *L);

#endif
