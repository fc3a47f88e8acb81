/* SPDX-License-Identifier: MIT */
/* server.c - http.Server: a net.Server whose connections speak HTTP.
 *
 * What it knows beyond net.Server lies in an HttpServer, a userdata of its own. One timer of libuv, which
 * keeps no program running, serves all connections: idle ones that are too old, and every
 * connectionsCheckingInterval those whose request takes too long. */
#include "internal.h"

#include <math.h>
#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"
#include "server.h"

enum { UV_SERVER_STATE = UV_NET_SERVER_FREE };

struct HttpTimer {
  Handle base;
  uv_timer_t uv;
  HttpServer *server;      /* borrows; NULL once that is gone */
};

static const char state_meta = 0;

/* ---- the timer ---- */

static void on_timer(uv_timer_t *uv);

static void timer_release(Handle *h) {
  HttpTimer *t = (HttpTimer *)h;
  if (t->server) t->server->timer = NULL;
}

static HttpTimer *timer_of(HttpServer *s) {
  if (s->timer || s->rt->stopping) return s->timer;
  HttpTimer *t = handle_new_internal(s->rt, sizeof *t);
  if (!t) return NULL;
  (void)uv_timer_init(&s->rt->loop, &t->uv); /* always 0 */
  uv_unref((uv_handle_t *)&t->uv);
  t->base.release = timer_release;
  handle_opened(&t->base, (uv_handle_t *)&t->uv);
  t->server = s;
  return s->timer = t;
}

void http_server_schedule(HttpServer *s) {
  uint64_t due = conns_due(s), now = uv_now(&s->rt->loop);
  HttpTimer *t = due ? timer_of(s) : NULL;
  if (!t || !handle_is_open(&t->base)) return; /* without memory for it nothing is ever too old */
  uint64_t left = due > now ? due - now : 1;
  if (uv_is_active((uv_handle_t *)&t->uv) && uv_timer_get_due_in(&t->uv) <= left) return;
  (void)uv_timer_start(&t->uv, on_timer, left, 0); /* fails only while it closes */
}

static int timer_deliver(lua_State *L) {
  HttpTimer *t = lua_touserdata(L, 1);
  if (t->server) conns_check(L, t->server, uv_now(&t->server->rt->loop));
  return 0;
}

static void on_timer(uv_timer_t *uv) {
  HttpTimer *t = uv->data;
  if (!t->server) return;
  (void)rt_enter(t->base.rt, timer_deliver, t);
  if (t->server && handle_is_open(&t->base)) http_server_schedule(t->server);
}

/* ---- the state ---- */

static int state_gc(lua_State *L) {
  HttpServer *s = lua_touserdata(L, 1);
  if (s->timer) {
    s->timer->server = NULL;
    handle_close(&s->timer->base);
  }
  s->timer = NULL;
  return 0;
}

static HttpServer *state_push_new(lua_State *L) {
  HttpServer *s = lua_newuserdatauv(L, sizeof *s, STATE_COUNT);
  *s = (HttpServer){ .rt = rt_of(L), .keep_alive_timeout = 5000, .headers_timeout = 60000,
                     .request_timeout = 300000, .check_interval = 30000, .max_headers = -1,
                     .max_head = HTTP_DEFAULT_HEAD, .require_host = true };
  list_init(&s->conns);
  list_init(&s->idle);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &state_meta) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, state_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &state_meta);
  }
  lua_setmetatable(L, -2);
  return s;
}

void http_server_push_state(lua_State *L, int server) { lua_getiuservalue(L, server, UV_SERVER_STATE); }

HttpServer *http_server_state(lua_State *L, int server) {
  if (!class_test(L, server, &http_server_class)) return NULL;
  http_server_push_state(L, server);
  HttpServer *s = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return s;
}

static HttpServer *server_self(lua_State *L) {
  (void)class_check(L, 1, &http_server_class);
  return http_server_state(L, 1);
}

static int server_alloc(lua_State *L) {
  NetServer *v = net_server_new(L, &http_server_class, sizeof *v, 1);
  v->allow_half_open = true;
  v->no_delay = true;
  (void)state_push_new(L);
  lua_setiuservalue(L, -2, UV_SERVER_STATE);
  conn_listen(L, -1);
  return 1;
}

/* ---- options ---- */

/* Milliseconds or a number of bytes: a whole number >= 0. */
static lua_Integer opt_count(lua_State *L, int opts, const char *key, lua_Integer fallback) {
  lua_Integer n = fallback;
  if (opt_push(L, opts, key) != LUA_TNIL)
    n = arg_integer(L, lua_gettop(L), key, 0, ((lua_Integer)1 << 53) - 1);
  lua_pop(L, 1);
  return n;
}

static void read_timeouts(lua_State *L, int opts, HttpServer *s) {
  s->request_timeout = opt_count(L, opts, "requestTimeout", 300000);
  lua_Integer most = s->request_timeout < 60000 ? s->request_timeout : 60000;
  s->headers_timeout = opt_count(L, opts, "headersTimeout", most);
  if (s->request_timeout > 0 && s->headers_timeout > s->request_timeout) {
    lua_pushinteger(L, s->headers_timeout);
    err_range(L, lua_gettop(L), "headersTimeout", "<= requestTimeout");
  }
  s->keep_alive_timeout = opt_count(L, opts, "keepAliveTimeout", 5000);
  s->check_interval = opt_count(L, opts, "connectionsCheckingInterval", 30000);
}

/* options[key], a class, becomes user value `which` of the state at `state`. */
static bool read_class(lua_State *L, int opts, const char *key, int state, int which) {
  bool given = opt_push(L, opts, key) != LUA_TNIL;
  if (given && !arg_is_callable(L, -1)) err_arg_type(L, lua_gettop(L), key, "of type function");
  if (given) lua_setiuservalue(L, state, which);
  else lua_pop(L, 1);
  return given;
}

static void read_unique(lua_State *L, int opts, int state) {
  lua_newtable(L);
  int set = lua_gettop(L);
  if (opt_push(L, opts, "uniqueHeaders") == LUA_TTABLE) {
    lua_Integer n = (lua_Integer)lua_rawlen(L, set + 1);
    for (lua_Integer i = 1; i <= n; i++) {
      if (lua_rawgeti(L, set + 1, i) == LUA_TSTRING) {
        lua_pushboolean(L, true);
        lua_rawset(L, set);
      } else {
        lua_pop(L, 1);
      }
    }
    lua_pushvalue(L, set);
    lua_setiuservalue(L, state, STATE_UNIQUE);
    http_server_state(L, 1)->unique = true;
  }
  lua_settop(L, set - 1);
}

static void read_options(lua_State *L, int self, int opts, HttpServer *s) {
  read_timeouts(L, opts, s);
  lua_Integer head = opt_count(L, opts, "maxHeaderSize", HTTP_DEFAULT_HEAD);
  s->max_head = head < UINT32_MAX ? head : UINT32_MAX;
  if (s->max_head == 0) s->max_head = HTTP_DEFAULT_HEAD;
  s->require_host = opt_boolean(L, opts, "requireHostHeader", true);
  s->join = opt_boolean(L, opts, "joinDuplicateHeaders", false);
  s->reject_body = opt_boolean(L, opts, "rejectNonStandardBodyWrites", false);
  if (opt_boolean(L, opts, "insecureHTTPParser", false))
    err_raise(L, NULL, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "insecureHTTPParser is not available here");
  http_server_push_state(L, self);
  int state = lua_gettop(L);
  s->own_request = read_class(L, opts, "IncomingMessage", state, STATE_REQUEST);
  s->own_response = read_class(L, opts, "ServerResponse", state, STATE_RESPONSE);
  read_unique(L, opts, state);
  lua_pop(L, 1);
  net_server_options(L, self, opts);
  NetServer *v = net_server_test(L, self);
  v->allow_half_open = true;
  v->pause_on_connect = false;
  v->no_delay = opt_boolean(L, opts, "noDelay", true);
}

/* Server(options, requestListener) */
static int server_construct(lua_State *L) {
  HttpServer *s = server_self(L);
  lua_settop(L, 3);
  if (lua_isfunction(L, 2)) {
    lua_copy(L, 2, 3);
    lua_pushnil(L);
    lua_replace(L, 2);
  }
  if (!lua_isnil(L, 2) && !lua_istable(L, 2)) err_arg_type(L, 2, "options", "of type table");
  if (!lua_isnil(L, 3)) arg_function(L, 3, "listener");
  read_options(L, 1, lua_isnil(L, 2) ? 0 : 2, s);
  if (!lua_isnil(L, 3)) {
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "request", false);
  }
  return 0;
}

/* createServer(options, requestListener) */
int http_create_server(lua_State *L) {
  class_construct(L, &http_server_class, lua_gettop(L));
  return 1;
}

/* ---- methods ---- */

static int close_idle(lua_State *L) {
  conns_close(L, server_self(L), false);
  return 0;
}

static int close_all(lua_State *L) {
  conns_close(L, server_self(L), true);
  return 0;
}

/* close(callback) */
static int server_close(lua_State *L) {
  HttpServer *s = server_self(L);
  lua_settop(L, 2);
  const NetServer *v = net_server_test(L, 1);
  bool shared = v->listening && v->away.closed; /* other workers go on: nobody may notice */
  if (v->listening) conns_begin_close(L, s);
  if (shared) conns_linger(s);
  else conns_close(L, s, false);
  class_push(L, &net_server_class);
  lua_getfield(L, -1, "close");
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 0);
  lua_settop(L, 1);
  return 1;
}

static lua_Integer arg_ms(lua_State *L, int idx, const char *name) {
  lua_Number n = arg_number(L, idx, name);
  if (!(n >= 0 && n <= 9007199254740992.0)) err_range(L, idx, name, ">= 0");
  return (lua_Integer)ceil(n);
}

/* setTimeout(milliseconds, callback) */
static int set_timeout(lua_State *L) {
  HttpServer *s = server_self(L);
  lua_settop(L, 3);
  if (lua_isfunction(L, 2)) {
    lua_copy(L, 2, 3);
    lua_pushinteger(L, 0);
    lua_replace(L, 2);
  }
  s->timeout = lua_isnil(L, 2) ? 0 : arg_ms(L, 2, "msecs");
  if (!lua_isnil(L, 3)) {
    arg_function(L, 3, "callback");
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "timeout", false);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- properties ---- */

static int push_count(lua_State *L, lua_Integer n) {
  lua_pushinteger(L, n);
  return 1;
}

static int get_timeout(lua_State *L) { return push_count(L, server_self(L)->timeout); }
static int get_keep_alive(lua_State *L) { return push_count(L, server_self(L)->keep_alive_timeout); }
static int get_headers_timeout(lua_State *L) { return push_count(L, server_self(L)->headers_timeout); }
static int get_request_timeout(lua_State *L) { return push_count(L, server_self(L)->request_timeout); }
static int get_max_requests(lua_State *L) { return push_count(L, server_self(L)->max_requests); }

static int get_listening(lua_State *L) {
  (void)server_self(L);
  lua_pushboolean(L, net_server_test(L, 1)->listening);
  return 1;
}

static int get_max_headers(lua_State *L) {
  const HttpServer *s = server_self(L);
  if (s->max_headers < 0) lua_pushnil(L);
  else lua_pushinteger(L, s->max_headers);
  return 1;
}

static int set_timeout_value(lua_State *L) {
  server_self(L)->timeout = arg_ms(L, 2, "timeout");
  return 0;
}

static int set_keep_alive(lua_State *L) {
  server_self(L)->keep_alive_timeout = arg_ms(L, 2, "keepAliveTimeout");
  return 0;
}

static int set_headers_timeout(lua_State *L) {
  server_self(L)->headers_timeout = arg_ms(L, 2, "headersTimeout");
  return 0;
}

static int set_request_timeout(lua_State *L) {
  server_self(L)->request_timeout = arg_ms(L, 2, "requestTimeout");
  return 0;
}

static int set_max_requests(lua_State *L) {
  server_self(L)->max_requests = lua_isnoneornil(L, 2) ? 0 : arg_ms(L, 2, "maxRequestsPerSocket");
  return 0;
}

static int set_max_headers(lua_State *L) {
  server_self(L)->max_headers = lua_isnoneornil(L, 2) ? -1 : arg_ms(L, 2, "maxHeadersCount");
  return 0;
}

/* ---- rows ---- */

const OptDef http_server_options[] = {
  { "connectionsCheckingInterval", "integer", "30000",
    "Milliseconds from one look for late requests to the next." },
  { "headersTimeout", "integer", "60000", "Milliseconds for a request's head; later comes 408." },
  { "requestTimeout", "integer", "300000", "Milliseconds for a whole request; later comes 408." },
  { "keepAliveTimeout", "integer", "5000",
    "Milliseconds that the server waits for the next request of a connection, and one second more; 0: for "
    "ever." },
  { "keepAlive", "boolean", "false", "TCP keep-alive on every connection." },
  { "keepAliveInitialDelay", "integer", "0", "Milliseconds before the first TCP keep-alive." },
  { "maxHeaderSize", "integer", "16384", "Bytes of a request's head; more is answered 431." },
  { "noDelay", "boolean", "true", "Small packets leave at once." },
  { "requireHostHeader", "boolean", "true", "Answer 400 to a request of HTTP/1.1 without Host?" },
  { "joinDuplicateHeaders", "boolean", "false", "Join all headers that come twice by \", \"?" },
  { "highWaterMark", "integer", "16384", "Of the streams of each connection." },
  { "uniqueHeaders", "string[]", NULL, "Headers whose values are sent in one line, joined by \"; \"." },
  { "rejectNonStandardBodyWrites", "boolean", "false",
    "Raise for a body where none may be (HEAD, 204, 304)?" },
  { "IncomingMessage", "IncomingMessage", NULL, "A class derived from it, to be used in its place." },
  { "ServerResponse", "ServerResponse", NULL, "A class derived from it, to be used in its place." },
  { 0 }
};

static const FnDef server_methods[] = {
  { "close", server_close, FN_METHOD, "close(callback: function?): Server",
    "Takes no more connections and closes the idle ones. \"close\" comes when the last one is gone; those "
    "that still work on a request end with its answer, which says Connection: close.", NULL, NULL,
    "Node keeps such connections open for keepAliveTimeout. In a cluster worker idle ones are kept for half "
    "a second, for the request that may be under way to them." },
  { "closeAllConnections", close_all, FN_METHOD, "closeAllConnections()",
    "Closes all connections, also those that work on a request.", NULL, NULL, NULL },
  { "closeIdleConnections", close_idle, FN_METHOD, "closeIdleConnections()",
    "Closes the connections that wait for a request.", NULL, NULL, NULL },
  { "setTimeout", set_timeout, FN_METHOD, "setTimeout(milliseconds: number?, callback: function?): Server",
    "The timeout of sockets; callback(socket) is a listener of \"timeout\", without which the socket is "
    "closed.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef server_props[] = {
  { "listening", get_listening, NULL, "boolean", "Does it take connections?" },
  { "timeout", get_timeout, set_timeout_value, "integer",
    "Milliseconds without any data after which a socket times out; 0: never." },
  { "keepAliveTimeout", get_keep_alive, set_keep_alive, "integer", "The option of this name." },
  { "headersTimeout", get_headers_timeout, set_headers_timeout, "integer", "The option of this name." },
  { "requestTimeout", get_request_timeout, set_request_timeout, "integer", "The option of this name." },
  { "maxRequestsPerSocket", get_max_requests, set_max_requests, "integer",
    "Requests of one connection, then it is closed; 0: any number." },
  { "maxHeadersCount", get_max_headers, set_max_headers, "integer?",
    "How many headers of a request are kept; nil: 1000, 0: all." },
  { 0 }
};

static const EventDef server_events[] = {
  { "request", "req: IncomingMessage, res: ServerResponse", "A request has come: its head." },
  { "checkContinue", "req: IncomingMessage, res: ServerResponse",
    "In place of \"request\" for one that asks with Expect: 100-continue whether to send its body." },
  { "checkExpectation", "req: IncomingMessage, res: ServerResponse",
    "In place of \"request\" for one with any other Expect; without a listener it is answered 417." },
  { "clientError", "err: Error, socket: Socket",
    "A client sent nonsense, or failed. Without a listener the answer is 400 (408, 413, 431) and the "
    "connection is closed; a listener has to do that itself." },
  { "connect", "req: IncomingMessage, socket: Socket, head: Buffer",
    "The method CONNECT: the socket is yours. Without a listener it is closed." },
  { "upgrade", "req: IncomingMessage, socket: Socket, head: Buffer",
    "A request for another protocol: the socket is yours. Without a listener it is an ordinary request." },
  { "dropRequest", "req: IncomingMessage, socket: Socket",
    "One request more than maxRequestsPerSocket: it is answered 503." },
  { "timeout", "socket: Socket", "A socket has timed out. Without a listener it is closed." },
  { 0 }
};

const ClassDef http_server_class = {
  .name = "Server", .base = &net_server_class, .alloc = server_alloc, .init = server_construct,
  .methods = server_methods, .props = server_props, .events = server_events,
  .doc = "A server of HTTP/1.1: a net.Server with \"request\" events. listen, address and the rest are "
         "those of net.Server.",
  .example = "local http = require \"http\"\n"
             "local server = http.createServer(function(req, res)\n  res:finish(\"you asked for \" .. req.url)\nend)\n"
             "server:listen(0, function()\n"
             "  http.get({ port = server:address().port, path = \"/hello\" }, function(res)\n"
             "    res:on(\"data\", function(d) print(d) end)\n"
             "    res:on(\"end\", function() server:close() end)\n"
             "  end)\nend)"
};
