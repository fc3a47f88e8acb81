/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of the timers module share. */
#ifndef MOONFORK_TIMERS_PARTS_H
#define MOONFORK_TIMERS_PARTS_H

#include "timers.h"
#include "lists.h"
#include "../core/class.h"
#include "../core/handle.h"

/* User values of a Timeout and an Immediate. */
enum {
  TIMER_CALL = UV_CLASS,     /* the function, or { function, arguments... } */
  TIMER_PLACE = UV_CLASS + 1 /* chunk name of its maker, only where rt->hooks.want_origin */
};

/* Inside the userdata of a Timeout. */
typedef struct Timer {
  List link;          /* in list->timers while it waits */
  TimerList *list;    /* NULL while it does not wait */
  uint64_t start;     /* ms of the loop's clock from which its delay counts */
  lua_Integer id;
  uint32_t ms;
  int pin;            /* pinned while it waits or runs, 0 otherwise */
  int nargs;          /* arguments in the table, 0: the function alone */
  int line;           /* of its maker, with TIMER_PLACE */
  bool repeat, ref;
  bool live;          /* waits or runs: counts in refs when ref */
  bool running;
  bool cleared;       /* for good: refresh does nothing */
} Timer;

typedef struct Immediate {
  List link;          /* in a queue while it waits */
  lua_Integer id;
  int pin, nargs, line;
  bool ref, waiting;
} Immediate;

/* One per runtime. The uv handles are the program's own, made at the first timer or immediate. */
typedef struct Timers {
  Runtime *rt;
  TimerLists lists;
  TimerList *current;    /* the list being run, which nobody may free */
  uint64_t next;         /* when uv is to fire, 0: not started */
  bool running;          /* on_due runs: it sets uv itself when it ends */
  int refs;              /* live timers with ref */
  uv_timer_t *uv;        /* NULL before the first timer */
  List immediates, now;  /* the queue; those of the turn that runs */
  int immediate_refs;
  uv_check_t *check;     /* NULL before the first immediate */
  uv_idle_t *idle;       /* active while immediate_refs > 0: the loop does not sleep */
  lua_Integer last_id;   /* of both kinds */
} Timers;

Timers *timers_of(lua_State *L);

/* Packs the function at 1 and the arguments from `from` to the top into what TIMER_CALL holds. Returns
 * how many arguments. [+1] */
int timer_pack(lua_State *L, int from);

/* Pushes what the value on top of TIMER_CALL calls. [-1, +(nargs+1)] */
void timer_unpack(lua_State *L, int nargs);

/* Makes and starts a timer of the packed call on top; a delay outside 1..2^31-1 is 1 ms. [-1, +1] */
Timer *timer_new(lua_State *L, lua_Number ms, int nargs, bool repeat, bool ref);
void timer_clear(Timer *t, Timers *ts);

/* Makes and queues an immediate of the packed call on top. [-1, +1] */
Immediate *immediate_new(lua_State *L, int nargs, bool ref);

/* Where the code that calls setTimeout stands, when the prompt wants to know: its line, and the chunk's
 * name in user value TIMER_PLACE of the object at idx. */
int timer_note_place(lua_State *L, int idx);

/* The object at idx is about to call: an error would be told to come from it. */
void timer_set_origin(lua_State *L, int idx, const char *kind, lua_Integer id, int line);

/* Rows. */
int immediate_set(lua_State *L);
int immediate_clear(lua_State *L);
void immediates_each(Timers *ts, void (*fn)(const TimerInfo *info, void *ctx), void *ctx);

#endif
