/* SPDX-License-Identifier: MIT */
/* port.c - MessageChannel and MessagePort.
 *
 * A port owns its end of a channel, a ring by which the other side wakes this loop, and a uv_async_t that is
 * never sent: it is what ref() and unref() count. It receives
 * while it has a `message` listener or since start(), and is kept alive while it receives or while
 * somebody listens to it at all. What arrives earlier waits. A moved or closed port has no end. */
#include "port.h"
#include "kinds.h"
#include "listener.h"
#include "../core/error.h"
#include "../core/out.h"
#include "../events/events.h"

#include <string.h>

enum { TAG_PORT = CLONE_FIRST_KIND + 3 };
enum { MOST_AT_ONCE = 1000 }; /* messages of one turn of the loop, as in Node */

typedef struct Port {
  Handle base;
  uv_async_t uv;
  Ring ring;
  End *end;            /* owns; NULL: closed or moved */
  bool receiving;
  bool kept;           /* markAsUntransferable */
} Port;

/* ---- life ---- */

static Port *port_self(lua_State *L) { return class_check(L, 1, &message_port_class); }
static Port *port_test(lua_State *L, int idx) { return class_test(L, idx, &message_port_class); }

static int port_closed(lua_State *L) {
  Port *port = lua_touserdata(L, 1);
  int self = handle_push(L, &port->base);
  if (!lua_isnil(L, self)) (void)emit(L, self, "close", 0);
  return 0;
}

/* Lets the end go without closing it. */
static End *port_let_go(Port *port) {
  End *end = port->end;
  port->end = NULL;
  port->receiving = false;
  if (end) end_attach(end, NULL);
  if (end) message_end_gone(port->base.rt, end);
  ring_close(&port->ring);
  handle_close(&port->base);
  return end;
}

static void port_release(Handle *h) {
  end_close(((Port *)h)->end);
  ring_close(&((Port *)h)->ring);
}

/* The other side is gone: this one closes, too. */
static int port_over(lua_State *L) {
  end_close(port_let_go(lua_touserdata(L, 1)));
  return 0;
}

/* ---- receiving ---- */

/* Body: one message. */
static int port_deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  int self = handle_push(L, d->owner);
  if (lua_isnil(L, self)) return 0;
  bool good = message_try_unpack(L, d->message);
  (void)emit(L, self, good ? "message" : "messageerror", 1);
  return 0;
}

static void on_news(Ring *ring) {
  Port *port = list_entry(ring, Port, ring);
  Runtime *rt = port->base.rt;
  for (int n = 0; port->receiving; n++) {
    if (n == MOST_AT_ONCE) {
      ring_ring(ring);
      return;
    }
    if (!message_deliver(rt, port->end, port_deliver, port)) break;
  }
  if (port->end && end_is_over(port->end)) (void)rt_enter(rt, port_over, port);
}

static void push_of_class(lua_State *L, const ClassDef *def, End *end) {
  Port *port = handle_new(L, def, sizeof *port, LISTENER_VALUES);
  port->base.closed = port_closed;
  port->base.release = port_release;
  port->end = end;
  ring_open(L, &port->ring, on_news);
  int err = uv_async_init(&port->base.rt->loop, &port->uv, NULL);
  if (err < 0) (void)err_raise_uv(L, err, "uv_async_init");
  handle_opened(&port->base, (uv_handle_t *)&port->uv);
  uv_unref((uv_handle_t *)&port->uv);
  end_attach(end, &port->ring);
}

void port_push(lua_State *L, End *end) { push_of_class(L, &message_port_class, end); }

void port_push_parent(lua_State *L, End *end) {
  push_of_class(L, &parent_port_class, end);
  class_set_singleton(L, &parent_port_class, -1);
}

/* Somebody who listens needs the object; who does not may let it be collected. */
static void port_hold(lua_State *L, Port *port, int idx) {
  bool heard = emitter_count(L, idx, "close") + emitter_count(L, idx, "messageerror") > 0;
  if (!handle_is_open(&port->base)) return; /* it stays held until it is closed */
  if (port->receiving || heard) handle_pin(L, &port->base, idx);
  else handle_unpin(&port->base);
}

static void port_begin(lua_State *L, Port *port, int idx) {
  if (!port->end || port->receiving) return;
  port->receiving = true;
  port_hold(L, port, idx);
  if (end_has_news(port->end)) ring_ring(&port->ring);
}

/* The first listener of `message` starts and refs, the last one that goes stops and unrefs. */
static void port_listeners(lua_State *L, int idx, const char *event, int count) {
  Port *port = port_test(L, idx);
  if (!port || !port->end) return;
  idx = lua_absindex(L, idx);
  if (strcmp(event, "message") != 0) {
    port_hold(L, port, idx);
  } else if (count > 0) {
    uv_ref((uv_handle_t *)&port->uv);
    port_begin(L, port, idx);
  } else {
    uv_unref((uv_handle_t *)&port->uv);
    port->receiving = false;
    port_hold(L, port, idx);
  }
}

/* ---- methods ---- */

static int port_start(lua_State *L) {
  port_begin(L, port_self(L), 1);
  return 0;
}

static int port_close(lua_State *L) {
  Port *port = port_self(L);
  if (!port->end) return 0;
  out_flush();
  handle_pin(L, &port->base, 1); /* until `close` has been emitted */
  end_close(port_let_go(port));
  return 0;
}

/* The other end of the port's own channel is in the message: nobody could ever take it out again. */
static bool is_lost(const Port *port, const Message *m) {
  for (size_t i = 0; i < m->nparts; i++)
    if (m->parts[i].end && end_is_peer(port->end, m->parts[i].end)) return true;
  return false;
}

static void warn_lost(lua_State *L) {
  err_push(L, NULL, NULL, "The target port was posted to itself, and the communication channel was lost");
  lua_pushliteral(L, "Warning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

/* postMessage(value, transferList) */
static int port_post(lua_State *L) {
  Port *port = port_self(L);
  if (lua_isnone(L, 2))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "Not enough arguments to MessagePort.postMessage");
  lua_settop(L, 3);
  Message *m = message_pack(L, 2, 3, 1);
  out_flush(); /* what was printed before is seen before what the message brings about */
  bool lost = port->end && is_lost(port, m);
  if (port->end && !lost) message_post(L, port->end, m, (Posting){ .idx = 2, .thread = -1, .own = true });
  else message_free(m);
  if (lost) warn_lost(L);
  return 0;
}

int port_receive(lua_State *L) {
  Port *port = port_test(L, 1);
  if (!port)
    return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                     "The \"port\" argument must be a MessagePort instance");
  Message *m = port->end ? message_take(port->base.rt, port->end) : NULL;
  if (!m) return 0;
  bool good = message_try_unpack(L, m);
  message_free(m);
  if (!good) return lua_error(L);
  lua_createtable(L, 0, 1);
  lua_insert(L, -2);
  lua_setfield(L, -2, "message");
  return 1;
}

/* ---- travelling ---- */

bool port_is(lua_State *L, int idx) { return port_test(L, idx) != NULL; }

bool port_keep(lua_State *L, int idx) {
  Port *port = port_test(L, idx);
  if (port) port->kept = true;
  return port != NULL;
}

void port_check_transfer(lua_State *L, int idx, int source) {
  const Port *port = port_test(L, idx);
  const char *text = NULL;
  if (source != 0 && lua_rawequal(L, idx, source)) text = "Transfer list contains source port";
  else if (!port->end) text = "MessagePort in transfer list is already detached";
  if (!text) return;
  lua_pushstring(L, text);
  (void)data_clone_refuse(L);
}

End *port_take(lua_State *L, int idx) {
  return port_let_go(port_test(L, idx));
}

/* Notes the number of its part in the set of moves, where message_pack fills in the end. */
static bool port_write(CloneWriter *w, int idx) {
  const Packing *packing = w->ctx;
  if (!packing_moves(w, idx) || port_test(w->L, idx)->kept)
    err_raise(w->L, &type_error_class, "ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST",
              "Object that needs transfer was found in message but not listed in transferList");
  (void)packing_add(w);
  lua_pushvalue(w->L, idx);
  lua_pushinteger(w->L, (lua_Integer)packing->nparts - 1);
  lua_rawset(w->L, packing->moves);
  return true;
}

static bool port_read(CloneReader *r) {
  Part *part = unpacking_part(r);
  if (!part || !part->end) return false;
  End *end = part->end;
  part->end = NULL;
  port_push(r->L, end);
  clone_made(r);
  return true;
}

const CloneKind port_kind = { TAG_PORT, port_is, port_write, port_read };

/* ---- MessageChannel ---- */

/* MessageChannel() */
static int channel_init(lua_State *L) {
  End *a, *b;
  rt_check_open(L);
  lua_settop(L, 1);
  if (!end_pair(&a, &b, true)) return luaL_error(L, "not enough memory");
  port_push(L, b);
  port_push(L, a); /* now the ports own the ends, whatever self is */
  lua_setfield(L, 1, "port1");
  lua_setfield(L, 1, "port2");
  return 0;
}

const ClassDef message_channel_class = {
  .name = "MessageChannel", .init = channel_init, .plain = true,
  .doc = "MessageChannel(): two ports, `port1` and `port2`; what is posted to one arrives at the other, "
         "here or on another thread.",
  .example = "local channel = MessageChannel()\n"
             "channel.port1:once(\"message\", print)\nchannel.port2:postMessage(\"hello\")"
};

/* ---- MessagePort ---- */

static int port_alloc(lua_State *L) {
  return err_raise(L, &type_error_class, "ERR_CONSTRUCT_CALL_INVALID", "Constructor cannot be called");
}

static int port_inspect(lua_State *L) {
  const Port *port = port_self(L);
  lua_pushfstring(L, "MessagePort %s%s", !port->end ? "closed" : port->receiving ? "receiving" : "open",
                  port->end && !uv_has_ref(port->base.uv) ? ", unref" : "");
  return 1;
}

static int port_get_onmessage(lua_State *L) { return listener_get(L, LISTENER_MESSAGE); }
static int port_set_onmessage(lua_State *L) { return listener_set(L, LISTENER_MESSAGE, "message"); }
static int port_get_onerror(lua_State *L) { return listener_get(L, LISTENER_ERROR); }
static int port_set_onerror(lua_State *L) { return listener_set(L, LISTENER_ERROR, "messageerror"); }

static const OptDef listener_options[] = {
  { "once", "boolean", "false", "Take the listener off after its first event." }, { 0 }
};

static const FnDef port_methods[] = {
  { "addEventListener", listener_add, FN_METHOD,
    "addEventListener(type: string, listener: function, options: table?)",
    "Adds a listener that gets an Event, the value in `data`.", listener_options, NULL, NULL },
  { "close", port_close, FN_METHOD, "close()",
    "Closes both ports: what was posted still arrives there, then both emit `close`.", NULL, NULL, NULL },
  { "hasRef", handle_lua_has_ref, FN_METHOD, "hasRef(): boolean",
    "Does the port keep the program running?", NULL, NULL, NULL },
  { "postMessage", port_post, FN_METHOD, "postMessage(value: any, transferList: table?)",
    "Sends a clone of the value to the other port. ArrayBuffers and ports of the list are moved: empty "
    "and closed here afterwards. Raises DataCloneError, which names the part that cannot be cloned. "
    "Nothing happens once the port is closed.",
    NULL,
    "local channel = MessageChannel()\nlocal bytes = ArrayBuffer(8)\n"
    "channel.port1:postMessage(bytes, { bytes })\nprint(bytes.byteLength)", NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): MessagePort", "Lets the port keep the program running.", NULL,
    NULL, NULL },
  { "removeEventListener", listener_remove, FN_METHOD,
    "removeEventListener(type: string, listener: function)",
    "Takes off what addEventListener has added.", NULL, NULL, NULL },
  { "start", port_start, FN_METHOD, "start()",
    "Lets messages come, also without a `message` listener.", NULL, NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): MessagePort",
    "The port does not keep the program running any more.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef port_props[] = {
  { "onmessage", port_get_onmessage, port_set_onmessage, "function?",
    "Gets an Event for each message, the value in `data`; starts the port." },
  { "onmessageerror", port_get_onerror, port_set_onerror, "function?",
    "Gets an Event for each message that could not be read." },
  { 0 }
};

static const EventDef port_events[] = {
  { "close", "", "One of the two ports was closed." },
  { "message", "value: any", "A message has arrived. A listener starts the port and keeps the program running." },
  { "messageerror", "error: Error", "A message could not be read." },
  { 0 }
};

const ClassDef message_port_class = {
  .name = "MessagePort", .base = &event_emitter_class, .alloc = port_alloc, .gc = handle_gc,
  .inspect = port_inspect, .listeners = port_listeners, .methods = port_methods, .props = port_props, .events = port_events,
  .doc = "One end of a MessageChannel. Messages wait until somebody listens.",
  .example = "local channel = MessageChannel()\nchannel.port2.onmessage = function(event)\n"
             "  print(event.data)\n  channel.port2:close()\nend\nchannel.port1:postMessage({ n = 1 })"
};

const ClassDef parent_port_class = {
  .name = "MessagePort", .base = &message_port_class, .alloc = port_alloc, .gc = handle_gc, .singleton = true,
  .listeners = port_listeners,
  .doc = "In a worker: the port to the Worker object of whoever has started it. Dot and colon both work.",
  .example = "local worker = require \"worker_threads\".Worker(function()\n  local threads = require \"worker_threads\"\n"
             "  threads.parentPort.postMessage(threads.threadId)\nend)\nworker:on(\"message\", print)"
};
