/* SPDX-License-Identifier: MIT */
/* socket_rows.c - what a net.Socket offers to Lua. */
#include "internal.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"

static NetSocket *self_of(lua_State *L) { return class_check(L, 1, &net_socket_class); }

static bool is_open(const NetSocket *s) { return handle_is_open(&s->base.stream.base); }

/* ---- construction ---- */

static const char *fd_kind(int fd) {
  switch (uv_guess_handle(fd)) {
  case UV_FILE: return "FILE";
  case UV_TTY: return "TTY";
  case UV_UDP: return "UDP";
  case UV_TCP: return "TCP";
  case UV_NAMED_PIPE: return "PIPE";
  default: return "UNKNOWN";
  }
}

/* The Socket at 1 takes the descriptor fd. */
static void take_fd(lua_State *L, int fd) {
  NetSocket *s = self_of(L);
  const char *kind = fd_kind(fd);
  bool pipe = !strcmp(kind, "PIPE");
  if (!pipe && strcmp(kind, "TCP") != 0)
    err_raise(L, &type_error_class, "ERR_INVALID_FD_TYPE", "Unsupported fd type: %s", kind);
  int err = net_socket_init_handle(L, 1, pipe);
  if (err == 0) err = pipe ? uv_pipe_open(&s->base.uv.pipe, fd) : uv_tcp_open(&s->base.uv.tcp, fd);
  if (err == 0) return;
  s->base.stream.base.closed = NULL;
  handle_close(&s->base.stream.base);
  err_raise_uv(L, err, "open");
}

/* Bytes go to options.onread = { buffer, callback }. The buffer at work is at 3 of the table in NET_ONREAD,
 * and libuv reads no more than fits into it. */
static void onread_next(lua_State *L, int self, int onread) {
  NetSocket *s = net_socket_test(L, self);
  lua_getfield(L, onread, "buffer");
  if (lua_isfunction(L, -1)) lua_call(L, 0, 1);
  const Buffer *b = buffer_test(L, -1);
  if (!b || b->length == 0) err_arg_type(L, lua_gettop(L), "options.onread.buffer", "an instance of Buffer");
  s->base.read_most = b->length;
  lua_rawseti(L, onread, 1);
}

static void onread_consume(lua_State *L, int self, const char *bytes, ssize_t n) {
  if (n <= 0) return;
  net_data_push(L, self, NET_ONREAD);
  int onread = lua_gettop(L);
  lua_getfield(L, onread, "callback");
  lua_pushinteger(L, n);
  lua_rawgeti(L, onread, 1);
  const Buffer *b = buffer_test(L, -1);
  if (b && b->length >= (size_t)n) memcpy(buffer_bytes(b), bytes, (size_t)n);
  lua_call(L, 2, 1);
  bool stop = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
  NetSocket *s = net_socket_test(L, self);
  if (stop) socket_read_stop(&s->base);
  if (!s->base.stream.destroyed) onread_next(L, self, onread);
}

static void onread_option(lua_State *L, int opts) {
  if (opt_push(L, opts, "onread") == LUA_TTABLE) {
    int given = lua_gettop(L);
    lua_getfield(L, given, "buffer");
    lua_getfield(L, given, "callback");
    if ((lua_isfunction(L, -2) || buffer_test(L, -2)) && arg_is_callable(L, -1)) {
      lua_createtable(L, 1, 2);
      lua_insert(L, -3);
      lua_setfield(L, -3, "callback");
      lua_setfield(L, -2, "buffer");
      int onread = lua_gettop(L);
      onread_next(L, 1, onread);
      lua_pushvalue(L, onread);
      net_data_set(L, 1, NET_ONREAD);
      net_socket_consume(self_of(L), onread_consume);
    }
    lua_settop(L, given);
  }
  lua_pop(L, 1);
}

static void refuse_objects(lua_State *L, int opts) {
  static const char *const names[] = { "objectMode", "readableObjectMode", "writableObjectMode" };
  for (int i = 0; i < 3; i++) {
    if (!net_option(L, opts, names[i])) continue;
    const char *name = lua_pushfstring(L, "options.%s", names[i]);
    (void)opt_push(L, opts, names[i]);
    err_arg_value(L, lua_gettop(L), name, "is not supported");
  }
}

static void half_option(lua_State *L, int opts, const char *key, bool *off) {
  *off = opt_push(L, opts, key) == LUA_TBOOLEAN && !lua_toboolean(L, -1);
  lua_pop(L, 1);
}

/* The options of a Socket at `opts` (0: none); the Socket is at 1. */
static void socket_options(lua_State *L, int opts) {
  NetSocket *s = self_of(L);
  Stream *stream = &s->base.stream;
  bool no_read, no_write;
  refuse_objects(L, opts);
  lua_Number delay = opt_number(L, opts, "keepAliveInitialDelay", 0);
  stream_options(L, 1, opts);
  stream->emit_close = false; /* `close` comes when the descriptor is closed */
  stream->auto_destroy = true;
  stream->allow_half_open = net_option(L, opts, "allowHalfOpen");
  half_option(L, opts, "readable", &no_read);
  half_option(L, opts, "writable", &no_write);
  if (no_read) stream->r.off = stream->r.ended = stream->r.end_emitted = true;
  if (no_write) stream->w.off = stream->w.ending = stream->w.ended = stream->w.finished = true;
  s->no_delay = net_option(L, opts, "noDelay");
  s->keep_alive = net_option(L, opts, "keepAlive");
  s->keep_delay = delay >= 1000 && delay < 4e12 ? (unsigned)(delay / 1000) : 0;
  onread_option(L, opts);
}

/* Socket(options), Socket(fd) */
static int socket_init(lua_State *L) {
  NetSocket *s = self_of(L);
  lua_settop(L, 2);
  if (lua_type(L, 2) == LUA_TNUMBER) {
    lua_createtable(L, 0, 1);
    lua_insert(L, 2);
    lua_setfield(L, 2, "fd");
  }
  if (!lua_isnil(L, 2) && !lua_istable(L, 2)) return err_arg_type(L, 2, "options", "of type table");
  socket_options(L, 2);
  if (opt_push(L, 2, "fd") == LUA_TNIL) return 0;
  int fd = (int)arg_integer(L, 3, "fd", 0, INT32_MAX);
  if (is_open(s)) return 0;
  take_fd(L, fd);
  lua_settop(L, 2);
  net_socket_begin(L, 1, s->base.stream.r.off);
  return 0;
}

static int socket_alloc(lua_State *L) {
  (void)net_socket_new(L, &net_socket_class, sizeof(NetSocket), 0);
  return 1;
}

/* ---- methods ---- */

static int return_self(lua_State *L) {
  lua_settop(L, 1);
  return 1;
}

static int socket_set_no_delay(lua_State *L) {
  NetSocket *s = self_of(L);
  bool on = lua_gettop(L) < 2 || lua_isnil(L, 2) || lua_toboolean(L, 2);
  if (is_open(s) && !s->is_pipe && on != s->no_delay) (void)uv_tcp_nodelay(&s->base.uv.tcp, on);
  s->no_delay = on; /* not yet a socket, or no more: as in Node no error */
  return return_self(L);
}

static int socket_set_keep_alive(lua_State *L) {
  NetSocket *s = self_of(L);
  bool on = lua_toboolean(L, 2);
  lua_Number ms = lua_type(L, 3) == LUA_TNUMBER ? lua_tonumber(L, 3) : 0;
  unsigned delay = ms >= 1000 && ms < 4e12 ? (unsigned)(ms / 1000) : 0;
  if (is_open(s) && !s->is_pipe && (on != s->keep_alive || (on && delay != s->keep_delay)))
    (void)uv_tcp_keepalive(&s->base.uv.tcp, on, delay ? delay : 1);
  s->keep_alive = on;
  s->keep_delay = delay;
  return return_self(L);
}

/* Listener of `finish`; upvalue: the Socket. */
static int call_destroy(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  class_call_method(L, 1, "destroy", 0, 0);
  return 0;
}

static int socket_destroy_soon(lua_State *L) {
  NetSocket *s = self_of(L);
  lua_settop(L, 1);
  if (writable_open(&s->base.stream)) writable_end(L, 1);
  if (s->base.stream.w.finished) {
    stream_destroy(L, 1, 0);
  } else {
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, call_destroy, 1);
    emitter_on(L, 1, "finish", true);
  }
  return return_self(L);
}

static int socket_reset_and_destroy(lua_State *L) {
  NetSocket *s = self_of(L);
  lua_settop(L, 1);
  if (!is_open(s)) {
    err_push(L, NULL, "ERR_SOCKET_CLOSED", "Socket is closed");
    stream_destroy(L, 1, 2);
  } else if (s->is_pipe) {
    return err_raise(L, &type_error_class, "ERR_INVALID_HANDLE_TYPE",
                     "This handle type cannot be sent");
  } else if (s->connecting) {
    s->reset_on_connect = true;
  } else {
    (void)net_socket_reset(s); /* an ordinary close is what is left */
    stream_destroy(L, 1, 0);
  }
  return return_self(L);
}

static int socket_ref(lua_State *L) {
  NetSocket *s = self_of(L);
  s->unref_early = false;
  return handle_lua_ref(L);
}

static int socket_unref(lua_State *L) {
  NetSocket *s = self_of(L);
  s->unref_early = true;
  return handle_lua_unref(L);
}

/* With onread nobody pushes into the reading half, so that pause and resume act on the descriptor. */
static int socket_pause(lua_State *L) {
  NetSocket *s = self_of(L);
  lua_settop(L, 1);
  if (s->base.consume == onread_consume && !s->connecting) socket_read_stop(&s->base);
  readable_pause(L, 1);
  return 1;
}

static int socket_resume(lua_State *L) {
  NetSocket *s = self_of(L);
  lua_settop(L, 1);
  if (s->base.consume == onread_consume && !s->connecting && is_open(s)) socket_impl.read(L, 1, 0);
  readable_resume(L, 1);
  lua_settop(L, 1);
  return 1;
}

/* ---- addresses ---- */

/* The own or the other side's address; NULL where there is none. */
static const struct sockaddr_storage *name_of(lua_State *L, NetSocket *s, bool remote) {
  bool *known = remote ? &s->has_remote : &s->has_local;
  if (*known) return &s->names[remote];
  if (!is_open(s) || s->is_pipe || (remote && s->connecting)) return NULL;
  if (!s->names && !(s->names = calloc(2, sizeof *s->names))) luaL_error(L, "not enough memory");
  struct sockaddr_storage *name = &s->names[remote];
  int len = sizeof *name;
  int err = remote ? uv_tcp_getpeername(&s->base.uv.tcp, (struct sockaddr *)name, &len)
                   : uv_tcp_getsockname(&s->base.uv.tcp, (struct sockaddr *)name, &len);
  if (err < 0) return NULL;
  *known = !s->connecting;
  return name;
}

static int push_name(lua_State *L, bool remote, const char *field) {
  const struct sockaddr_storage *name = name_of(L, self_of(L), remote);
  if (!name) return 0;
  net_push_address(L, name);
  lua_getfield(L, -1, field);
  return 1;
}

static int get_local_address(lua_State *L) { return push_name(L, false, "address"); }
static int get_local_port(lua_State *L) { return push_name(L, false, "port"); }
static int get_local_family(lua_State *L) { return push_name(L, false, "family"); }
static int get_remote_address(lua_State *L) { return push_name(L, true, "address"); }
static int get_remote_port(lua_State *L) { return push_name(L, true, "port"); }
static int get_remote_family(lua_State *L) { return push_name(L, true, "family"); }

static int socket_address(lua_State *L) {
  const struct sockaddr_storage *name = name_of(L, self_of(L), false);
  if (name) net_push_address(L, name);
  else lua_createtable(L, 0, 0);
  return 1;
}

/* ---- properties ---- */

static int get_connecting(lua_State *L) {
  lua_pushboolean(L, self_of(L)->connecting);
  return 1;
}

static int get_pending(lua_State *L) {
  const NetSocket *s = self_of(L);
  lua_pushboolean(L, s->connecting || !is_open(s));
  return 1;
}

static int get_ready_state(lua_State *L) {
  const NetSocket *s = self_of(L);
  bool readable = readable_open(&s->base.stream), writable = writable_open(&s->base.stream);
  lua_pushstring(L, s->connecting ? "opening" : readable && writable ? "open" : readable ? "readOnly"
                    : writable ? "writeOnly" : "closed");
  return 1;
}

static int get_timeout(lua_State *L) {
  const NetSocket *s = self_of(L);
  if (s->timeout_set) lua_pushinteger(L, (lua_Integer)s->timeout);
  else lua_pushnil(L);
  return 1;
}

static int get_attempted(lua_State *L) {
  (void)self_of(L);
  net_data_push(L, 1, NET_ATTEMPTED);
  return 1;
}

static int get_buffer_size(lua_State *L) {
  const NetSocket *s = self_of(L);
  lua_pushinteger(L, (lua_Integer)s->base.stream.w.length);
  return 1;
}

static int get_bytes_written(lua_State *L) {
  const NetSocket *s = self_of(L);
  const WriteState *w = &s->base.stream.w;
  size_t waiting = w->length - (s->waits_write || s->waits_writev ? 0 : w->writing_len);
  lua_pushinteger(L, (lua_Integer)(s->base.bytes_written + waiting));
  return 1;
}

static int get_server(lua_State *L) {
  (void)self_of(L);
  net_socket_push_server(L, 1);
  return 1;
}

/* ---- rows ---- */

static const OptDef connect_options[] = {
  { "port", "integer", NULL, "The port to connect to." },
  { "host", "string", "\"localhost\"", "The host: an address or a name." },
  { "path", "string", NULL, "A unix socket instead: its path, or a name after a zero byte." },
  { "localAddress", "string", NULL, "The own address to connect from." },
  { "localPort", "integer", NULL, "The own port to connect from." },
  { "family", "integer", "0", "4 or 6: only such addresses of the host; 0: both." },
  { "hints", "integer", NULL, "Hints for dns.lookup." },
  { "lookup", "function", "dns.lookup", "Finds the addresses: lookup(host, options, callback)." },
  { "autoSelectFamily", "boolean", "true",
    "Where a host has several addresses: try one after the other until one answers." },
  { "autoSelectFamilyAttemptTimeout", "integer", "250", "Milliseconds for one of these attempts." },
  { 0 }
};

static const FnDef socket_methods[] = {
  { "connect", net_lua_connect, FN_METHOD,
    "connect(port: integer|string|table, host: string|function?, callback: function?): Socket",
    "Connects to a port of a host, to the path of a unix socket, or as the options say; callback is a "
    "listener of \"connect\".", connect_options, NULL, NULL },
  { "address", socket_address, FN_METHOD, "address(): table",
    "The own side's { address, family, port }; empty when there is none.", NULL, NULL, NULL },
  { "destroySoon", socket_destroy_soon, FN_METHOD, "destroySoon(): Socket",
    "Destroys it once all that was written is out.", NULL, NULL, "Returns the Socket." },
  { "resetAndDestroy", socket_reset_and_destroy, FN_METHOD, "resetAndDestroy(): Socket",
    "Closes the connection with RST: the other side gets ECONNRESET.", NULL, NULL, NULL },
  { "setNoDelay", socket_set_no_delay, FN_METHOD, "setNoDelay(noDelay: boolean?): Socket",
    "Sends small writes at once, without waiting for more (no Nagle's algorithm). Default: true.", NULL, NULL, NULL },
  { "setKeepAlive", socket_set_keep_alive, FN_METHOD,
    "setKeepAlive(enable: boolean?, initialDelay: integer?): Socket",
    "Lets the system probe a silent connection, first after initialDelay milliseconds.", NULL, NULL, NULL },
  { "setTimeout", net_lua_set_timeout, FN_METHOD,
    "setTimeout(timeout: integer, callback: function?): Socket",
    "Emits \"timeout\" when nothing has come or gone for so many milliseconds; 0: never. The connection "
    "stays as it is. callback is a listener for one such event.", NULL, NULL, NULL },
  { "ref", socket_ref, FN_METHOD, "ref(): Socket", "Lets it keep the program running (again).", NULL, NULL,
    NULL },
  { "unref", socket_unref, FN_METHOD, "unref(): Socket", "The program may end while it is open.", NULL,
    NULL, NULL },
  { "pause", socket_pause, FN_METHOD, "pause(): Socket", "Stops \"data\" events.", NULL, NULL, NULL },
  { "resume", socket_resume, FN_METHOD, "resume(): Socket", "Lets data flow.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef socket_props[] = {
  { "connecting", get_connecting, NULL, "boolean", "Was connect called, and has it not yet connected?" },
  { "pending", get_pending, NULL, "boolean", "Is it not connected (yet, or any more)?" },
  { "readyState", get_ready_state, NULL, "string",
    "\"opening\", \"open\", \"readOnly\", \"writeOnly\" or \"closed\"." },
  { "timeout", get_timeout, NULL, "integer?", "The milliseconds of setTimeout." },
  { "localAddress", get_local_address, NULL, "string?", "The own address." },
  { "localPort", get_local_port, NULL, "integer?", "The own port." },
  { "localFamily", get_local_family, NULL, "string?", "\"IPv4\" or \"IPv6\"." },
  { "remoteAddress", get_remote_address, NULL, "string?", "The address of the other side." },
  { "remotePort", get_remote_port, NULL, "integer?", "The port of the other side." },
  { "remoteFamily", get_remote_family, NULL, "string?", "\"IPv4\" or \"IPv6\"." },
  { "bytesWritten", get_bytes_written, NULL, "integer", "Bytes written, those that still wait included." },
  { "bufferSize", get_buffer_size, NULL, "integer", "The older name of writableLength." },
  { "server", get_server, NULL, "Server?", "The Server that has accepted it." },
  { "autoSelectFamilyAttemptedAddresses", get_attempted, NULL, "string[]?",
    "Where several addresses were tried: each as \"address:port\"." },
  { 0 }
};

static const EventDef socket_events[] = {
  { "lookup", "error: Error?, address: string?, family: integer?, host: string",
    "The name of the host was looked up." },
  { "connectionAttempt", "ip: string, port: integer, family: integer", "An address is tried." },
  { "connectionAttemptFailed", "ip: string, port: integer, family: integer, error: Error",
    "It could not be connected to." },
  { "connectionAttemptTimeout", "ip: string, port: integer, family: integer",
    "It has not answered in time, the next one is tried." },
  { "connect", "", "The connection is there." },
  { "ready", "", "The same, right after \"connect\"." },
  { "timeout", "", "Nothing has come or gone for the time of setTimeout." },
  { "close", "hadError: boolean", "The connection is closed." },
  { 0 }
};

const ClassDef net_socket_class = {
  .name = "Socket", .base = &socket_class, .alloc = socket_alloc, .init = socket_init, .gc = handle_gc,
  .methods = socket_methods, .props = socket_props, .events = socket_events,
  .doc = "A TCP or unix socket connection: a Duplex. Servers give one for each connection, net.connect makes one. "
         "Socket(options) makes one that is not connected; its options are those of net.connect that do not say where to, "
         "and fd: a connected socket's descriptor, readable, writable: false switches that half off.",
  .example = "local net = require \"net\"\n"
             "local server = net.createServer(function(c) c:finish \"hello\" end)\n"
             "server:listen(0, \"127.0.0.1\", function()\n"
             "  local s = net.Socket()\n"
             "  s:connect(server:address().port, \"127.0.0.1\")\n"
             "  s:on(\"data\", function(d) print(d) end)\n"
             "  s:on(\"close\", function() server:close() end)\nend)"
};
