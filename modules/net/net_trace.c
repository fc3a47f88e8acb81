/* SPDX-License-Identifier: MIT */
/* net_trace.c - what servers and their connections tell the flight recorder. Asked for where TRACING.
 *
 * A server remembers its port and inode from when it began to listen, so that a connection costs no system
 * call more. One whose connections come from the primary of a cluster has neither descriptor nor inode. */
#include "internal.h"

#include <unistd.h>
#include "core/trace.h"

static const char ready_key = 0;

void net_trace_listening(lua_State *L, NetServer *v) {
  Trace *t = rt_of(L)->trace;
  bool *ready = rt_data(L, &ready_key, sizeof *ready);
  TraceSocket s = trace_socket_ask(net_server_fd(v));
  v->told_port = s.port;
  v->told_inode = s.inode;
  if (v->remote) {
    v->told_port = net_port_of(&v->away.address);
    trace_add(t, TRACE_PORT_SHARE, (TraceArgs){ { v->told_port, 0, getppid() } }, NULL, NULL);
  } else trace_add(t, TRACE_PORT_LISTEN, (TraceArgs){ { s.port, s.inode, s.fd } }, s.address, NULL);
  if (!*ready) trace_add(t, TRACE_PROC_READY, (TraceArgs){ { 0 } }, "listen", NULL);
  *ready = true;
}

void net_trace_closing(const NetServer *v) {
  Trace *t = v->base.rt->trace;
  if (v->remote) trace_add(t, TRACE_PORT_SHARE, (TraceArgs){ { v->told_port, 0, getppid(), 1 } }, NULL, NULL);
  else trace_socket(t, TRACE_PORT_CLOSE, net_server_fd(v));
}

/* A field of the error at the index, as text; NULL when it has none. [+1] */
static const char *push_text(lua_State *L, int error, const char *name) {
  lua_getfield(L, error, name);
  return lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
}

/* Of the address of a datagram socket it is said what it is, as trace_socket_ask does. */
void net_trace_failed(lua_State *L, bool udp) {
  int error = lua_gettop(L);
  if (!lua_isuserdata(L, error) && !lua_istable(L, error)) return;
  luaL_checkstack(L, 5, "net");
  const char *code = push_text(L, error, "code"), *address = push_text(L, error, "address");
  if (udp && address) address = lua_pushfstring(L, "udp %s", address);
  lua_getfield(L, error, "port");
  TraceArgs args = { { lua_tointeger(L, -1) > 0 ? lua_tointeger(L, -1) : 0 } };
  trace_add(rt_of(L)->trace, TRACE_PORT_ERR, args, code ? code : "ERROR", address);
  lua_settop(L, error);
}

void net_trace_accepted(const NetServer *v, bool given) {
  int64_t by = given ? getppid() : getpid();
  const char *policy = given ? "rr" : v->away.closed ? "none" : "direct";
  trace_add(v->base.rt->trace, TRACE_CONN_ACCEPT, (TraceArgs){ { v->told_port, v->told_inode, by } }, policy, NULL);
}

void net_trace_lost(lua_State *L, int socket) {
  net_socket_push_server(L, socket);
  const NetServer *v = net_server_test(L, -1);
  if (v) trace_add(rt_of(L)->trace, TRACE_CONN_CLOSE, (TraceArgs){ { v->told_port, v->told_inode } }, NULL, NULL);
  lua_pop(L, 1);
}
