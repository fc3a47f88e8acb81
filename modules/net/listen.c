/* SPDX-License-Identifier: MIT */
/* listen.c - server:listen in all its forms: arguments, the look-up of a host, the hook of cluster. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "dns/dns.h"
#include "events/abort.h"
#include "events/events.h"
#include "inspect/inspect.h"

static const char hook_key = 0;

void net_set_listen_hook(lua_State *L, NetListenHook fn) {
  *(NetListenHook *)rt_data(L, &hook_key, sizeof fn) = fn;
}

/* ---- arguments ---- */

/* Node's toNumber: what counts as a port or backlog, -1 for anything else. */
static lua_Number to_number(lua_State *L, int idx) {
  int isnum = 0;
  lua_Number n = 0;
  int type = lua_type(L, idx);
  if (type == LUA_TNUMBER || type == LUA_TSTRING) n = lua_tonumberx(L, idx, &isnum);
  return isnum && n >= 0 ? n : -1;
}

static int to_backlog(lua_Number n) { return n >= 1 && n <= 65535 ? (int)n : n > 65535 ? 65535 : 0; }

/* Makes options of (port, host) or (path). [+1] */
static void push_options(lua_State *L, int first, int top) {
  lua_createtable(L, 0, 2);
  if (top < first || lua_isfunction(L, first) || json_is_null(L, first)) return;
  bool path = lua_type(L, first) == LUA_TSTRING && to_number(L, first) < 0;
  lua_pushvalue(L, first);
  lua_setfield(L, -2, path ? "path" : "port");
  if (path || top == first || lua_type(L, first + 1) != LUA_TSTRING) return;
  lua_pushvalue(L, first + 1);
  lua_setfield(L, -2, "host");
}

void net_normalize(lua_State *L, int first, int *backlog) {
  int top = lua_gettop(L);
  lua_Number n = top > first ? to_number(L, first + 1) : -1;
  if (n <= 0 && top > first + 1) n = to_number(L, first + 2);
  if (backlog) *backlog = to_backlog(n);
  luaL_checkstack(L, 8, "net");
  if (top >= first && lua_istable(L, first)) lua_pushvalue(L, first);
  else push_options(L, first, top);
  if (top >= first && lua_isfunction(L, top)) lua_pushvalue(L, top);
  else lua_pushnil(L);
  if (top >= first) {
    lua_copy(L, top + 1, first);
    lua_copy(L, top + 2, first + 1);
  }
  lua_settop(L, first + 1);
}

/* ---- listening ---- */

/* To the hook, or here. */
static void listen_now(lua_State *L, int server, const NetListen *r, bool exclusive) {
  const NetListenHook *hook = rt_data(L, &hook_key, sizeof *hook);
  if (!exclusive && *hook && (*hook)(L, server, r)) return;
  net_server_listen(L, server, r);
}

typedef struct Pending {
  NetListen request;
  uint64_t count;    /* of listen and close calls, when it was asked */
  bool exclusive;
} Pending;

/* (err, address, family); upvalues: the server, Pending */
static int on_lookup(lua_State *L) {
  const Pending *p = lua_touserdata(L, lua_upvalueindex(2));
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  NetServer *v = net_server_test(L, 4);
  if (v->listen_count != p->count) return 0;
  if (!lua_isnil(L, 1)) {
    lua_pushvalue(L, 1);
    emit(L, 4, "error", 1);
    return 0;
  }
  NetListen r = p->request;
  r.address = lua_tostring(L, 2);
  r.address_type = lua_tointeger(L, 3) == 6 ? 6 : 4;
  listen_now(L, 4, &r, p->exclusive);
  return 0;
}

static void lookup_and_listen(lua_State *L, int server, int opts, const NetListen *r, bool exclusive) {
  dns_push_lookup(L);
  (void)opt_push(L, opts, "host");
  lua_pushvalue(L, server);
  Pending *p = lua_newuserdatauv(L, sizeof *p, 0);
  *p = (Pending){ *r, net_server_test(L, server)->listen_count, exclusive };
  lua_pushcclosure(L, on_lookup, 2);
  lua_call(L, 2, 0);
}

/* The signal of listen has aborted; upvalue: the server. */
static int on_abort(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  class_call_method(L, 1, "close", 0, 0);
  return 0;
}

static int tick_abort(lua_State *L) {
  class_call_method(L, 1, "close", 0, 0);
  return 0;
}

static void signal_listen(lua_State *L, int opts) {
  if (signal_option(L, opts)) {
    int signal = lua_gettop(L);
    if (signal_aborted(L, signal)) {
      net_tick(L, 1, tick_abort);
    } else {
      lua_pushvalue(L, 1);
      lua_pushcclosure(L, on_abort, 1);
      signal_on(L, signal);
    }
  }
  lua_pop(L, 1);
}

static int bad_options(lua_State *L, int opts, const char *reason) {
  inspect_push_plain(L, opts);
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE", "The argument 'options' %s. Received %s",
                   reason, lua_tostring(L, -1));
}

/* The path of options at 2, which stays on the stack; abstract ones begin with a zero byte. [+1] */
static bool path_option(lua_State *L, NetListen *r) {
  if (opt_push(L, 2, "path") != LUA_TSTRING || to_number(L, -1) >= 0 || lua_rawlen(L, -1) == 0)
    return false;
  r->path = lua_tolstring(L, -1, &r->path_len);
  r->port = r->address_type = -1;
  r->readable_all = net_option(L, 2, "readableAll");
  r->writable_all = net_option(L, 2, "writableAll");
  if (r->path[0] == '\0') {
    if (r->readable_all || r->writable_all)
      bad_options(L, 2, "can not set readableAll or writableAllt to true when path is abstract unix socket");
  } else if (strlen(r->path) != r->path_len) {
    err_arg_value(L, lua_gettop(L), "options.path", "must be a string without null bytes");
  }
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, UV_SERVER_PATH);
  return true;
}

/* What the options ask for besides an address: fd, backlog. True: a descriptor to listen on. */
static bool fd_option(lua_State *L, NetListen *r) {
  bool found = opt_push(L, 2, "fd") == LUA_TNUMBER && lua_tonumber(L, -1) >= 0;
  if (found) {
    int whole;
    lua_Integer fd = lua_tointegerx(L, -1, &whole);
    r->fd = whole && fd <= INT32_MAX ? (int)fd : INT32_MAX;
  }
  lua_pop(L, 1);
  return found;
}

/* The port of options at 2; no arguments, or a nil first one, mean any. [+0] */
static bool port_option(lua_State *L, bool any, NetListen *r) {
  int type = opt_push(L, 2, "port");
  bool found = type == LUA_TNUMBER || type == LUA_TSTRING;
  if (found) r->port = net_arg_port(L, lua_gettop(L), "options.port");
  else if (any || (type != LUA_TNIL && json_is_null(L, -1))) found = true;
  lua_pop(L, 1);
  if (!found) return false;
  if (opt_push(L, 2, "backlog") != LUA_TNIL) {
    int backlog = to_backlog(to_number(L, -1));
    if (backlog > 0) r->backlog = backlog;
  }
  lua_pop(L, 1);
  return true;
}

/* A duplicate of the descriptor of the Server at idx, which listens; -1 for anything else. */
static int other_server(lua_State *L, int idx) {
  const NetServer *other = net_server_test(L, idx);
  if (!other) return -1;
  int fd = net_server_fd(other);
  int copy = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
  if (copy < 0) err_raise_uv(L, fd >= 0 ? uv_translate_sys_error(errno) : UV_EBADF, "dup");
  return copy;
}

/* listen(server, backlog?, callback?): the connections of the other one come here, too. */
static int listen_with(lua_State *L, NetServer *v) {
  bool callback = lua_isfunction(L, lua_gettop(L));
  int backlog = to_backlog(to_number(L, 3));
  if (v->listening)
    return err_raise(L, NULL, "ERR_SERVER_ALREADY_LISTEN",
                     "Listen method has been called more than once without closing.");
  int fd = other_server(L, 2);
  if (callback) emitter_on(L, 1, "listening", true);
  v->listen_count++;
  (void)net_server_listen_fd(L, 1, fd, backlog);
  lua_settop(L, 1);
  return 1;
}

/* listen(port?, host?, backlog?, callback?), listen(path, ...), listen(options, callback?) */
int net_lua_listen(lua_State *L) {
  NetServer *v = class_check(L, 1, &net_server_class);
  if (net_server_test(L, 2)) return listen_with(L, v);
  NetListen r = { .fd = -1, .address_type = 4 };
  bool any = lua_gettop(L) == 1 || lua_isnil(L, 2) || lua_isfunction(L, 2) || json_is_null(L, 2);
  rt_check_open(L);
  net_normalize(L, 2, &r.backlog);
  if (v->listening)
    return err_raise(L, NULL, "ERR_SERVER_ALREADY_LISTEN",
                     "Listen method has been called more than once without closing.");
  r.reuse_port = net_option(L, 2, "reusePort");
  bool exclusive = r.reuse_port || net_option(L, 2, "exclusive");
  if (net_option(L, 2, "ipv6Only")) r.flags = UV_TCP_IPV6ONLY;
  if (!lua_isnil(L, 3)) {
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "listening", true);
  }
  v->listen_count++;
  signal_listen(L, 2);
  if (fd_option(L, &r)) {
    listen_now(L, 1, &r, false);
  } else if (port_option(L, any, &r)) {
    bool host = opt_push(L, 2, "host") != LUA_TNIL && lua_toboolean(L, -1) && lua_rawlen(L, -1) > 0;
    if (host || (lua_type(L, -1) != LUA_TSTRING && lua_toboolean(L, -1)))
      lookup_and_listen(L, 1, 2, &r, exclusive);
    else listen_now(L, 1, &r, exclusive);
  } else if (path_option(L, &r)) {
    listen_now(L, 1, &r, exclusive);
  } else {
    bool said = lua_getfield(L, 2, "path") != LUA_TNIL || lua_getfield(L, 2, "port") != LUA_TNIL;
    return bad_options(L, 2, said ? "is invalid" : "must have the property \"port\" or \"path\"");
  }
  lua_settop(L, 1);
  return 1;
}
