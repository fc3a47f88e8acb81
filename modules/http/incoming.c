/* SPDX-License-Identifier: MIT */
/* incoming.c - IncomingMessage: what a server is asked, what a client is answered.
 *
 * The head stays as the parser has found it; headers and the rest are made into Lua values when somebody
 * asks. The socket's reading stops when nobody takes the body. */
#include "internal.h"

#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"

enum { DEFAULT_FIELDS = 1000 };

Incoming *incoming_test(lua_State *L, int idx) { return class_test(L, idx, &incoming_class); }

static Incoming *incoming_self(lua_State *L) { return class_check(L, 1, &incoming_class); }

/* ---- the socket ---- */

void http_read_start(lua_State *L, int socket) {
  NetSocket *s = net_socket_test(L, socket);
  if (!s || s->base.reading || s->base.stream.destroyed || !s->base.consume || s->connecting) return;
  if (handle_is_open(&s->base.stream.base)) socket_impl.read(L, socket, 0);
}

void http_read_stop(lua_State *L, int socket) {
  NetSocket *s = net_socket_test(L, socket);
  if (s) socket_read_stop(&s->base);
}

static void incoming_read(lua_State *L, int self, size_t n) {
  (void)n;
  Incoming *m = incoming_test(L, self);
  m->consuming = true;
  lua_getiuservalue(L, self, UV_IN_SOCKET);
  http_read_start(L, lua_gettop(L));
  lua_pop(L, 1);
}

/* (self, err): where nobody listens for an error of the message it is none. */
static int tick_destroyed(lua_State *L) {
  stream_destroyed(L, 1, emitter_count(L, 1, "error") > 0 ? 2 : 0);
  return 0;
}

static void incoming_destroy(lua_State *L, int self, int err) {
  Incoming *m = incoming_test(L, self);
  if (!m->stream.r.end_emitted || !m->complete) {
    m->aborted = true;
    emit(L, self, "aborted", 0);
  }
  lua_getiuservalue(L, self, UV_IN_SOCKET);
  NetSocket *s = net_socket_test(L, lua_gettop(L));
  if (s && !s->base.stream.destroyed && m->aborted) stream_destroy(L, lua_gettop(L), err);
  lua_pop(L, 1);
  lua_pushcfunction(L, tick_destroyed);
  lua_pushvalue(L, self);
  if (err != 0) lua_pushvalue(L, err);
  else lua_pushnil(L);
  rt_next_tick(L, 2);
}

static const StreamImpl incoming_impl = { .read = incoming_read, .destroy = incoming_destroy };

/* ---- life ---- */

/* more: bytes behind the struct. */
static Incoming *push_new(lua_State *L, size_t more) {
  Incoming *m = stream_new_inline(L, &incoming_class, sizeof *m + more, STREAM_READS, &incoming_impl,
                                  INCOMING_EXTRA);
  m->stream.r.head = m->stream.r.tail = 1;
  m->limit = DEFAULT_FIELDS;
  return m;
}

static int incoming_alloc(lua_State *L) {
  (void)push_new(L, 0);
  return 1;
}

/* Keeps a copy of the head in user value `which` of the object at self. */
static HttpHead *keep_head(lua_State *L, int self, const HttpHead *head, int which) {
  HttpHead *copy = head_copy(head, lua_newuserdatauv(L, head_copy_size(head), 0));
  lua_setiuservalue(L, self, which);
  return copy;
}

/* IncomingMessage(socket) */
static int incoming_construct(lua_State *L) {
  Incoming *m = incoming_self(L);
  lua_settop(L, 2);
  NetSocket *s = net_socket_test(L, 2);
  if (s) m->stream.r.hwm = s->base.stream.r.hwm;
  lua_setiuservalue(L, 1, UV_IN_SOCKET);
  return 0;
}

static Incoming *push_own(lua_State *L, int socket, const HttpHead *head, int cls) {
  lua_pushvalue(L, cls);
  lua_pushvalue(L, socket);
  lua_call(L, 1, 1);
  Incoming *m = incoming_test(L, -1);
  if (!m)
    err_raise(L, &type_error_class, "ERR_INVALID_RETURN_VALUE", "expected an instance of IncomingMessage");
  m->head = keep_head(L, lua_gettop(L), head, UV_IN_HEAD);
  return m;
}

Incoming *incoming_new(lua_State *L, int socket, const HttpHead *head, int cls) {
  Incoming *m;
  if (cls != 0) {
    m = push_own(L, socket, head, cls);
  } else {
    m = push_new(L, head_copy_size(head));
    m->head = head_copy(head, m + 1);
    m->stream.r.hwm = net_socket_test(L, socket)->base.stream.r.hwm;
    lua_pushvalue(L, socket);
    lua_setiuservalue(L, -2, UV_IN_SOCKET);
  }
  m->upgrade = head->upgrade;
  return m;
}

/* Nobody listens, nobody has asked for data: the end needs no events, it is found when somebody does. */
static bool is_untouched(lua_State *L, int self, const ReadState *r) {
  if (r->flowing_known || r->resume_scheduled || r->length > 0 || r->reading) return false;
  bool none = lua_getiuservalue(L, self, UV_LISTENERS) == LUA_TNIL;
  lua_pop(L, 1);
  return none;
}

void incoming_complete(lua_State *L, int self, const HttpHead *trailers) {
  Incoming *m = incoming_test(L, self);
  m->complete = true;
  if (trailers) m->trailers = keep_head(L, self, trailers, UV_IN_TRAILERS);
  if (m->stream.r.ended) return;
  if (is_untouched(L, self, &m->stream.r)) m->stream.r.ended = true;
  else readable_push_end(L, self);
}

bool incoming_body(lua_State *L, int self, int socket, const char *bytes, size_t len) {
  Incoming *m = incoming_test(L, self);
  if (m->dumped || m->stream.destroyed) return true;
  socket_push_chunk(L, &net_socket_test(L, socket)->base, bytes, len);
  return readable_push(L, self);
}

void incoming_dump(lua_State *L, int self) {
  Incoming *m = incoming_test(L, self);
  if (m->dumped) return;
  m->dumped = true;
  if (m->complete && is_untouched(L, self, &m->stream.r)) return;
  lua_pushliteral(L, "data");
  class_call_method(L, self, "removeAllListeners", 1, 0);
  readable_resume(L, self);
}

void incoming_abort(lua_State *L, int self) {
  err_push(L, NULL, "ECONNRESET", "aborted");
  stream_destroy(L, self, lua_gettop(L));
  lua_pop(L, 1);
}

/* ---- properties ---- */

/* Pushes the value that a script has set, or that was made before. [+1|0] */
static bool cached(lua_State *L, const char *name) {
  if (lua_getiuservalue(L, 1, UV_IN_CACHE) == LUA_TTABLE && lua_getfield(L, -1, name) != LUA_TNIL) {
    lua_remove(L, -2);
    return true;
  }
  lua_settop(L, 1);
  return false;
}

/* Keeps the value on top. [0] */
static int cache(lua_State *L, const char *name) {
  if (lua_getiuservalue(L, 1, UV_IN_CACHE) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, UV_IN_CACHE);
  }
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
  return 1;
}

static int set_cached(lua_State *L, const char *name) {
  (void)incoming_self(L);
  lua_settop(L, 2);
  (void)cache(L, name);
  return 0;
}

static int get_method(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "method")) return 1;
  if (m->head && m->head->status == 0) lua_pushstring(L, http_method_name(m->head->method));
  else lua_pushnil(L);
  return 1;
}

static int get_url(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "url")) return 1;
  if (m->head && m->head->status == 0) fields_push_span(L, m->head, m->head->target);
  else lua_pushliteral(L, "");
  return 1;
}

static int get_status(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "statusCode")) return 1;
  if (m->head && m->head->status != 0) lua_pushinteger(L, m->head->status);
  else lua_pushnil(L);
  return 1;
}

static int get_message(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "statusMessage")) return 1;
  if (m->head && m->head->status != 0) fields_push_span(L, m->head, m->head->target);
  else lua_pushnil(L);
  return 1;
}

static int set_method(lua_State *L) { return set_cached(L, "method"); }
static int set_url(lua_State *L) { return set_cached(L, "url"); }
static int set_status(lua_State *L) { return set_cached(L, "statusCode"); }
static int set_message(lua_State *L) { return set_cached(L, "statusMessage"); }
static int set_headers(lua_State *L) { return set_cached(L, "headers"); }
static int set_trailers(lua_State *L) { return set_cached(L, "trailers"); }

static int get_headers(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "headers")) return 1;
  if (m->head) fields_push(L, m->head, m->limit, m->join);
  else lua_newtable(L);
  return cache(L, "headers");
}

static int get_trailers(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "trailers")) return 1;
  if (m->trailers) fields_push(L, m->trailers, m->limit, m->join);
  else lua_newtable(L);
  return m->trailers ? cache(L, "trailers") : 1;
}

static int get_distinct(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (cached(L, "headersDistinct")) return 1;
  if (m->head) fields_push_distinct(L, m->head, m->limit);
  else lua_newtable(L);
  return cache(L, "headersDistinct");
}

static int get_trailers_distinct(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (m->trailers) fields_push_distinct(L, m->trailers, m->limit);
  else lua_newtable(L);
  return 1;
}

static int get_raw(lua_State *L) {
  static const HttpHead none;
  const Incoming *m = incoming_self(L);
  if (cached(L, "rawHeaders")) return 1;
  fields_push_raw(L, m->head ? m->head : &none);
  return cache(L, "rawHeaders");
}

static int get_raw_trailers(lua_State *L) {
  static const HttpHead none;
  const Incoming *m = incoming_self(L);
  fields_push_raw(L, m->trailers ? m->trailers : &none);
  return 1;
}

static int get_version(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (m->head) lua_pushfstring(L, "%d.%d", m->head->major, m->head->minor);
  else lua_pushnil(L);
  return 1;
}

static int get_major(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (m->head) lua_pushinteger(L, m->head->major);
  else lua_pushnil(L);
  return 1;
}

static int get_minor(lua_State *L) {
  const Incoming *m = incoming_self(L);
  if (m->head) lua_pushinteger(L, m->head->minor);
  else lua_pushnil(L);
  return 1;
}

static int get_socket(lua_State *L) {
  (void)incoming_self(L);
  lua_getiuservalue(L, 1, UV_IN_SOCKET);
  return 1;
}

static int get_peer(lua_State *L) {
  (void)incoming_self(L);
  lua_getiuservalue(L, 1, UV_IN_PEER);
  return 1;
}

static int get_complete(lua_State *L) {
  lua_pushboolean(L, incoming_self(L)->complete);
  return 1;
}

static int get_aborted(lua_State *L) {
  lua_pushboolean(L, incoming_self(L)->aborted);
  return 1;
}

static int get_upgrade(lua_State *L) {
  lua_pushboolean(L, incoming_self(L)->upgrade);
  return 1;
}

/* setTimeout(milliseconds, callback) */
static int incoming_set_timeout(lua_State *L) {
  (void)incoming_self(L);
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) {
    arg_function(L, 3, "callback");
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "timeout", false);
  }
  lua_getiuservalue(L, 1, UV_IN_SOCKET);
  if (!lua_isnil(L, -1)) {
    lua_pushvalue(L, 2);
    class_call_method(L, 4, "setTimeout", 1, 0);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- rows ---- */

static const FnDef incoming_methods[] = {
  { "setTimeout", incoming_set_timeout, FN_METHOD,
    "setTimeout(milliseconds: number, callback: function?): IncomingMessage",
    "Calls socket:setTimeout; callback is a listener of \"timeout\".", NULL, NULL, NULL },
  { 0 }
};

static const PropDef incoming_props[] = {
  { "method", get_method, set_method, "string?", "Of a request: \"GET\", in capitals." },
  { "url", get_url, set_url, "string", "Of a request: what stands after the method, \"/path?query\"." },
  { "headers", get_headers, set_headers, "table",
    "The headers, names in lower case; made when first asked for. What comes twice is joined by \", \" "
    "(cookie by \"; \"), set-cookie is a sequence, of some only the first counts." },
  { "headersDistinct", get_distinct, NULL, "table", "As headers, but each a sequence of all values." },
  { "rawHeaders", get_raw, NULL, "string[]", "Name, value, name, value as they came." },
  { "trailers", get_trailers, set_trailers, "table", "As headers, those after the body; at \"end\"." },
  { "trailersDistinct", get_trailers_distinct, NULL, "table", "As headersDistinct, those after the body." },
  { "rawTrailers", get_raw_trailers, NULL, "string[]", "As rawHeaders, those after the body." },
  { "httpVersion", get_version, NULL, "string?", "\"1.1\" or \"1.0\"." },
  { "httpVersionMajor", get_major, NULL, "integer?", "1" },
  { "httpVersionMinor", get_minor, NULL, "integer?", "1 or 0" },
  { "statusCode", get_status, set_status, "integer?", "Of a response: 200." },
  { "statusMessage", get_message, set_message, "string?", "Of a response: \"OK\"." },
  { "socket", get_socket, NULL, "Socket?", "The connection." },
  { "connection", get_socket, NULL, "Socket?", "The same as socket." },
  { "req", get_peer, NULL, "ClientRequest?", "Of a response: what it answers." },
  { "complete", get_complete, NULL, "boolean", "Has all of it come?" },
  { "aborted", get_aborted, NULL, "boolean", "Was the connection closed before its end?" },
  { "upgrade", get_upgrade, NULL, "boolean", "Does it ask for another protocol, and is it let?" },
  { 0 }
};

static const EventDef incoming_events[] = {
  { "aborted", "", "The connection was closed before all of it had come." },
  { "timeout", "socket: Socket?", "Nothing came for the time of setTimeout." },
  { "close", "", "It is over." },
  { 0 }
};

const ClassDef incoming_class = {
  .name = "IncomingMessage", .base = &readable_class, .alloc = incoming_alloc,
  .init = incoming_construct, .gc = class_no_gc, .methods = incoming_methods, .props = incoming_props,
  .events = incoming_events,
  .doc = "A request as a server gets it, or a response as a client does: its head is here, its body is "
         "read from it as from any Readable.",
  .example = "local http = require \"http\"\n"
             "local server = http.createServer(function(req, res)\n"
             "  res:finish(req.method .. \" \" .. req.url .. \" from \" .. req.headers.host)\n"
             "end)\n"
             "server:listen(0, function()\n"
             "  http.get({ port = server:address().port }, function(res)\n"
             "    res:on(\"data\", function(d) print(d) end)\n"
             "    res:on(\"end\", function() server:close() end)\n"
             "  end)\nend)"
};
