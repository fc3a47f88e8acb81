/* SPDX-License-Identifier: MIT */
/* broadcast.c - see broadcast.h.
 *
 * Each object has a channel of its own: it reads from the inner end, and the outer one lies in the list of
 * all members of the process, where senders post to it under the list's lock. An open object keeps the
 * program running, also without a listener, as in Node. */
#include "broadcast.h"
#include "channel.h"
#include "kinds.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../events/target.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_INVALID_STATE = 11, MOST_AT_ONCE = 1000 };

typedef struct Broadcast {
  Handle base;
  uv_async_t uv;       /* never sent: it keeps the program running */
  Ring ring;
  List link;           /* in `members` while it is open; guarded by members.lock */
  char *name;          /* owns */
  End *inner, *outer;  /* own; NULL when closed. outer: guarded by members.lock */
} Broadcast;

/* All open ones of the process. */
static struct {
  uv_mutex_t lock;
  List list;
} members = { PTHREAD_MUTEX_INITIALIZER, { &members.list, &members.list } };

static void members_enter(Broadcast *b) {
  uv_mutex_lock(&members.lock);
  list_append(&members.list, &b->link);
  uv_mutex_unlock(&members.lock);
}

static void members_leave(Broadcast *b) {
  uv_mutex_lock(&members.lock);
  list_remove(&b->link);
  uv_mutex_unlock(&members.lock);
}

/* A copy for every other member of the name; the value is at idx. False: memory was short for one of them. */
static bool members_post(lua_State *L, const Broadcast *from, const Message *m, int idx) {
  bool good = true;
  uv_mutex_lock(&members.lock);
  for (List *item = members.list.next; item != &members.list; item = item->next) {
    Broadcast *b = list_entry(item, Broadcast, link);
    if (b == from || strcmp(b->name, from->name) != 0) continue;
    Message *copy = message_copy(m);
    if (copy) message_post(L, b->outer, copy, (Posting){ .idx = idx, .thread = -1 });
    else good = false;
  }
  uv_mutex_unlock(&members.lock);
  return good;
}

/* ---- life ---- */

static Broadcast *broadcast_self(lua_State *L) { return class_check(L, 1, &broadcast_channel_class); }

static void broadcast_shut(Broadcast *b) {
  if (!b->inner) return;
  members_leave(b);
  end_attach(b->inner, NULL);
  ring_close(&b->ring);
  end_close(b->inner);
  end_close(b->outer);
  b->inner = b->outer = NULL;
  handle_close(&b->base);
}

static void broadcast_release(Handle *h) {
  Broadcast *b = (Broadcast *)h;
  broadcast_shut(b); /* torn down while it was open */
  free(b->name);
}

static int broadcast_deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  int self = handle_push(L, d->owner);
  event_push(L, "message");
  message_unpack(L, d->message);
  lua_setfield(L, -2, "data");
  (void)target_dispatch(L, self);
  return 0;
}

static void on_news(Ring *ring) {
  Broadcast *b = list_entry(ring, Broadcast, ring);
  for (int n = 0; b->inner; n++) {
    if (n == MOST_AT_ONCE) {
      ring_ring(ring);
      return;
    }
    if (!message_deliver(b->base.rt, b->inner, broadcast_deliver, b)) return;
  }
}

static int broadcast_alloc(lua_State *L) {
  Broadcast *b = handle_new(L, &broadcast_channel_class, sizeof *b, UV_TARGET_FREE - UV_CLASS);
  list_init(&b->link);
  return 1;
}

/* BroadcastChannel(name) */
static int broadcast_init(lua_State *L) {
  Broadcast *b = broadcast_self(L);
  if (lua_isnone(L, 2))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"name\" argument must be specified");
  if (b->name) return err_raise(L, &type_error_class, "ERR_INVALID_THIS", "the BroadcastChannel is open already");
  b->name = strdup(luaL_tolstring(L, 2, NULL));
  b->base.release = broadcast_release;
  if (!b->name || !end_pair(&b->inner, &b->outer, true)) return luaL_error(L, "not enough memory");
  int err = uv_async_init(&b->base.rt->loop, &b->uv, NULL);
  if (err < 0) return err_raise_uv(L, err, "uv_async_init");
  handle_opened(&b->base, (uv_handle_t *)&b->uv);
  handle_pin(L, &b->base, 1);
  ring_open(L, &b->ring, on_news);
  end_attach(b->inner, &b->ring);
  members_enter(b);
  return 0;
}

/* ---- methods ---- */

static int broadcast_post(lua_State *L) {
  Broadcast *b = broadcast_self(L);
  if (lua_isnone(L, 2))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"message\" argument must be specified");
  if (!b->inner) {
    err_push(L, NULL, NULL, "BroadcastChannel is closed.");
    lua_pushliteral(L, "InvalidStateError");
    lua_setfield(L, -2, "name");
    lua_pushinteger(L, CODE_INVALID_STATE);
    lua_setfield(L, -2, "code");
    return lua_error(L);
  }
  Message *m = message_pack(L, 2, 0, 0);
  bool good = members_post(L, b, m, 2);
  message_free(m);
  return good ? 0 : luaL_error(L, "not enough memory");
}

static int broadcast_close(lua_State *L) {
  broadcast_shut(broadcast_self(L));
  return 0;
}

static int broadcast_get_name(lua_State *L) {
  lua_pushstring(L, broadcast_self(L)->name);
  return 1;
}

static int get_listener(lua_State *L, const char *event) {
  (void)broadcast_self(L);
  target_push_property(L, 1, event);
  return 1;
}

static int set_listener(lua_State *L, const char *event) {
  (void)broadcast_self(L);
  lua_settop(L, 2);
  target_set_property(L, 1, event);
  return 0;
}

static int broadcast_get_onmessage(lua_State *L) { return get_listener(L, "message"); }
static int broadcast_set_onmessage(lua_State *L) { return set_listener(L, "message"); }
static int broadcast_get_onerror(lua_State *L) { return get_listener(L, "messageerror"); }
static int broadcast_set_onerror(lua_State *L) { return set_listener(L, "messageerror"); }

static const FnDef broadcast_methods[] = {
  { "close", broadcast_close, FN_METHOD, "close()", "Leaves the channel.", NULL, NULL, NULL },
  { "postMessage", broadcast_post, FN_METHOD, "postMessage(message: any)",
    "Sends a clone of the value to all others that have opened this name, in all threads of the process. "
    "Raises DataCloneError, and InvalidStateError once it is closed.",
    NULL, NULL, NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): BroadcastChannel", "Keeps the program running, as it does at first.",
    NULL, NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): BroadcastChannel", "Does not keep the program running.",
    NULL, NULL, NULL },
  { 0 }
};

static const PropDef broadcast_props[] = {
  { "name", broadcast_get_name, NULL, "string", "What it was opened with." },
  { "onmessage", broadcast_get_onmessage, broadcast_set_onmessage, "function?",
    "Gets an Event for each message, the value in `data`." },
  { "onmessageerror", broadcast_get_onerror, broadcast_set_onerror, "function?",
    "Gets an Event for each message that could not be read." },
  { 0 }
};

static const EventDef broadcast_events[] = {
  { "message", "event: Event", "A message from another member; the value is its `data`." }, { 0 }
};

const ClassDef broadcast_channel_class = {
  .name = "BroadcastChannel", .base = &event_target_class, .alloc = broadcast_alloc, .init = broadcast_init,
  .gc = handle_gc, .methods = broadcast_methods, .props = broadcast_props, .events = broadcast_events,
  .doc = "BroadcastChannel(name): a message goes to all others that have opened the name, in every thread of "
         "the process. An open channel keeps the program running.",
  .example = "local a, b = BroadcastChannel(\"news\"), BroadcastChannel(\"news\")\n"
             "b.onmessage = function(event)\n  print(event.data)\n  a:close()\n  b:close()\nend\n"
             "a:postMessage(\"hello\")"
};
