/* SPDX-License-Identifier: MIT */
/* connect.c - socket:connect: look-up, attempts at one address after the other, what comes of them.
 *
 * A NetPlan lies in the NetSocket from connect to the end of the last attempt. Every attempt has a
 * handle of its own: handle_renew gives the Socket a fresh struct, and what the old one still calls back
 * finds no object. So pointers to a NetSocket are taken anew after each attempt. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>
#include "core/error.h"
#include "core/ip.h"
#include "core/json.h"
#include "core/opts.h"
#include "dns/dns.h"
#include "events/events.h"

enum { MAX_IP = 128, LEAST_WAIT = 10, FAMILY_WAIT = 250 };

typedef struct Alarm Alarm;

struct NetPlan {
  uint64_t id;           /* of this call of connect */
  bool answered;         /* the look-up has called back */
  int port;
  int family;            /* asked for: 0, 4, 6 */
  int local_port;        /* 0: any */
  char local[MAX_IP];    /* address to bind to, "" when none */
  lua_Integer wait;      /* ms for one attempt where there are several */
  bool several;          /* look for all addresses of the host */
  lua_Integer next, count; /* NET_TARGETS: address and family in turn, the next to be tried */
  Alarm *alarm;          /* own: ends an attempt; NULL: none */
};

/* The timer of an attempt. */
struct Alarm {
  Handle base;
  uv_timer_t uv;
  NetSocket *socket;     /* borrows; NULL: nobody waits any more */
};

typedef struct Request {
  uv_connect_t uv;
  NetSocket *socket;
  int status, port, family;
  char ip[MAX_IP];       /* or the path of a unix socket */
} Request;

static NetSocket *at(lua_State *L, int self) { return ((const Head *)lua_touserdata(L, self))->self; }

/* ---- settings of the runtime ---- */

typedef struct Defaults {
  bool off;              /* autoSelectFamily */
  lua_Integer wait;      /* 0: not set */
  uint64_t calls;        /* of connect so far */
} Defaults;

static const char defaults_key = 0;

static Defaults *defaults(lua_State *L) { return rt_data(L, &defaults_key, sizeof(Defaults)); }

int net_lua_get_select(lua_State *L) {
  lua_pushboolean(L, !defaults(L)->off);
  return 1;
}

int net_lua_set_select(lua_State *L) {
  lua_settop(L, 1);
  defaults(L)->off = !arg_boolean(L, 1, "value");
  return 0;
}

static lua_Integer default_wait(lua_State *L) {
  lua_Integer wait = defaults(L)->wait;
  return wait ? wait : FAMILY_WAIT;
}

int net_lua_get_wait(lua_State *L) {
  lua_pushinteger(L, default_wait(L));
  return 1;
}

int net_lua_set_wait(lua_State *L) {
  lua_settop(L, 1);
  lua_Integer wait = arg_integer(L, 1, "value", 1, INT32_MAX);
  defaults(L)->wait = wait < LEAST_WAIT ? LEAST_WAIT : wait;
  return 0;
}

/* ---- the plan ---- */

static void alarm_release(Handle *h) {
  Alarm *a = (Alarm *)h;
  if (a->socket && a->socket->plan) a->socket->plan->alarm = NULL;
}

static void alarm_end(NetPlan *plan) {
  Alarm *a = plan->alarm;
  plan->alarm = NULL;
  if (!a) return;
  a->socket = NULL;
  handle_close(&a->base);
}

void net_plan_free(NetSocket *s) {
  if (!s->plan) return;
  alarm_end(s->plan);
  free(s->plan);
  s->plan = NULL;
}

void net_connect_cancel(lua_State *L, int self) {
  NetSocket *s = at(L, self);
  if (!s->plan) return;
  net_plan_free(s);
  for (int slot = NET_ERRORS; slot <= NET_TARGETS; slot++) {
    lua_pushnil(L);
    net_data_set(L, self, slot);
  }
}

/* Does the Socket still do what it was asked with that call of connect? Any listener may have changed it. */
static bool still(lua_State *L, int self, uint64_t id) {
  const NetSocket *s = at(L, self);
  return s->connecting && s->plan && s->plan->id == id;
}

/* ---- one attempt ---- */

static void attempt_next(lua_State *L, int self);

/* A fresh handle for a Socket that may have had one. */
static NetSocket *renew(lua_State *L, int self) {
  NetSocket *s = handle_renew(L, self, at(L, self)->size);
  if (!s) luaL_error(L, "not enough memory");
  s->base.requests = 0;
  s->base.reading = false;
  s->base.stream.base.closed = socket_closed;
  net_timer_moved(s);
  if (s->plan && s->plan->alarm) s->plan->alarm->socket = s;
  return s;
}

/* Pushes the error of a failed connect; with the own address where one was chosen. [+1] */
static void push_connect_error(lua_State *L, const NetPlan *plan, const char *address, int port, int status) {
  net_push_error(L, status, "connect", address, port, false);
  if (!plan || !*plan->local || plan->local_port == 0) return;
  lua_getfield(L, -1, "message");
  lua_pushfstring(L, "%s - Local (%s:%d)", lua_tostring(L, -1), plan->local, plan->local_port);
  lua_setfield(L, -3, "message");
  lua_pop(L, 1);
  lua_pushstring(L, plan->local);
  lua_setfield(L, -2, "localAddress");
  lua_pushinteger(L, plan->local_port);
  lua_setfield(L, -2, "localPort");
}

static void emit_attempt(lua_State *L, int self, const char *event, const char *ip, int port, int family,
                         int err) {
  if (emitter_count(L, self, event) == 0) return;
  lua_pushstring(L, ip);
  lua_pushinteger(L, port);
  lua_pushinteger(L, family);
  if (err) lua_pushvalue(L, err);
  emit(L, self, event, err ? 4 : 3);
}

/* The attempt has failed with the error on top, which goes to the list. [-1] */
static void note_failure(lua_State *L, int self) {
  net_data_push(L, self, NET_ERRORS);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* All attempts have failed. */
static void give_up(lua_State *L, int self) {
  int top = lua_gettop(L);
  net_data_push(L, self, NET_ERRORS);
  lua_pushliteral(L, "");
  class_construct(L, &aggregate_error_class, 2);
  lua_getfield(L, -1, "errors");
  if (lua_rawgeti(L, -1, 1) == LUA_TTABLE) {
    lua_getfield(L, -1, "code");
    lua_setfield(L, top + 1, "code");
  }
  lua_settop(L, top + 1);
  stream_destroy(L, self, top + 1);
  lua_settop(L, top);
}

static void connect_failed(lua_State *L, int self, const Request *req) {
  NetSocket *s = at(L, self);
  push_connect_error(L, s->plan, req->ip, req->port, req->status);
  int err = lua_gettop(L);
  if (!s->plan || s->plan->count <= 1) {
    s->connecting = false;
    if (req->family) emit_attempt(L, self, "connectionAttemptFailed", req->ip, req->port, req->family, err);
    stream_destroy(L, self, err);
    return;
  }
  uint64_t id = s->plan->id;
  alarm_end(s->plan);
  lua_pushvalue(L, err);
  note_failure(L, self);
  emit_attempt(L, self, "connectionAttemptFailed", req->ip, req->port, req->family, err);
  if (still(L, self, id)) attempt_next(L, self);
}

static int connect_deliver(lua_State *L) {
  const Request *req = lua_touserdata(L, 1);
  NetSocket *s = req->socket;
  int self = handle_push(L, &s->base.stream.base);
  if (lua_isnil(L, self) || s->base.stream.destroyed || !s->connecting) return 0;
  if (req->status < 0) {
    connect_failed(L, self, req);
    return 0;
  }
  net_connect_cancel(L, self);
  net_connected(L, self);
  return 0;
}

static void on_connect(uv_connect_t *uv, int status) {
  Request *req = uv->data;
  req->status = status;
  if (req->socket->base.stream.base.box)
    (void)rt_enter(req->socket->base.stream.base.rt, connect_deliver, req);
  socket_request_ends(&req->socket->base);
  free(req);
}

/* Binds to the own address that was asked for. */
static int bind_local(NetSocket *s, int family) {
  NetPlan *plan = s->plan;
  struct sockaddr_storage name;
  if (!*plan->local && plan->local_port == 0) return 0;
  if (!*plan->local) strcpy(plan->local, family == 4 ? "0.0.0.0" : "::");
  int err = net_address(plan->local, plan->local_port, &name), len = sizeof name;
  if (err < 0) return err;
  if ((err = uv_tcp_bind(&s->base.uv.tcp, (struct sockaddr *)&name, 0)) < 0 || plan->local_port == 0) return err;
  if ((err = uv_tcp_getsockname(&s->base.uv.tcp, (struct sockaddr *)&name, &len)) < 0) return err;
  const struct sockaddr_in *in = (const struct sockaddr_in *)&name; /* the port lies at the same place */
  return ntohs(in->sin_port) == plan->local_port ? 0 : UV_EADDRINUSE;
}

static Request *request_new(NetSocket *s, const char *ip, int port, int family) {
  Request *req = calloc(1, sizeof *req);
  if (!req) return NULL;
  req->socket = s;
  req->port = port;
  req->family = family;
  req->uv.data = req;
  memcpy(req->ip, ip, strnlen(ip, sizeof req->ip - 1));
  return req;
}

/* Begins to connect the open handle. */
static int start_tcp(lua_State *L, int self, const char *ip, int family) {
  NetSocket *s = at(L, self);
  struct sockaddr_storage name;
  int err = net_address(ip, s->plan->port, &name);
  if (err < 0) return err;
  Request *req = request_new(s, ip, s->plan->port, family);
  if (!req) return UV_ENOMEM;
  err = uv_tcp_connect(&req->uv, &s->base.uv.tcp, (struct sockaddr *)&name, on_connect);
  if (err < 0) free(req);
  else socket_request_begins(L, &s->base, self);
  return err;
}

/* Connects to the one address there is. */
static void connect_only(lua_State *L, int self, const char *ip, int family) {
  NetSocket *s = at(L, self);
  int err = bind_local(s, family);
  if (err < 0) {
    net_push_error(L, err, "bind", s->plan->local, s->plan->local_port, false);
    stream_destroy(L, self, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  if ((err = start_tcp(L, self, ip, family)) < 0) {
    push_connect_error(L, s->plan, ip, s->plan->port, err);
    stream_destroy(L, self, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  emit_attempt(L, self, "connectionAttempt", ip, s->plan->port, family, 0);
}

/* ---- one address after the other ---- */

static int alarm_deliver(lua_State *L) {
  NetSocket *s = lua_touserdata(L, 1);
  int self = handle_push(L, &s->base.stream.base);
  if (lua_isnil(L, self) || !s->connecting || !s->plan) return 0;
  net_data_push(L, self, NET_TARGETS);
  lua_rawgeti(L, -1, 2 * s->plan->next - 1);
  lua_rawgeti(L, -2, 2 * s->plan->next);
  const char *ip = lua_tostring(L, -2);
  int family = (int)lua_tointeger(L, -1), port = s->plan->port;
  uint64_t id = s->plan->id;
  emit_attempt(L, self, "connectionAttemptTimeout", ip, port, family, 0);
  if (!still(L, self, id)) return 0;
  s = at(L, self);
  push_connect_error(L, s->plan, ip, port, UV_ETIMEDOUT);
  note_failure(L, self);
  attempt_next(L, self);
  return 0;
}

static void on_alarm(uv_timer_t *uv) {
  Alarm *a = uv->data;
  NetSocket *s = a->socket;
  if (!s || !s->plan) return;
  alarm_end(s->plan);
  (void)rt_enter(s->base.stream.base.rt, alarm_deliver, s);
}

static void alarm_start(lua_State *L, NetSocket *s) {
  alarm_end(s->plan);
  Alarm *a = handle_new_internal(rt_of(L), sizeof *a);
  if (!a) return; /* then the system's own time limit holds */
  (void)uv_timer_init(&rt_of(L)->loop, &a->uv); /* always 0 */
  a->base.release = alarm_release;
  handle_opened(&a->base, (uv_handle_t *)&a->uv);
  a->socket = s;
  s->plan->alarm = a;
  (void)uv_timer_start(&a->uv, on_alarm, (uint64_t)s->plan->wait, 0); /* has a callback */
}

/* Tries the address; an error is noted, and false returned. */
static bool attempt(lua_State *L, int self, const char *ip, int family) {
  NetSocket *s = at(L, self);
  uint64_t id = s->plan->id;
  int port = s->plan->port, err;
  if (s->plan->next > 1) {
    s->base.stream.base.closed = NULL;
    handle_close(&s->base.stream.base);
    s = renew(L, self);
    if ((err = net_socket_init_handle(L, self, false)) < 0) luaL_error(L, "uv_tcp_init %s", uv_err_name(err));
  }
  if ((err = bind_local(s, family)) < 0) {
    net_push_error(L, err, "bind", s->plan->local, s->plan->local_port, false);
    note_failure(L, self);
    return false;
  }
  net_data_push(L, self, NET_ATTEMPTED);
  lua_pushfstring(L, "%s:%d", ip, port);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
  emit_attempt(L, self, "connectionAttempt", ip, port, family, 0);
  if (!still(L, self, id)) return true; /* a listener has ended it */
  s = at(L, self);
  if ((err = start_tcp(L, self, ip, family)) == 0) return true;
  push_connect_error(L, s->plan, ip, port, err);
  lua_pushvalue(L, -1);
  note_failure(L, self);
  emit_attempt(L, self, "connectionAttemptFailed", ip, port, family, lua_gettop(L));
  lua_pop(L, 1);
  return false;
}

static void attempt_next(lua_State *L, int self) {
  int top = lua_gettop(L);
  uint64_t id = at(L, self)->plan->id;
  luaL_checkstack(L, 16, "net");
  while (still(L, self, id)) {
    NetSocket *s = at(L, self);
    if (s->plan->next >= s->plan->count) {
      give_up(L, self);
      break;
    }
    s->plan->next++;
    net_data_push(L, self, NET_TARGETS);
    lua_rawgeti(L, -1, 2 * s->plan->next - 1);
    lua_rawgeti(L, -2, 2 * s->plan->next);
    if (attempt(L, self, lua_tostring(L, -2), (int)lua_tointeger(L, -1))) {
      s = at(L, self);
      if (still(L, self, id) && s->plan->next < s->plan->count) alarm_start(L, s);
      break;
    }
    lua_settop(L, top);
  }
  lua_settop(L, top);
}

/* ---- the look-up ---- */

static int tick_destroy(lua_State *L) {
  stream_destroy(L, 1, 2);
  return 0;
}

/* The error on top ends the Socket on the next tick. [-1] */
static void destroy_later(lua_State *L, int self) {
  lua_pushcfunction(L, tick_destroy);
  lua_pushvalue(L, self);
  lua_rotate(L, -3, 2);
  rt_next_tick(L, 2);
}

static void emit_lookup(lua_State *L, int self, int err, int ip, int family) {
  if (emitter_count(L, self, "lookup") == 0) return;
  lua_pushvalue(L, err);
  if (ip) lua_pushvalue(L, ip);
  else lua_pushnil(L);
  if (family) lua_pushvalue(L, family);
  else lua_pushnil(L);
  net_data_push(L, self, NET_HOST);
  emit(L, self, "lookup", 4);
}

static bool is_ip(lua_State *L, int idx) {
  size_t len;
  if (lua_type(L, idx) != LUA_TSTRING) return false;
  const char *s = lua_tolstring(L, idx, &len);
  return ip_version(s, len) != 0;
}

static int family_at(lua_State *L, int idx) {
  lua_Integer n = lua_type(L, idx) == LUA_TNUMBER ? lua_tointeger(L, idx) : 0;
  return n == 4 || n == 6 ? (int)n : 0;
}

/* Pushes the error of a look-up that has given no address. [+1] */
static void push_bad_address(lua_State *L, int self, int ip, int family) {
  int top = lua_gettop(L);
  net_data_push(L, self, NET_HOST);
  const char *host = lua_tostring(L, -1);
  bool bad_ip = !is_ip(L, ip);
  const char *what = luaL_tolstring(L, bad_ip ? ip : family, NULL);
  if (bad_ip)
    err_push(L, &type_error_class, "ERR_INVALID_IP_ADDRESS", "Invalid IP address: %s", what);
  else
    err_push(L, &range_error_class, "ERR_INVALID_ADDRESS_FAMILY", "Invalid address family: %s %s:%d", what,
             host, at(L, self)->plan->port);
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
}

/* (err, address, family) */
static void looked_up_one(lua_State *L, int self) {
  uint64_t id = at(L, self)->plan->id;
  emit_lookup(L, self, 1, 2, 3);
  if (!still(L, self, id)) return;
  if (!lua_isnil(L, 1) && !json_is_null(L, 1)) {
    lua_pushvalue(L, 1);
    destroy_later(L, self);
  } else if (!is_ip(L, 2) || !family_at(L, 3)) {
    push_bad_address(L, self, 2, 3);
    destroy_later(L, self);
  } else {
    net_timer_touch(L, at(L, self), self);
    connect_only(L, self, lua_tostring(L, 2), family_at(L, 3));
  }
}

/* Does the list of addresses at t, every other one, hold the address at ip? */
static bool has_target(lua_State *L, int t, lua_Integer count, int ip) {
  bool found = false;
  for (lua_Integer i = 1; i <= count && !found; i++) {
    lua_rawgeti(L, t, i);
    found = lua_rawequal(L, -1, ip);
    lua_pop(L, 1);
  }
  return found;
}

/* Sorts the addresses of the list at 2 into the tables at lists (of the family that came first) and lists
 * + 1; tells each. False: a listener has ended it all. */
static bool sort_addresses(lua_State *L, int self, int lists, int *first) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  int top = lua_gettop(L);
  uint64_t id = at(L, self)->plan->id;
  *first = 0;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_settop(L, top);
    if (lua_rawgeti(L, 2, i) != LUA_TTABLE) continue;
    lua_getfield(L, top + 1, "address");
    lua_getfield(L, top + 1, "family");
    emit_lookup(L, self, 1, top + 2, top + 3);
    if (!still(L, self, id)) return false;
    int family = family_at(L, top + 3);
    if (!family || !is_ip(L, top + 2)) continue;
    if (!*first) *first = family;
    int list = family == *first ? lists : lists + 1;
    lua_Integer have = (lua_Integer)lua_rawlen(L, list);
    if (has_target(L, list, have, top + 2)) continue;
    lua_pushvalue(L, top + 2);
    lua_rawseti(L, list, have + 1);
  }
  lua_settop(L, top);
  return true;
}

/* Pushes the targets: address and family, the families by turns. Returns how many. [+1] */
static lua_Integer push_targets(lua_State *L, int lists, int first) {
  lua_Integer n = 0;
  lua_createtable(L, 8, 0);
  for (lua_Integer i = 1;; i++) {
    bool any = false;
    for (int k = 0; k < 2; k++) {
      if (lua_rawgeti(L, lists + k, i) == LUA_TNIL) {
        lua_pop(L, 1);
        continue;
      }
      any = true;
      lua_rawseti(L, -2, 2 * n + 1);
      lua_pushinteger(L, k == 0 ? first : 10 - first);
      lua_rawseti(L, -2, 2 * ++n);
    }
    if (!any) return n;
  }
}

/* (err, addresses) */
static void looked_up_all(lua_State *L, int self) {
  int first;
  if (!lua_isnil(L, 1) && !json_is_null(L, 1)) {
    emit_lookup(L, self, 1, 0, 0);
    lua_pushvalue(L, 1);
    destroy_later(L, self);
    return;
  }
  if (!lua_istable(L, 2)) {
    lua_createtable(L, 0, 0);
    lua_replace(L, 2);
  }
  int lists = lua_gettop(L) + 1;
  lua_createtable(L, 0, 0);
  lua_createtable(L, 0, 0);
  if (!sort_addresses(L, self, lists, &first)) return;
  if (!first) {
    lua_rawgeti(L, 2, 1);
    if (!lua_istable(L, -1)) lua_createtable(L, 0, 0);
    int entry = lua_gettop(L);
    lua_getfield(L, entry, "address");
    lua_getfield(L, entry, "family");
    push_bad_address(L, self, entry + 1, entry + 2);
    destroy_later(L, self);
    return;
  }
  NetSocket *s = at(L, self);
  lua_Integer count = push_targets(L, lists, first);
  net_timer_touch(L, s, self);
  s->plan->count = count;
  if (count == 1) {
    lua_rawgeti(L, -1, 1);
    connect_only(L, self, lua_tostring(L, -1), first);
    return;
  }
  net_data_set(L, self, NET_TARGETS);
  lua_createtable(L, 2, 0);
  net_data_set(L, self, NET_ERRORS);
  lua_createtable(L, 2, 0);
  json_mark_array(L, lua_gettop(L));
  net_data_set(L, self, NET_ATTEMPTED);
  attempt_next(L, self);
}

/* The callback of lookup; upvalues: the Socket, the plan's id. */
static int on_lookup(lua_State *L) {
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (!still(L, 4, (uint64_t)lua_tointeger(L, lua_upvalueindex(2)))) return 0;
  NetSocket *s = at(L, 4);
  if (s->plan->answered) return 0; /* one answer is enough */
  s->plan->answered = true;
  if (s->plan->several) looked_up_all(L, 4);
  else looked_up_one(L, 4);
  return 0;
}

static int tick_connect(lua_State *L) {
  if (still(L, 1, (uint64_t)lua_tointeger(L, 3)))
    connect_only(L, 1, lua_tostring(L, 2), ip_version(lua_tostring(L, 2), lua_rawlen(L, 2)));
  return 0;
}

/* Calls options.lookup or dns.lookup with the host on top. [-1] */
static void look_up(lua_State *L, int self, int opts, const NetPlan *plan) {
  int host = lua_gettop(L);
  lua_pushvalue(L, host);
  net_data_set(L, self, NET_HOST);
  if (opt_push(L, opts, "lookup") == LUA_TNIL) {
    lua_pop(L, 1);
    dns_push_lookup(L);
  }
  lua_pushvalue(L, host);
  lua_createtable(L, 0, 3);
  (void)opt_push(L, opts, "family");
  lua_setfield(L, -2, "family");
  if (opt_push(L, opts, "hints") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_pushinteger(L, plan->family == 0 ? DNS_ADDRCONFIG : 0);
  }
  lua_setfield(L, -2, "hints");
  if (plan->several) {
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "all");
  }
  lua_pushvalue(L, self);
  lua_pushinteger(L, (lua_Integer)plan->id);
  lua_pushcclosure(L, on_lookup, 2);
  lua_call(L, 3, 0);
  lua_settop(L, host - 1);
}

/* ---- connect(...) ---- */

/* Checks what the options at opts say of a TCP connection. May raise. */
static void read_plan(lua_State *L, int opts, NetPlan *plan) {
  size_t len;
  memset(plan, 0, sizeof *plan);
  plan->wait = default_wait(L);
  (void)opt_push(L, opts, "localAddress");
  if (lua_toboolean(L, -1)) {
    const char *local = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &len) : "";
    if (!is_ip(L, lua_gettop(L)))
      err_raise(L, &type_error_class, "ERR_INVALID_IP_ADDRESS", "Invalid IP address: %s",
                luaL_tolstring(L, -1, NULL));
    strcpy(plan->local, local);
  }
  if (opt_push(L, opts, "localPort") != LUA_TNIL) {
    (void)arg_number(L, lua_gettop(L), "options.localPort");
    plan->local_port = net_arg_port(L, lua_gettop(L), "options.localPort");
  }
  int type = opt_push(L, opts, "port");
  if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TNIL)
    err_arg_type(L, lua_gettop(L), "options.port", "one of type number or string");
  if (type != LUA_TNIL) plan->port = net_arg_port(L, lua_gettop(L), "Port");
  plan->several = opt_boolean(L, opts, "autoSelectFamily", !defaults(L)->off) && !*plan->local;
  plan->wait = opt_integer(L, opts, "autoSelectFamilyAttemptTimeout", 1, INT32_MAX, plan->wait);
  if (plan->wait < LEAST_WAIT) plan->wait = LEAST_WAIT;
  (void)opt_push(L, opts, "family");
  plan->family = family_at(L, lua_gettop(L));
  if (plan->family != 0) plan->several = false;
  if (opt_push(L, opts, "lookup") != LUA_TNIL) arg_function(L, lua_gettop(L), "options.lookup");
  lua_pop(L, 5);
}

/* (self, hadError) */
static int tick_closed(lua_State *L) {
  emit(L, 1, "close", 1);
  return 0;
}

/* The Socket is as new: after a destroy, or after it was given away. */
static void start_over(lua_State *L, int self) {
  NetSocket *s = at(L, self);
  if (s->base.stream.base.state == HANDLE_CLOSING && s->base.stream.base.closed) { /* the old handle says nothing any more */
    lua_pushcfunction(L, tick_closed);
    lua_pushvalue(L, self);
    lua_pushboolean(L, s->base.had_error);
    rt_next_tick(L, 2);
  }
  s = renew(L, self);
  s->has_local = s->has_remote = false;
  s->base.bytes_read = s->base.bytes_written = 0;
  if (s->base.stream.destroyed) stream_undestroy(&s->base.stream);
}

static void connect_tcp(lua_State *L, int self, int opts, const NetPlan *read) {
  NetSocket *s = at(L, self);
  net_connect_cancel(L, self);
  NetPlan *plan = malloc(sizeof *plan);
  if (!plan) luaL_error(L, "not enough memory");
  *plan = *read;
  plan->id = ++defaults(L)->calls;
  s->plan = plan;
  s->connecting = true;
  (void)opt_push(L, opts, "host");
  if (!lua_toboolean(L, -1) || (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) == 0)) {
    lua_pop(L, 1);
    lua_pushliteral(L, "localhost");
  }
  if (!is_ip(L, lua_gettop(L))) {
    look_up(L, self, opts, plan);
    return;
  }
  lua_pushcfunction(L, tick_connect);
  lua_insert(L, -2);
  lua_pushvalue(L, self);
  lua_insert(L, -2);
  lua_pushinteger(L, (lua_Integer)plan->id);
  rt_next_tick(L, 3);
}

/* ---- unix sockets ---- */

/* (self, status): what became of connecting to a path, on the next tick. */
static int tick_path(lua_State *L) {
  const NetSocket *s = at(L, 1);
  int status = (int)lua_tointeger(L, 2);
  if (!s->connecting || s->base.stream.destroyed) return 0;
  if (status == 0) {
    net_connected(L, 1);
    return 0;
  }
  at(L, 1)->connecting = false;
  net_push_error(L, status, "connect", lua_tostring(L, 3), -1, false);
  stream_destroy(L, 1, lua_gettop(L));
  return 0;
}

/* A unix socket connects at once or not at all; also to abstract names, which begin with a zero byte. */
static int open_path(NetSocket *s, const char *path, size_t len) {
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  if (len >= sizeof name.sun_path) return UV_ENAMETOOLONG;
  memcpy(name.sun_path, path, len);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = 0;
  if (fd < 0) return uv_translate_sys_error(errno);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (path[0] != '\0'));
  while (connect(fd, (struct sockaddr *)&name, size) != 0 && (err = errno) == EINTR) err = 0;
  err = err ? uv_translate_sys_error(err) : uv_pipe_open(&s->base.uv.pipe, fd);
  if (err < 0) (void)close(fd);
  return err;
}

static void connect_path(lua_State *L, int self) { /* the path is on top [-1] */
  NetSocket *s = at(L, self);
  size_t len;
  const char *path = lua_tolstring(L, -1, &len);
  s->connecting = true;
  int status = open_path(s, path, len);
  lua_pushcfunction(L, tick_path);
  lua_pushvalue(L, self);
  lua_pushinteger(L, status);
  lua_pushvalue(L, -4);
  rt_next_tick(L, 3);
  lua_pop(L, 1);
}

/* ---- for Lua and C ---- */

void net_socket_connect(lua_State *L, int self, int opts) {
  NetPlan plan;
  int top = lua_gettop(L), err;
  luaL_checkstack(L, 20, "net");
  rt_check_open(L);
  bool pipe = opt_push(L, opts, "path") != LUA_TNIL && !json_is_null(L, -1);
  if (!pipe && opt_push(L, opts, "port") == LUA_TNIL)
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
              "The \"options\" or \"port\" or \"path\" argument must be specified");
  lua_settop(L, top + 1);
  if (pipe) (void)arg_string(L, top + 1, "options.path", NULL);
  pipe = pipe && lua_rawlen(L, top + 1) > 0;
  if (!pipe) read_plan(L, opts, &plan);
  NetSocket *s = at(L, self);
  if (!handle_is_open(&s->base.stream.base)) {
    start_over(L, self);
    if ((err = net_socket_init_handle(L, self, pipe)) < 0) err_raise_uv(L, err, "connect");
  }
  net_timer_touch(L, at(L, self), self);
  lua_pushvalue(L, top + 1);
  if (pipe) connect_path(L, self);
  else connect_tcp(L, self, opts, &plan);
  lua_settop(L, top);
}

int net_lua_connect(lua_State *L) {
  (void)class_check(L, 1, &net_socket_class);
  net_normalize(L, 2, NULL);
  if (!lua_isnil(L, 3)) {
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "connect", true);
  }
  net_socket_connect(L, 1, 2);
  lua_settop(L, 1);
  return 1;
}
