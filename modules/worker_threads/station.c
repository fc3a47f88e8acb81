/* SPDX-License-Identifier: MIT */
/* station.c - see station.h.
 *
 * Each runtime has a Station in a list of the process; who posts to it holds the list's lock. A question
 * has a tag, by which the answer finds its promise; a question that waits keeps the program running. */
#include "station.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../core/opts.h"
#include "../messaging/message.h"
#include "../promise/promise.h"

#include <stdlib.h>

enum { ASKED = 1, ANSWER_DONE, ANSWER_FAILED, ANSWER_ERRORED, ANSWER_TIMEOUT }; /* kinds of messages */

typedef struct Station {
  Handle base;
  uv_async_t uv;       /* never sent: referenced while questions wait */
  Ring ring;
  List link;           /* in `stations` */
  uint32_t number;
  End *inner, *outer;  /* own; outer is posted to under the lock */
  uint64_t last;       /* tag */
  size_t waiting;
} Station;

static const char station_key = 0, promises_key = 0;

static struct {
  uv_mutex_t lock;
  List list;
} stations = { PTHREAD_MUTEX_INITIALIZER, { &stations.list, &stations.list } };

/* Takes m, whose value is at idx (0: it has none), in every case; false when there is no such thread. */
static bool stations_post(lua_State *L, uint32_t number, Message *m, int idx) {
  bool found = false;
  uv_mutex_lock(&stations.lock);
  for (List *item = stations.list.next; item != &stations.list && !found; item = item->next) {
    Station *station = list_entry(item, Station, link);
    found = station->number == number;
    if (found) message_post(L, station->outer, m, (Posting){ .idx = idx, .thread = (int)number });
  }
  uv_mutex_unlock(&stations.lock);
  if (!found) message_free(m);
  return found;
}

static Station *station_of(lua_State *L) {
  Station **slot = rt_data(L, &station_key, sizeof *slot);
  return *slot;
}

/* ---- answers ---- */

/* Pushes { [tag] = promise }. [+1] */
static void push_promises(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &promises_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &promises_key);
}

static void push_refusal(lua_State *L, int kind) {
  if (kind == ANSWER_FAILED)
    err_push(L, NULL, "ERR_WORKER_MESSAGING_FAILED", "Cannot find the destination thread or listener");
  else if (kind == ANSWER_ERRORED)
    err_push(L, NULL, "ERR_WORKER_MESSAGING_ERRORED",
             "The destination thread threw an error while processing the message");
  else
    err_push(L, NULL, "ERR_WORKER_MESSAGING_TIMEOUT", "Sending a message to another thread timed out");
}

/* Settles the promise of the tag, unless it is settled already. [0] */
static void settle(lua_State *L, Station *station, uint64_t tag, int kind) {
  int top = lua_gettop(L);
  push_promises(L);
  if (lua_rawgeti(L, -1, (lua_Integer)tag) != LUA_TNIL) {
    lua_pushnil(L);
    lua_rawseti(L, top + 1, (lua_Integer)tag);
    if (--station->waiting == 0) uv_unref((uv_handle_t *)&station->uv);
    if (kind == ANSWER_DONE) {
      lua_pushnil(L);
      promise_resolve(L, top + 2);
    } else {
      push_refusal(L, kind);
      promise_reject(L, top + 2);
    }
  }
  lua_settop(L, top);
}

/* A time limit of one question. */
typedef struct Limit {
  Handle base;
  uv_timer_t uv;
  Station *station;    /* borrows: both end with the runtime */
  uint64_t tag;
} Limit;

static int limit_body(lua_State *L) {
  const Limit *limit = lua_touserdata(L, 1);
  settle(L, limit->station, limit->tag, ANSWER_TIMEOUT);
  return 0;
}

static void on_limit(uv_timer_t *uv) {
  Limit *limit = uv->data;
  (void)rt_enter(limit->base.rt, limit_body, limit);
  handle_close(&limit->base);
}

static void limit_open(lua_State *L, Station *station, uint64_t tag, uint64_t ms) {
  Runtime *rt = rt_of(L);
  Limit *limit = handle_new_internal(rt, sizeof *limit);
  if (!limit) {
    luaL_error(L, "not enough memory");
    return;
  }
  limit->station = station;
  limit->tag = tag;
  (void)uv_timer_init(&rt->loop, &limit->uv);
  handle_opened(&limit->base, (uv_handle_t *)&limit->uv);
  uv_unref((uv_handle_t *)&limit->uv);
  (void)uv_timer_start(&limit->uv, on_limit, ms, 0);
}

/* ---- questions ---- */

static int ask_listeners(lua_State *L) { /* (message) -> heard */
  Message *m = lua_touserdata(L, 1);
  Runtime *rt = rt_of(L);
  message_unpack(L, m);
  lua_pushinteger(L, m->from);
  lua_pushboolean(L, rt->on_process_event && rt->on_process_event(L, "workerMessage", 2));
  return 1;
}

static int deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  Message *m = d->message;
  if (m->kind != ASKED) {
    settle(L, d->owner, m->tag, m->kind);
    return 0;
  }
  lua_pushcfunction(L, ask_listeners);
  lua_pushlightuserdata(L, m);
  int kind = lua_pcall(L, 1, 1, 0) != LUA_OK ? ANSWER_ERRORED : lua_toboolean(L, -1) ? ANSWER_DONE : ANSWER_FAILED;
  Message *answer = message_new(kind, "", 0);
  if (!answer) return luaL_error(L, "not enough memory");
  answer->tag = m->tag;
  (void)stations_post(L, m->from, answer, 0); /* who has asked may be gone */
  return 0;
}

static void on_news(Ring *ring) {
  Station *station = list_entry(ring, Station, ring);
  while (message_deliver(station->base.rt, station->inner, deliver, station)) continue;
}

static void station_release(Handle *h) {
  Station *station = (Station *)h;
  uv_mutex_lock(&stations.lock);
  list_remove(&station->link);
  uv_mutex_unlock(&stations.lock);
  end_close(station->inner);
  end_close(station->outer);
  ring_close(&station->ring);
}

void station_open(lua_State *L) {
  Station **slot = rt_data(L, &station_key, sizeof *slot);
  Runtime *rt = rt_of(L);
  if (*slot || rt->stopping) return;
  Station *station = handle_new_internal(rt, sizeof *station);
  if (!station || !end_pair(&station->inner, &station->outer, true)) {
    free(station);
    luaL_error(L, "not enough memory");
    return;
  }
  int err = uv_async_init(&rt->loop, &station->uv, NULL);
  if (err < 0) {
    end_close(station->inner);
    end_close(station->outer);
    free(station);
    err_raise_uv(L, err, "uv_async_init");
  }
  handle_opened(&station->base, (uv_handle_t *)&station->uv);
  list_init(&station->link);
  station->base.release = station_release;
  uv_unref((uv_handle_t *)&station->uv);
  station->number = rt->thread_id;
  ring_open(L, &station->ring, on_news);
  end_attach(station->inner, &station->ring);
  uv_mutex_lock(&stations.lock);
  list_append(&stations.list, &station->link);
  uv_mutex_unlock(&stations.lock);
  *slot = station;
}

/* The number of a thread at 1; what is none is found nowhere. */
static lua_Integer read_number(lua_State *L) {
  int whole;
  lua_Integer n = lua_tointegerx(L, 1, &whole);
  return lua_type(L, 1) == LUA_TNUMBER && whole && n >= 0 && n < UINT32_MAX ? n : UINT32_MAX;
}

int station_post(lua_State *L) {
  lua_settop(L, 4);
  if (lua_type(L, 3) == LUA_TNUMBER && lua_isnil(L, 4)) { /* the list may be left out */
    lua_insert(L, 3);
    lua_settop(L, 4);
  }
  lua_Integer ms = lua_isnil(L, 4) ? -1 : arg_integer(L, 4, "timeout", 0, INT32_MAX);
  lua_Integer number = read_number(L);
  Station *station = station_of(L);
  promise_new(L);
  if (number == (lua_Integer)rt_of(L)->thread_id) {
    err_push(L, NULL, "ERR_WORKER_MESSAGING_SAME_THREAD", "Cannot sent a message to the same thread");
    promise_reject(L, 5);
    return 1;
  }
  Message *m = message_pack(L, 2, 3, 0);
  m->kind = ASKED;
  m->tag = ++station->last;
  uint64_t tag = m->tag;
  if (!stations_post(L, (uint32_t)number, m, 2)) {
    push_refusal(L, ANSWER_FAILED);
    promise_reject(L, 5);
    return 1;
  }
  push_promises(L);
  lua_pushvalue(L, 5);
  lua_rawseti(L, -2, (lua_Integer)tag);
  lua_settop(L, 5);
  if (station->waiting++ == 0) uv_ref((uv_handle_t *)&station->uv);
  if (ms >= 0) limit_open(L, station, tag, (uint64_t)ms);
  return 1;
}
