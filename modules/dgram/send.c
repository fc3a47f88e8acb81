/* SPDX-License-Identifier: MIT */
/* send.c - sending datagrams: arguments, the look-up of the address, what the system takes at once. */
#include "internal.h"

#include <stdlib.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"
#include "net/net.h"

enum { FEW_PARTS = 16, MOST_PARTS = 65536 };

typedef struct Request {
  uv_udp_send_t uv;
  DgramSocket *socket;
  int pin;               /* { list, callback, address } in rt->pins */
  int status, port;
  size_t length;
} Request;

static DgramSocket *at(lua_State *L, int self) { return class_test(L, self, &dgram_socket_class); }

/* ---- sending ---- */

/* The callback at `cb` gets (err) or (nil, bytes) on the next tick. The error is on top. [-1 with err] */
static void call_later(lua_State *L, int cb, bool failed, size_t bytes) {
  int top = lua_gettop(L);
  if (lua_isnil(L, cb)) {
    if (failed) lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, cb);
  if (failed) {
    lua_pushvalue(L, top);
    rt_next_tick(L, 1);
    lua_pop(L, 1);
  } else {
    lua_pushnil(L);
    lua_pushinteger(L, (lua_Integer)bytes);
    rt_next_tick(L, 2);
  }
}

static int send_deliver(lua_State *L) {
  const Request *req = lua_touserdata(L, 1);
  rt_push_pinned(L, req->socket->base.rt, req->pin);
  if (lua_rawgeti(L, 2, 2) != LUA_TFUNCTION) return 0;
  if (req->status < 0) {
    lua_rawgeti(L, 2, 3);
    net_push_error(L, req->status, "send", lua_tostring(L, -1), req->port, false);
    lua_remove(L, -2);
    lua_call(L, 1, 0);
  } else {
    lua_pushnil(L);
    lua_pushinteger(L, (lua_Integer)req->length);
    lua_call(L, 2, 0);
  }
  return 0;
}

static void on_sent(uv_udp_send_t *uv, int status) {
  Request *req = uv->data;
  Runtime *rt = req->socket->base.rt;
  req->status = status;
  (void)rt_enter(rt, send_deliver, req);
  rt_unpin(rt, req->pin);
  free(req);
}

/* What does not go out at once: list at 2, port, address at 4, callback at 5. 0 or a uv error. */
static int send_queued(lua_State *L, DgramSocket *s, const uv_buf_t *bufs, unsigned n, size_t length,
                       int port, const struct sockaddr *to) {
  static const int kept[] = { 2, 5, 4 };
  lua_createtable(L, 3, 0);
  for (int i = 0; i < 3; i++) {
    lua_pushvalue(L, kept[i]);
    lua_rawseti(L, -2, i + 1);
  }
  int pin = rt_pin(L);
  Request *req = calloc(1, sizeof *req);
  int err = UV_ENOMEM;
  if (req) {
    *req = (Request){ .socket = s, .pin = pin, .port = port, .length = length };
    req->uv.data = req;
    err = uv_udp_send(&req->uv, &s->uv, bufs, n, to, on_sent);
  }
  if (err == 0) return 0;
  free(req);
  rt_unpin(rt_of(L), pin);
  return err;
}

/* Socket at 1, list at 2, port at 3 (nil: connected), address at 4, callback at 5, ip at 6. */
static void send_now(lua_State *L) {
  DgramSocket *s = at(L, 1);
  struct sockaddr_storage name;
  uv_buf_t few[FEW_PARTS], *bufs = few;
  unsigned n = (unsigned)lua_rawlen(L, 2);
  size_t length = 0;
  int port = (int)lua_tointeger(L, 3), err = 0;
  bool connected = lua_isnil(L, 3);
  if (n > FEW_PARTS) bufs = lua_newuserdatauv(L, n * sizeof *bufs, 0);
  for (unsigned i = 0; i < n; i++) {
    const char *bytes = "";
    size_t len = 0;
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    (void)buffer_view(L, -1, &bytes, &len);
    lua_pop(L, 1); /* the list keeps it */
    bufs[i] = uv_buf_init((char *)bytes, (unsigned)len);
    length += len;
  }
  if (!connected) err = net_address(lua_tostring(L, 6), port, &name);
  const struct sockaddr *to = connected ? NULL : (struct sockaddr *)&name;
  if (err == 0) err = uv_udp_try_send(&s->uv, bufs, n, to);
  if (err >= 0) {
    call_later(L, 5, false, length);
    return;
  }
  if (err == UV_EAGAIN && (err = send_queued(L, s, bufs, n, length, port, to)) == 0) return;
  net_push_error(L, err, "send", lua_tostring(L, 4), connected ? -1 : port, false);
  call_later(L, 5, true, 0);
}

static int tick_error(lua_State *L) {
  emit(L, 1, "error", 1);
  return 0;
}

/* (err, ip); upvalues: Socket, list, port, address, callback */
static int on_address(lua_State *L) {
  lua_settop(L, 2);
  lua_insert(L, 1); /* ip, err */
  for (int i = 1; i <= 5; i++) {
    lua_pushvalue(L, lua_upvalueindex(i));
    lua_insert(L, i);
  }
  if (!lua_isnil(L, 7)) {
    if (!lua_isnil(L, 5)) {
      call_later(L, 5, true, 0);
      return 0;
    }
    lua_pushcfunction(L, tick_error);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 7);
    rt_next_tick(L, 2);
  } else if (handle_is_open(&at(L, 1)->base)) {
    send_now(L);
  }
  return 0;
}

/* upvalues: Socket, list, port, address, callback */
static int send_bound(lua_State *L) {
  lua_settop(L, 0);
  for (int i = 1; i <= 5; i++) lua_pushvalue(L, lua_upvalueindex(i));
  if (!handle_is_open(&at(L, 1)->base)) return 0;
  if (lua_isnil(L, 3)) {
    lua_pushnil(L);
    send_now(L);
    return 0;
  }
  for (int i = 1; i <= 5; i++) lua_pushvalue(L, lua_upvalueindex(i));
  lua_pushcclosure(L, on_address, 5);
  dgram_look_up(L, 1, 4);
  return 0;
}

/* ---- arguments ---- */

static int bad_part(lua_State *L, int idx, const char *name) {
  return err_arg_type(L, idx, name, "of type string or an instance of Buffer, TypedArray, or DataView");
}

/* Makes the value on top a string or a Uint8Array; name is what an error calls it. [-1, +1] */
static void to_bytes(lua_State *L, const char *name) {
  const char *bytes;
  size_t len;
  if (buffer_view(L, -1, &bytes, &len)) return;
  if (lua_type(L, -1) != LUA_TUSERDATA) bad_part(L, lua_gettop(L), name);
  bytes = arg_bytes(L, lua_gettop(L), name, &len);
  lua_pushlstring(L, bytes, len);
  lua_replace(L, -2);
}

static uint32_t to_uint32(lua_State *L, int idx) {
  lua_Number n = lua_type(L, idx) == LUA_TNUMBER ? lua_tonumber(L, idx) : 0;
  return n >= 0 && n <= 4294967295.0 ? (uint32_t)n : n < 0 ? UINT32_MAX : 0;
}

static int out_of_bounds(lua_State *L, const char *name) {
  return err_raise(L, &range_error_class, "ERR_BUFFER_OUT_OF_BOUNDS", "\"%s\" is outside of buffer bounds",
                   name);
}

/* The message at 2 becomes its part from the offset at 3 with the length at 4. */
static void slice(lua_State *L) {
  const char *bytes;
  size_t len;
  lua_pushvalue(L, 2);
  to_bytes(L, "buffer");
  (void)buffer_view(L, -1, &bytes, &len);
  uint32_t offset = to_uint32(L, 3), length = to_uint32(L, 4);
  if (offset > len) out_of_bounds(L, "offset");
  if (length > len - offset) out_of_bounds(L, "length");
  lua_pushlstring(L, bytes + offset, length);
  lua_replace(L, 2);
  lua_pop(L, 1);
}

/* Pushes the list of the parts of the message at 2. [+1] */
static void push_list(lua_State *L) {
  bool list = lua_istable(L, 2);
  lua_Integer n = list ? (lua_Integer)lua_rawlen(L, 2) : 1;
  if (n > MOST_PARTS) err_range(L, 2, "buffer list", "<= 65536 parts");
  lua_createtable(L, (int)n + 1, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    if (list) lua_rawgeti(L, 2, i);
    else lua_pushvalue(L, 2);
    to_bytes(L, list ? "buffer list arguments" : "buffer");
    lua_rawseti(L, -2, i);
  }
  if (n > 0) return;
  lua_pushliteral(L, "");
  lua_rawseti(L, -2, 1);
}

static bool is_given(lua_State *L, int idx) {
  if (lua_type(L, idx) == LUA_TSTRING) return lua_rawlen(L, idx) > 0;
  if (lua_type(L, idx) == LUA_TNUMBER) return lua_tonumber(L, idx) != 0;
  return lua_toboolean(L, idx);
}

/* Moves port, address and callback to 5, 6 and 7, whatever form the call has. */
static void arrange(lua_State *L, bool connected) {
  lua_settop(L, 7);
  if (!connected) {
    if (is_given(L, 6) || (is_given(L, 5) && !lua_isfunction(L, 5))) {
      slice(L);
    } else {
      lua_copy(L, 5, 7);
      lua_copy(L, 3, 5);
      lua_copy(L, 4, 6);
    }
  } else {
    if (lua_type(L, 4) == LUA_TNUMBER) {
      slice(L);
      if (lua_isfunction(L, 5)) {
        lua_copy(L, 5, 7);
        lua_pushnil(L);
        lua_replace(L, 5);
      }
    } else {
      lua_copy(L, 3, 7);
    }
    if (is_given(L, 5) || is_given(L, 6))
      err_raise(L, NULL, "ERR_SOCKET_DGRAM_IS_CONNECTED", "Already connected");
  }
  if (lua_isfunction(L, 6)) {
    lua_copy(L, 6, 7);
    lua_pushnil(L);
    lua_replace(L, 6);
  }
  if (!lua_isnil(L, 7) && !arg_is_callable(L, 7)) {
    lua_pushnil(L);
    lua_replace(L, 7);
  }
}

/* send(msg, offset, length, port, address, callback), send(msg, port, address, callback) */
int dgram_lua_send(lua_State *L) {
  DgramSocket *s = dgram_self(L);
  bool connected = s->peer == DGRAM_CONNECTED;
  arrange(L, connected);
  push_list(L);
  lua_replace(L, 2);
  if (connected) {
    lua_pushnil(L);
  } else {
    lua_pushinteger(L, net_arg_port_not_0(L, 5));
  }
  lua_replace(L, 5);
  if (!lua_isnil(L, 6)) (void)arg_string(L, 6, "address", NULL);
  s = dgram_open(L);
  dgram_bind_any(L, 1);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  for (int i = 5; i <= 7; i++) lua_pushvalue(L, i);
  lua_pushcclosure(L, send_bound, 5);
  if (s->bound != DGRAM_BOUND) dgram_enqueue(L, 1);
  else lua_call(L, 0, 0);
  return 0;
}
