/* SPDX-License-Identifier: MIT */
/* conn.c - a connection of a server: bytes in, requests out, answers in their order.
 *
 * A Conn is a userdata that its socket keeps. It takes the socket's bytes before the stream does, feeds
 * the parser and calls into Lua once a request. Answers that come before their turn collect their bytes
 * until the one before is done. The server lists all its Conns; an idle one stands in a second list, with
 * the time when it is too old, so that keep-alive costs no timer. */
#include "internal.h"

#include <string.h>
#include <sys/ioctl.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "events/events.h"
#include "response.h"

/* User values of the userdata. */
enum { CONN_SERVER = 1, CONN_REQUEST, CONN_RESPONSE, CONN_QUEUE, CONN_LISTENER, CONN_VALUES = CONN_LISTENER };

typedef struct Conn {
  HttpParser parser;
  List link, idle;         /* in the server's lists */
  HttpServer *server;      /* borrows; NULL once it is over */
  void **box;              /* borrows: where the socket's object has its struct; NULL once it is over */
  const char *bytes;       /* what has come and is not parsed yet; only while conn_read runs */
  size_t left;
  uint64_t begun;          /* ms of the loop's clock when the message under way began, 0: none */
  uint64_t idle_due;
  lua_Integer requests;
  lua_Integer first, last; /* of the queue of answers: first up to, not including, last */
  bool reading;            /* a message's body is awaited: CONN_REQUEST is it */
  bool busy;               /* CONN_RESPONSE is being answered */
  bool head_seen;          /* of the message under way */
  bool paused;             /* too much waits to be written */
  bool failed;             /* nothing more is parsed */
  bool error_told;
  bool upgrade;            /* the message under way leads to another protocol */
} Conn;

static const char conn_meta = 0;

/* ---- life ---- */

static void conn_over(Conn *c) {
  list_remove(&c->link);
  list_remove(&c->idle);
  parser_stop(&c->parser);
  c->server = NULL;
  c->box = NULL;
  c->failed = true;
}

static int conn_gc(lua_State *L) {
  conn_over(lua_touserdata(L, 1));
  return 0;
}

/* The socket's struct, which another connect may have replaced; NULL: there is none any more. */
static NetSocket *conn_socket(const Conn *c) { return c->box ? *c->box : NULL; }

static bool conn_goes_on(const Conn *c) {
  const NetSocket *s = conn_socket(c);
  return !c->failed && s && !s->base.stream.destroyed;
}

static Conn *conn_push_new(lua_State *L) {
  Conn *c = lua_newuserdatauv(L, sizeof *c, CONN_VALUES);
  memset(c, 0, sizeof *c);
  list_init(&c->link);
  list_init(&c->idle);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &conn_meta) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, conn_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &conn_meta);
  }
  lua_setmetatable(L, -2);
  return c;
}

/* Pushes the Conn of the socket; NULL, and nothing pushed, when it has none. [+1|0] */
static Conn *conn_push(lua_State *L, int socket) {
  const NetSocket *s = lua_isnoneornil(L, socket) ? NULL : net_socket_test(L, socket);
  if (!s || !s->owner) return NULL;
  net_socket_push_owner(L, socket);
  return lua_touserdata(L, -1) == s->owner ? s->owner : (lua_pop(L, 1), NULL);
}

static void clear_value(lua_State *L, int conn, int which) {
  lua_pushnil(L);
  lua_setiuservalue(L, conn, which);
}

/* ---- idle ---- */

static void conn_wait(lua_State *L, Conn *c) {
  HttpServer *s = c->server;
  if (s->keep_alive_timeout <= 0 && !s->closing) return;
  uint64_t now = uv_now(&rt_of(L)->loop);
  uint64_t wait = s->closing ? LAST_REQUEST_GRACE : (uint64_t)s->keep_alive_timeout + KEEP_ALIVE_GRACE;
  c->idle_due = now + wait;
  bool first = list_empty(&s->idle);
  list_append(&s->idle, &c->idle);
  if (first) http_server_schedule(s);
}

/* ---- failing ---- */

static const char *answer_to(const char *code) {
  if (!strcmp(code, "HPE_HEADER_OVERFLOW")) return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
  if (!strcmp(code, "HPE_CHUNK_EXTENSIONS_OVERFLOW")) return "HTTP/1.1 413 Payload Too Large\r\n";
  if (!strcmp(code, "ERR_HTTP_REQUEST_TIMEOUT")) return "HTTP/1.1 408 Request Timeout\r\n";
  return "HTTP/1.1 400 Bad Request\r\n";
}

/* Has the answer under way sent its head? */
static bool answer_begun(lua_State *L, int conn, const Conn *c) {
  if (!c->busy) return false;
  lua_getiuservalue(L, conn, CONN_RESPONSE);
  const Outgoing *o = outgoing_test(L, -1);
  bool begun = o && o->head_sent;
  lua_pop(L, 1);
  return begun;
}

/* The error at err ends the connection, unless somebody listens to `clientError` and does it. */
static void conn_error(lua_State *L, int socket, int conn, int err) {
  Conn *c = lua_touserdata(L, conn);
  c->error_told = c->failed = true;
  lua_getiuservalue(L, conn, CONN_SERVER);
  int server = lua_gettop(L);
  lua_pushvalue(L, err);
  lua_pushvalue(L, socket);
  if (!lua_isnil(L, server) && emit(L, server, "clientError", 2)) {
    lua_settop(L, server - 1);
    return;
  }
  lua_settop(L, server);
  const NetSocket *s = net_socket_test(L, socket);
  if (s && writable_open(&s->base.stream) && !answer_begun(L, conn, c)) {
    lua_getfield(L, err, "code");
    lua_pushfstring(L, "%sConnection: close\r\n\r\n", answer_to(lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : ""));
    class_call_method(L, socket, "write", 1, 0);
  }
  stream_destroy(L, socket, err);
  lua_settop(L, server - 1);
}

/* What the parser has found wrong. [+1] */
static void push_parse_error(lua_State *L, const Conn *c) {
  if (*c->parser.reason) err_push(L, NULL, c->parser.code, "Parse Error: %s", c->parser.reason);
  else err_push(L, NULL, c->parser.code, "Parse Error");
  lua_pushstring(L, c->parser.reason);
  lua_setfield(L, -2, "reason");
  buffer_push_copy(L, c->bytes ? c->bytes : "", c->left);
  lua_setfield(L, -2, "rawPacket");
  lua_pushinteger(L, 0);
  lua_setfield(L, -2, "bytesParsed");
}

static void conn_parse_error(lua_State *L, int socket, int conn) {
  Conn *c = lua_touserdata(L, conn);
  push_parse_error(L, c);
  conn_error(L, socket, conn, lua_gettop(L));
  lua_pop(L, 1);
}

/* ---- the end of the socket ---- */

/* Requests without an answer are aborted, the answer under way is closed. */
static void conn_closed(lua_State *L, int socket) {
  Conn *c = conn_push(L, socket);
  if (!c) return;
  int conn = lua_gettop(L);
  bool busy = c->busy, reading = c->reading;
  lua_Integer first = c->first, last = c->last;
  conn_over(c);
  c->busy = c->reading = false;
  lua_getiuservalue(L, conn, CONN_RESPONSE);
  lua_getiuservalue(L, conn, CONN_QUEUE);
  lua_getiuservalue(L, conn, CONN_REQUEST);
  if (busy) {
    lua_getiuservalue(L, conn + 1, UV_OUT_PEER);
    if (incoming_test(L, -1)) incoming_abort(L, conn + 4);
    lua_settop(L, conn + 3);
  }
  for (lua_Integer i = first; i < last; i++) {
    lua_rawgeti(L, conn + 2, i);
    lua_getiuservalue(L, conn + 4, UV_OUT_PEER);
    if (incoming_test(L, -1)) incoming_abort(L, conn + 5);
    lua_settop(L, conn + 3);
  }
  if (reading && incoming_test(L, conn + 3)) incoming_abort(L, conn + 3);
  if (busy) outgoing_tell_close(L, conn + 1);
  for (int which = CONN_REQUEST; which <= CONN_LISTENER; which++) clear_value(L, conn, which);
  lua_settop(L, conn - 1);
}

/* Nothing has happened for the socket's own timeout. */
static void conn_timeout(lua_State *L, int socket) {
  Conn *c = conn_push(L, socket);
  if (!c || !c->server) return;
  int conn = lua_gettop(L);
  bool heard = false;
  if (c->reading) {
    lua_getiuservalue(L, conn, CONN_REQUEST);
    lua_pushvalue(L, socket);
    heard |= emit(L, conn + 1, "timeout", 1);
    lua_settop(L, conn);
  }
  if (c->busy) {
    lua_getiuservalue(L, conn, CONN_RESPONSE);
    lua_pushvalue(L, socket);
    heard |= emit(L, conn + 1, "timeout", 1);
    lua_settop(L, conn);
  }
  lua_getiuservalue(L, conn, CONN_SERVER);
  lua_pushvalue(L, socket);
  heard |= emit(L, conn + 1, "timeout", 1);
  if (!heard) stream_destroy(L, socket, 0);
  lua_settop(L, conn - 1);
}

/* Listener of error(err), close(hadError) and timeout() of the socket, its upvalue: one closure for the
 * three, told apart by what they bring. */
static int on_socket_event(lua_State *L) {
  int kind = lua_gettop(L) == 0 ? LUA_TNIL : lua_type(L, 1);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (kind == LUA_TNIL) {
    conn_timeout(L, 2);
  } else if (kind == LUA_TBOOLEAN) {
    conn_closed(L, 2);
  } else {
    const Conn *c = conn_push(L, 2);
    if (c && !c->error_told) conn_error(L, 2, 3, 1);
  }
  return 0;
}

static const char *const socket_events[] = { "error", "close", "timeout" };

/* ---- answers ---- */

/* The answer on top has its turn. [-1] */
static void conn_assign(lua_State *L, int socket, int conn) {
  Conn *c = lua_touserdata(L, conn);
  int res = lua_gettop(L);
  c->busy = true;
  lua_pushvalue(L, res);
  lua_setiuservalue(L, conn, CONN_RESPONSE);
  outgoing_attach(L, res, socket);
  const Outgoing *o = outgoing_at(L, res);
  if (o->out_len > 0 || o->stream.w.ending) outgoing_flush(L, res);
  lua_settop(L, res - 1);
}

/* Waits for its turn. The answer is on top. [-1] */
static void conn_enqueue(lua_State *L, int conn) {
  Conn *c = lua_touserdata(L, conn);
  if (lua_getiuservalue(L, conn, CONN_QUEUE) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 4, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, conn, CONN_QUEUE);
    c->first = c->last = 1;
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, c->last++);
  lua_pop(L, 1);
}

/* Do the answers that wait hold more than the socket may? */
static bool conn_is_full(lua_State *L, int conn, const Conn *c) {
  const WriteState *w = &conn_socket(c)->base.stream.w;
  size_t sum = w->length;
  if (c->first == c->last) return w->need_drain && sum > 0;
  lua_getiuservalue(L, conn, CONN_QUEUE);
  for (lua_Integer i = c->first; i < c->last && sum <= w->hwm; i++) {
    lua_rawgeti(L, -1, i);
    const Outgoing *o = outgoing_test(L, -1);
    if (o) sum += o->out_len;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return sum > w->hwm;
}

static void conn_resume(lua_State *L, int socket, int conn, Conn *c) {
  if (!c->paused || conn_is_full(L, conn, c)) return;
  c->paused = false;
  http_read_start(L, socket);
}

static int tick_close(lua_State *L) {
  outgoing_tell_close(L, 1);
  return 0;
}

static void tell_close_later(lua_State *L, int res) {
  Outgoing *o = outgoing_at(L, res);
  if (lua_getiuservalue(L, res, UV_LISTENERS) != LUA_TNIL) http_tick(L, res, tick_close);
  else o->close_told = o->stream.destroyed = o->stream.closed = o->stream.close_emitted = true;
  lua_pop(L, 1);
}

/* The next answer has its turn, or the connection waits for the next request. */
static void conn_go_on(lua_State *L, int socket, int conn) {
  Conn *c = lua_touserdata(L, conn);
  if (c->first == c->last) {
    if (!c->reading && !c->begun) conn_wait(L, c);
  } else {
    lua_getiuservalue(L, conn, CONN_QUEUE);
    lua_rawgeti(L, -1, c->first);
    lua_pushnil(L);
    lua_rawseti(L, -3, c->first++);
    lua_remove(L, -2);
    if (c->first == c->last) c->first = c->last = 1;
    conn_assign(L, socket, conn);
  }
  if (c->server) conn_resume(L, socket, conn, c);
}

void conn_response_finished(lua_State *L, int res) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 16, "http");
  lua_getiuservalue(L, res, UV_OUT_SOCKET);
  Conn *c = conn_push(L, top + 1);
  if (c && c->server && c->busy) {
    const Outgoing *o = outgoing_at(L, res);
    lua_getiuservalue(L, res, UV_OUT_PEER);
    const Incoming *m = incoming_test(L, top + 3);
    if (m && !m->consuming && !m->stream.r.resume_scheduled) incoming_dump(L, top + 3);
    lua_settop(L, top + 2);
    outgoing_detach(L, res);
    clear_value(L, top + 2, CONN_RESPONSE);
    c->busy = false;
    tell_close_later(L, res);
    if (o->last) class_call_method(L, top + 1, "destroySoon", 0, 0);
    else conn_go_on(L, top + 1, top + 2);
  }
  lua_settop(L, top);
}

/* ---- requests ---- */

/* Stack of what follows: socket, conn, server. */
enum { SOCKET = 1, CONN = 2, SERVER = 3, REQ = 4, RES = 5 };

static void refuse(lua_State *L, Outgoing *o, int status, bool close) {
  o->status = status;
  if (close) {
    lua_pushliteral(L, "Connection");
    lua_pushliteral(L, "close");
    header_set(L, RES, RES + 1, RES + 2);
    lua_settop(L, RES);
  }
  StrBuf *text = text_begin(L); /* writeHead comes first, as in Node: the length is not known then */
  o->kind->implicit_head(L, RES, text);
  outgoing_add(L, RES, text->p, text->len);
  text_end(L, text);
  lua_settop(L, RES);
  outgoing_end(L, RES);
}

static void emit_pair(lua_State *L, const char *event) {
  lua_pushvalue(L, REQ);
  lua_pushvalue(L, RES);
  emit(L, SERVER, event, 2);
}

/* Expect: ...; true when the request was dealt with. */
static void expected(lua_State *L, Outgoing *o, const HttpHead *head) {
  const char *value;
  size_t len;
  if (fields_find(head, "expect", &value, &len) && has_word(value, len, "100-continue")) {
    o->expect_continue = true;
    if (emitter_count(L, SERVER, "checkContinue") > 0) {
      emit_pair(L, "checkContinue");
      return;
    }
    outgoing_send(L, RES, &(Parts){ .bytes = "HTTP/1.1 100 Continue\r\n\r\n", .len = 25 });
    o->sent_100 = true;
    emit_pair(L, "request");
  } else if (emitter_count(L, SERVER, "checkExpectation") > 0) {
    emit_pair(L, "checkExpectation");
  } else {
    refuse(L, o, 417, false);
  }
}

static void dispatch(lua_State *L, Conn *c, Outgoing *o) {
  const HttpHead *head = incoming_test(L, REQ)->head;
  const HttpServer *s = c->server;
  if (head->major == 1 && head->minor == 1) {
    if (s->require_host && !head->has_host) {
      refuse(L, o, 400, true);
      return;
    }
    if (s->max_requests > 0) {
      c->requests++;
      o->max_reached = s->max_requests <= c->requests;
      if (s->max_requests < c->requests) {
        lua_pushvalue(L, REQ);
        lua_pushvalue(L, SOCKET);
        emit(L, SERVER, "dropRequest", 2);
        refuse(L, o, 503, false);
        return;
      }
    }
    if (head->has_expect) {
      expected(L, o, head);
      return;
    }
  }
  emit_pair(L, "request");
}

static void push_request(lua_State *L, Conn *c, const HttpHead *head) {
  const HttpServer *s = c->server;
  if (s->own_request) {
    http_server_push_state(L, SERVER);
    lua_getiuservalue(L, -1, STATE_REQUEST);
    (void)incoming_new(L, SOCKET, head, lua_gettop(L));
    lua_replace(L, REQ);
    lua_settop(L, REQ);
  } else {
    (void)incoming_new(L, SOCKET, head, 0);
  }
  Incoming *m = incoming_test(L, REQ);
  if (s->max_headers >= 0) m->limit = s->max_headers == 0 ? UINT32_MAX : (uint32_t)s->max_headers;
  m->join = s->join;
  lua_pushvalue(L, REQ);
  lua_setiuservalue(L, CONN, CONN_REQUEST);
  c->reading = true;
}

static Outgoing *push_response(lua_State *L, Conn *c, bool keep_alive) {
  const HttpServer *s = c->server;
  Outgoing *o;
  if (s->own_response) {
    http_server_push_state(L, SERVER);
    lua_getiuservalue(L, -1, STATE_RESPONSE);
    o = response_new(L, REQ, lua_gettop(L));
    lua_replace(L, RES);
    lua_settop(L, RES);
  } else {
    o = response_new(L, REQ, 0);
  }
  o->keep_alive_ms = s->keep_alive_timeout > 0 ? (uint64_t)s->keep_alive_timeout : 0;
  o->max_requests = s->max_requests;
  o->should_keep_alive = keep_alive && !s->closing;
  o->reject_body = s->reject_body;
  o->stream.w.hwm = net_socket_test(L, SOCKET)->base.stream.w.hwm;
  if (s->unique) {
    http_server_push_state(L, SERVER);
    lua_getiuservalue(L, -1, STATE_UNIQUE);
    outgoing_data_set(L, RES, OUT_UNIQUE);
    lua_settop(L, RES);
  }
  return o;
}

/* A head has come. */
static void conn_request(lua_State *L, Conn *c, const HttpHead *head) {
  bool keep_alive = head->keep_alive, upgrade = head->upgrade;
  c->head_seen = true;
  list_remove(&c->idle);
  if (upgrade && (head->method == HTTP_CONNECT || emitter_count(L, SERVER, "upgrade") > 0)) {
    c->upgrade = c->parser.accept_upgrade = true;
    push_request(L, c, head);
    return;
  }
  push_request(L, c, head);
  incoming_test(L, REQ)->upgrade = false;
  Outgoing *o = push_response(L, c, keep_alive);
  lua_pushvalue(L, RES);
  if (c->busy) conn_enqueue(L, CONN);
  else conn_assign(L, SOCKET, CONN);
  dispatch(L, c, o);
}

/* The socket belongs to whoever listens from now on: its streams work as usual again. */
static void conn_let_go(lua_State *L, Conn *c) {
  NetSocket *s = net_socket_test(L, SOCKET);
  socket_read_stop(&s->base);
  net_socket_consume(s, NULL);
  s->base.stream.r.reading = false;
  lua_getiuservalue(L, CONN, CONN_LISTENER);
  int fn = lua_gettop(L);
  for (size_t i = 0; i < sizeof socket_events / sizeof *socket_events; i++) {
    lua_pushstring(L, socket_events[i]);
    lua_pushvalue(L, fn);
    class_call_method(L, SOCKET, "removeListener", 2, 0);
  }
  lua_pop(L, 1);
  conn_over(c);
  lua_pushnil(L);
  net_socket_set_owner(L, SOCKET, NULL);
}

static void conn_upgrade(lua_State *L, Conn *c) {
  lua_settop(L, SERVER);
  lua_getiuservalue(L, CONN, CONN_REQUEST);
  buffer_push_copy(L, c->left ? c->bytes : "", c->left);
  c->left = 0;
  const char *event = incoming_test(L, REQ)->head->method == HTTP_CONNECT ? "connect" : "upgrade";
  conn_let_go(L, c);
  if (emitter_count(L, SERVER, event) == 0) {
    stream_destroy(L, SOCKET, 0);
    return;
  }
  readable_read(L, SOCKET, 0);
  lua_settop(L, REQ + 1);
  lua_pushvalue(L, REQ);
  lua_pushvalue(L, SOCKET);
  lua_pushvalue(L, REQ + 1);
  emit(L, SERVER, event, 3);
}

static void conn_message_end(lua_State *L, Conn *c, const HttpHead *trailers) {
  c->begun = 0;
  c->head_seen = c->reading = false;
  lua_getiuservalue(L, CONN, CONN_REQUEST);
  clear_value(L, CONN, CONN_REQUEST);
  if (incoming_test(L, REQ)) incoming_complete(L, REQ, trailers);
  if (!c->server) return;
  if (!c->paused) http_read_start(L, SOCKET);
  if (!c->busy && c->first == c->last && list_empty(&c->idle)) conn_wait(L, c);
}

static void conn_body(lua_State *L, const HttpEvent *ev) {
  lua_getiuservalue(L, CONN, CONN_REQUEST);
  if (incoming_test(L, REQ) && !incoming_body(L, REQ, SOCKET, ev->bytes, ev->len)) http_read_stop(L, SOCKET);
}

/* Parses until all bytes are taken. (socket, conn) */
static int conn_run(lua_State *L) {
  Conn *c = lua_touserdata(L, CONN);
  HttpEvent ev;
  lua_getiuservalue(L, CONN, CONN_SERVER);
  luaL_checkstack(L, 20, "http");
  text_reset(L);
  do {
    size_t used = parser_next(&c->parser, c->bytes, c->left, &ev);
    c->bytes += used;
    c->left -= used;
    if (c->parser.begun && !c->begun) c->begun = uv_now(&c->server->rt->loop) | 1;
    if (c->begun) list_remove(&c->idle);
    switch (ev.kind) {
    case HTTP_EV_HEAD: conn_request(L, c, ev.head); break;
    case HTTP_EV_BODY: conn_body(L, &ev); break;
    case HTTP_EV_END:
      if (c->upgrade) conn_upgrade(L, c);
      else conn_message_end(L, c, ev.head);
      break;
    case HTTP_EV_FAILED: conn_parse_error(L, SOCKET, CONN); break;
    default: c->left = 0; break;
    }
    lua_settop(L, SERVER);
  } while (ev.kind != HTTP_EV_MORE && conn_goes_on(c));
  c->bytes = NULL;
  c->left = 0;
  return 0;
}

/* Bytes have come. An error that a listener raises is told, then the rest is parsed. */
static void conn_bytes(lua_State *L, int socket, int conn) {
  Conn *c = lua_touserdata(L, conn);
  int top = lua_gettop(L);
  lua_pushcfunction(L, rt_traceback);
  do {
    lua_pushcfunction(L, conn_run);
    lua_pushvalue(L, socket);
    lua_pushvalue(L, conn);
    if (lua_pcall(L, 2, 0, top + 1) != LUA_OK) {
      if (c->failed || !c->bytes || rt_of(L)->leaving) lua_error(L);
      rt_uncaught(rt_of(L), L, "uncaughtException");
      if (rt_of(L)->leaving) break;
    }
  } while (c->bytes && conn_goes_on(c));
  lua_settop(L, top);
}

/* The other side sends no more. */
static void conn_eof(lua_State *L, int socket, int conn) {
  Conn *c = lua_touserdata(L, conn);
  HttpEvent ev;
  parser_eof(&c->parser, &ev);
  if (ev.kind == HTTP_EV_FAILED) {
    conn_parse_error(L, socket, conn);
    return;
  }
  if (!c->server->half_open) {
    class_call_method(L, socket, "end", 0, 0);
    return;
  }
  if (!c->busy) {
    class_call_method(L, socket, "end", 0, 0);
    return;
  }
  if (c->first < c->last) {
    lua_getiuservalue(L, conn, CONN_QUEUE);
    lua_rawgeti(L, -1, c->last - 1);
  } else {
    lua_getiuservalue(L, conn, CONN_RESPONSE);
  }
  Outgoing *o = outgoing_test(L, -1);
  if (o) o->last = true;
}

/* What the socket calls in place of its reading half. */
static void conn_read(lua_State *L, int socket, const char *bytes, ssize_t n) {
  int top = lua_gettop(L);
  Conn *c = conn_push(L, socket);
  if (!c || c->failed) {
    lua_settop(L, top);
    return;
  }
  if (n > 0) {
    c->bytes = bytes;
    c->left = (size_t)n;
    conn_bytes(L, socket, top + 1);
    if (c->server && !c->paused && c->busy && conn_is_full(L, top + 1, c)) {
      c->paused = true;
      http_read_stop(L, socket);
    }
  } else if (n == UV_EOF) {
    conn_eof(L, socket, top + 1);
  }
  lua_settop(L, top);
}

/* ---- a new connection ---- */

static void conn_attach(lua_State *L, int server, int socket) {
  HttpServer *s = http_server_state(L, server);
  NetSocket *k = net_socket_test(L, socket);
  int top = lua_gettop(L);
  luaL_checkstack(L, 16, "http");
  Conn *c = conn_push_new(L);
  uint64_t now = uv_now(&s->rt->loop);
  parser_start(&c->parser, http_scratch(L), false, (uint32_t)s->max_head);
  c->box = &((Head *)lua_touserdata(L, socket))->self;
  c->server = s;
  c->begun = now | 1;
  lua_pushvalue(L, server);
  lua_setiuservalue(L, top + 1, CONN_SERVER);
  lua_pushvalue(L, socket);
  lua_pushcclosure(L, on_socket_event, 1);
  for (size_t i = 0; i < sizeof socket_events / sizeof *socket_events; i++) {
    lua_pushvalue(L, -1);
    emitter_on(L, socket, socket_events[i], false);
  }
  lua_setiuservalue(L, top + 1, CONN_LISTENER);
  net_socket_set_owner(L, socket, c);
  list_append(&s->conns, &c->link);
  s->closing = false;
  if (s->check_due == 0 && s->check_interval > 0) {
    s->check_due = now + (uint64_t)s->check_interval;
    http_server_schedule(s);
  }
  if (s->timeout > 0) net_socket_set_timeout(L, socket, (uint64_t)s->timeout);
  net_socket_consume(k, conn_read);
  lua_settop(L, top);
}

/* What the socket at 1 has read before it came here. */
static void read_leftover(lua_State *L) {
  lua_getfield(L, 1, "readableLength");
  bool some = lua_tointeger(L, -1) > 0;
  lua_pop(L, 1);
  if (!some) return;
  lua_getfield(L, 1, "read");
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  size_t len = 0;
  const Buffer *b = buffer_test(L, -1);
  const char *bytes = b ? buffer_bytes(b) : lua_tolstring(L, -1, &len); /* a string: it has an encoding */
  if (b) len = b->length;
  if (len > 0) conn_read(L, 1, bytes, (ssize_t)len);
}

/* The first listener of "connection": a script may emit that itself, with a socket from elsewhere. */
static int on_connection(lua_State *L) {
  lua_settop(L, 1);
  NetSocket *k = net_socket_test(L, 1);
  if (!k) err_arg_type(L, 1, "socket", "an instance of Socket");
  if (k->owner) return 0; /* it speaks HTTP already */
  lua_pushvalue(L, lua_upvalueindex(1));
  conn_attach(L, 2, 1);
  read_leftover(L);
  return 0;
}

void conn_listen(lua_State *L, int server) {
  server = lua_absindex(L, server);
  lua_pushvalue(L, server);
  lua_pushcclosure(L, on_connection, 1);
  emitter_on(L, server, "connection", false);
}

/* ---- what the server looks after ---- */

uint64_t conns_due(HttpServer *s) {
  uint64_t due = list_empty(&s->conns) ? 0 : s->check_due;
  if (list_empty(&s->idle)) return due;
  uint64_t idle = list_entry(s->idle.next, Conn, idle)->idle_due;
  return due == 0 || idle < due ? idle : due;
}

/* Pushes the socket of a Conn; false and nothing pushed when it is gone. [+1|0] */
static bool push_socket(lua_State *L, Conn *c) {
  NetSocket *s = conn_socket(c);
  if (s && !lua_isnil(L, handle_push(L, &s->base.stream.base))) return true;
  if (s) lua_pop(L, 1);
  list_remove(&c->link);
  list_remove(&c->idle);
  return false;
}

/* The message under way takes too long. */
static bool conn_is_late(const HttpServer *s, const Conn *c, uint64_t now) {
  if (!c->begun) return false;
  if (s->headers_timeout > 0 && !c->head_seen && c->begun + (uint64_t)s->headers_timeout < now) return true;
  return s->request_timeout > 0 && c->begun + (uint64_t)s->request_timeout < now;
}

static void check_late(lua_State *L, HttpServer *s, uint64_t now) {
  List late;
  list_init(&late);
  for (List *l = s->conns.next, *next; l != &s->conns; l = next) {
    next = l->next;
    const Conn *c = list_entry(l, Conn, link);
    if (c->error_told || !conn_is_late(s, c, now)) continue;
    list_remove(l);
    list_append(&late, l);
  }
  while (!list_empty(&late)) { /* listeners may close any of them, which takes it out */
    Conn *c = list_entry(late.next, Conn, link);
    list_remove(&c->link);
    list_append(&s->conns, &c->link);
    if (!push_socket(L, c)) continue;
    int socket = lua_gettop(L);
    (void)conn_push(L, socket);
    err_push(L, NULL, "ERR_HTTP_REQUEST_TIMEOUT", "Request timeout");
    conn_error(L, socket, socket + 1, socket + 2);
    lua_settop(L, socket - 1);
  }
}

/* Has a request come that was not read yet? */
static bool has_unread(const NetSocket *s) {
  int n = 0, fd = net_socket_fd(s);
  return fd >= 0 && ioctl(fd, FIONREAD, &n) == 0 && n > 0;
}

/* Pushes a Conn's server, which keeps s alive; false and nothing pushed when there is no Conn. [+1|0] */
static bool hold_server(lua_State *L, HttpServer *s) {
  while (!list_empty(&s->conns)) {
    Conn *c = list_entry(s->conns.next, Conn, link);
    if (!push_socket(L, c)) continue;
    if (conn_push(L, lua_gettop(L))) {
      lua_getiuservalue(L, -1, CONN_SERVER);
      return true;
    }
    lua_pop(L, 1);
    list_remove(&c->link);
    list_remove(&c->idle);
  }
  return false;
}

void conns_check(lua_State *L, HttpServer *s, uint64_t now) {
  if (!hold_server(L, s)) return;
  while (!list_empty(&s->idle)) {
    Conn *c = list_entry(s->idle.next, Conn, idle);
    if (c->idle_due > now) break;
    list_remove(&c->idle);
    if (!push_socket(L, c)) continue;
    int socket = lua_gettop(L);
    if (!s->closing) conn_timeout(L, socket);
    else if (!has_unread(net_socket_test(L, socket))) stream_destroy(L, socket, 0);
    lua_settop(L, socket - 1);
  }
  if (s->check_due == 0 || s->check_due > now) return;
  s->check_due = list_empty(&s->conns) ? 0 : now + (uint64_t)s->check_interval;
  if (s->headers_timeout > 0 || s->request_timeout > 0) check_late(L, s, now);
}

/* Is it without a request, and without an answer under way? */
static bool conn_is_idle(const Conn *c) { return !c->begun && !c->busy; }

/* The answer on top is the last of its connection, if it can still say so. [-1] */
static void answer_is_last(lua_State *L) {
  Outgoing *o = outgoing_test(L, -1);
  if (o && !o->head_made) o->should_keep_alive = false;
  lua_pop(L, 1);
}

void conns_begin_close(lua_State *L, HttpServer *s) {
  int top = lua_gettop(L);
  s->closing = true;
  for (List *l = s->conns.next, *next; l != &s->conns; l = next) {
    Conn *c = list_entry(l, Conn, link);
    next = l->next;
    if (!c->busy || !push_socket(L, c)) continue;
    if (conn_push(L, top + 1)) {
      bool queued = c->first < c->last; /* the last of them is */
      lua_getiuservalue(L, top + 2, queued ? CONN_QUEUE : CONN_RESPONSE);
      if (queued) lua_rawgeti(L, -1, c->last - 1);
      answer_is_last(L);
    }
    lua_settop(L, top);
  }
}

void conns_linger(HttpServer *s) {
  uint64_t due = uv_now(&s->rt->loop) + LAST_REQUEST_GRACE;
  for (List *l = s->conns.next; l != &s->conns; l = l->next) {
    Conn *c = list_entry(l, Conn, link);
    if (!conn_is_idle(c)) continue;
    list_remove(&c->idle);
    c->idle_due = due;
    list_append(&s->idle, &c->idle);
  }
  http_server_schedule(s);
}

void conns_close(lua_State *L, HttpServer *s, bool all) {
  List todo;
  list_init(&todo);
  for (List *l = s->conns.next, *next; l != &s->conns; l = next) {
    next = l->next;
    if (!all && !conn_is_idle(list_entry(l, Conn, link))) continue;
    list_remove(l);
    list_append(&todo, l);
  }
  while (!list_empty(&todo)) {
    Conn *c = list_entry(todo.next, Conn, link);
    list_remove(&c->link);
    list_append(&s->conns, &c->link);
    if (!push_socket(L, c)) continue;
    stream_destroy(L, lua_gettop(L), 0);
    lua_pop(L, 1);
  }
}
