/* SPDX-License-Identifier: MIT */
/* client.c - a connection of a client while a request has it: the answer's bytes, and its end.
 *
 * A Client is a userdata that the socket keeps as its owner from the request's turn to the end of the
 * answer. A connection that is kept for the next request belongs to its agent: what comes then is
 * nobody's, and closes it. */
#include "client.h"

#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "events/events.h"

/* User values of the userdata. */
enum { CLIENT_REQUEST = 1, CLIENT_LISTENER, CLIENT_VALUES = CLIENT_LISTENER };

typedef struct Client {
  HttpParser parser;
  const char *bytes;       /* not parsed yet; only while client_read runs */
  size_t left;
  bool over;               /* the request has it no more */
  bool done;               /* the answer has come */
  bool information;        /* the message under way is a 1xx */
} Client;

static const char client_meta = 0;

static int client_gc(lua_State *L) {
  Client *c = lua_touserdata(L, 1);
  parser_stop(&c->parser);
  return 0;
}

static Client *client_push_new(lua_State *L) {
  Client *c = lua_newuserdatauv(L, sizeof *c, CLIENT_VALUES);
  memset(c, 0, sizeof *c);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &client_meta) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, client_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &client_meta);
  }
  lua_setmetatable(L, -2);
  return c;
}

/* Pushes the Client of the socket; NULL, and nothing pushed, when no request has it. [+1|0] */
static Client *client_push(lua_State *L, int socket) {
  const NetSocket *s = net_socket_test(L, socket);
  if (!s || !s->owner) return NULL;
  net_socket_push_owner(L, socket);
  if (lua_touserdata(L, -1) == s->owner) return s->owner;
  lua_pop(L, 1);
  return NULL;
}

static const char *const socket_events[] = { "error", "close", "timeout" };

/* The request lets the socket go: its listeners and its parser. */
static void client_detach(lua_State *L, int socket) {
  Client *c = client_push(L, socket);
  if (!c || c->over) return;
  int client = lua_gettop(L);
  c->over = true;
  lua_getiuservalue(L, client, CLIENT_LISTENER);
  for (size_t i = 0; i < sizeof socket_events / sizeof *socket_events; i++) {
    lua_pushstring(L, socket_events[i]);
    lua_pushvalue(L, client + 1);
    class_call_method(L, socket, "removeListener", 2, 0);
  }
  lua_pushnil(L);
  lua_setiuservalue(L, client, CLIENT_LISTENER);
  lua_pushnil(L);
  lua_setiuservalue(L, client, CLIENT_REQUEST);
  lua_pushnil(L);
  net_socket_set_owner(L, socket, NULL);
  lua_settop(L, client - 1);
}

/* ---- the end of the answer ---- */

/* (request, socket): the socket is free. */
static int tick_free(lua_State *L) {
  outgoing_tell_close(L, 1);
  emit(L, 2, "free", 0);
  return 0;
}

/* Tells the agent for how long the server says it keeps the connection. */
static void note_hint(lua_State *L, int req, int socket) {
  int top = lua_gettop(L);
  const char *text;
  size_t len;
  request_push(L, req, "agent");
  lua_getiuservalue(L, req, UV_OUT_PEER);
  const Incoming *m = incoming_test(L, top + 2);
  if (m && m->head && class_is(L, top + 1, &agent_class) && fields_find(m->head, "keep-alive", &text, &len))
    agent_note_hint(L, top + 1, socket, text, len);
  lua_settop(L, top);
}

static void keep_alive(lua_State *L, int req) {
  ClientRequest *r = request_test(L, req);
  int top = lua_gettop(L);
  lua_getiuservalue(L, req, UV_OUT_SOCKET);
  if (!net_socket_test(L, top + 1)) {
    lua_settop(L, top);
    return;
  }
  if (r->hears_timeout) {
    net_socket_set_timeout(L, top + 1, 0);
    r->hears_timeout = false;
  }
  note_hint(L, req, top + 1);
  client_detach(L, top + 1);
  lua_pushcfunction(L, tick_free);
  lua_pushvalue(L, req);
  lua_pushvalue(L, top + 1);
  rt_next_tick(L, 2);
  r->base.stream.destroyed = true;
  lua_getiuservalue(L, req, UV_OUT_PEER);
  if (incoming_test(L, -1)) {
    lua_pushnil(L);
    lua_setiuservalue(L, -2, UV_IN_SOCKET);
  }
  lua_settop(L, top);
}

/* `end` of the answer; upvalue: the request. */
static int on_response_end(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  ClientRequest *r = request_test(L, 1);
  r->ended = true;
  lua_getiuservalue(L, 1, UV_OUT_SOCKET);
  lua_getiuservalue(L, 1, UV_OUT_PEER);
  const NetSocket *s = net_socket_test(L, 2);
  const Incoming *m = incoming_test(L, 3);
  if (!r->base.should_keep_alive) {
    if (s && writable_open(&s->base.stream)) class_call_method(L, 2, "destroySoon", 0, 0);
  } else if (r->base.told_finish && m && !m->aborted) {
    keep_alive(L, 1);
  }
  return 0;
}

void client_request_finished(lua_State *L, int req) {
  const ClientRequest *r = request_test(L, req);
  if (r->base.should_keep_alive && r->ended) keep_alive(L, req);
}

/* ---- the end of the socket ---- */

/* The error on top is told once. [-1] */
static void client_fail(lua_State *L, int req) {
  ClientRequest *r = request_test(L, req);
  if (r->had_error) {
    lua_pop(L, 1);
    return;
  }
  r->had_error = true;
  request_emit_error(L, req);
}

/* The answer, if there is one, ends with the connection. */
static void end_response(lua_State *L, int req) {
  int top = lua_gettop(L);
  lua_getiuservalue(L, req, UV_OUT_PEER);
  Incoming *m = incoming_test(L, top + 1);
  if (m && !m->complete) incoming_abort(L, top + 1);
  outgoing_tell_close(L, req);
  if (m && !m->aborted && readable_open(&m->stream) && !m->stream.r.ended) readable_push_end(L, top + 1);
  lua_settop(L, top);
}

static void client_closed(lua_State *L, int socket, int req) {
  ClientRequest *r = request_test(L, req);
  client_detach(L, socket);
  r->base.stream.destroyed = true;
  outgoing_drop(L, req);
  if (r->responded) {
    end_response(L, req);
    return;
  }
  request_push_hang_up(L);
  client_fail(L, req);
  outgoing_tell_close(L, req);
}

static void client_timeout(lua_State *L, int req) {
  ClientRequest *r = request_test(L, req);
  if (r->hears_timeout) {
    r->hears_timeout = false;
    emit(L, req, "timeout", 0);
    r->hears_timeout = true;
  }
  lua_getiuservalue(L, req, UV_OUT_PEER);
  if (r->responded && incoming_test(L, -1) && !incoming_test(L, -1)->complete)
    emit(L, lua_gettop(L), "timeout", 0);
  lua_pop(L, 1);
}

/* Listener of error(err), close(hadError) and timeout() of the socket, its upvalue. */
static int on_socket_event(lua_State *L) {
  int kind = lua_gettop(L) == 0 ? LUA_TNIL : lua_type(L, 1);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  const Client *c = client_push(L, 2);
  if (!c || c->over) return 0;
  lua_getiuservalue(L, 3, CLIENT_REQUEST);
  if (!request_test(L, 4)) return 0;
  if (kind == LUA_TNIL) {
    client_timeout(L, 4);
  } else if (kind == LUA_TBOOLEAN) {
    client_closed(L, 2, 4);
  } else {
    lua_pushvalue(L, 1);
    client_fail(L, 4);
    stream_destroy(L, 2, 0);
  }
  return 0;
}

/* ---- the answer ---- */

/* Stack of what follows: socket, client, request. */
enum { SOCKET = 1, CLIENT = 2, REQUEST = 3, RESPONSE = 4 };

static void emit_information(lua_State *L, int status) {
  static const char *const fields[] = { "statusCode", "statusMessage", "httpVersion", "httpVersionMajor",
                                        "httpVersionMinor", "headers", "rawHeaders" };
  if (status == 100) emit(L, REQUEST, "continue", 0);
  if (emitter_count(L, REQUEST, "information") == 0) return;
  lua_createtable(L, 0, 7);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lua_getfield(L, RESPONSE, fields[i]);
    lua_setfield(L, -2, fields[i]);
  }
  emit(L, REQUEST, "information", 1);
}

/* Pushes the answer and hands it to the request. */
static Incoming *push_response(lua_State *L, const HttpHead *head, ClientRequest *r) {
  (void)incoming_new(L, SOCKET, head, 0);
  Incoming *m = incoming_test(L, RESPONSE);
  if (r->max_headers >= 0) m->limit = r->max_headers == 0 ? UINT32_MAX : (uint32_t)r->max_headers;
  m->join = r->join;
  return m;
}

static void bind_response(lua_State *L, ClientRequest *r) {
  r->responded = true;
  lua_pushvalue(L, RESPONSE);
  lua_setiuservalue(L, REQUEST, UV_OUT_PEER);
  lua_pushvalue(L, REQUEST);
  lua_setiuservalue(L, RESPONSE, UV_IN_PEER);
}

static void client_head(lua_State *L, Client *c, const HttpHead *head) {
  ClientRequest *r = request_test(L, REQUEST);
  int status = head->status;
  bool keep = head->keep_alive, upgrade = head->upgrade || r->is_connect;
  if (r->responded) { /* a second answer to one request */
    stream_destroy(L, SOCKET, 0);
    return;
  }
  Incoming *m = push_response(L, head, r);
  m->upgrade = upgrade;
  if (upgrade) {
    c->parser.accept_upgrade = true;
    bind_response(L, r);
    return;
  }
  c->information = status < 200 && status >= 100 && status != 101;
  if (c->information) {
    c->parser.skip_body = true;
    m->complete = true;
    emit_information(L, status);
    return;
  }
  if (!keep) r->base.should_keep_alive = false;
  c->parser.skip_body = r->is_head || status == 304;
  bind_response(L, r);
  lua_pushvalue(L, REQUEST);
  lua_pushcclosure(L, on_response_end, 1);
  emitter_on(L, RESPONSE, "end", false);
  lua_pushvalue(L, RESPONSE);
  if (r->aborted || !emit(L, REQUEST, "response", 1)) incoming_dump(L, RESPONSE);
}

static void client_upgrade(lua_State *L, Client *c) {
  ClientRequest *r = request_test(L, REQUEST);
  NetSocket *s = net_socket_test(L, SOCKET);
  const char *event = r->is_connect ? "connect" : "upgrade";
  buffer_push_copy(L, c->left ? c->bytes : "", c->left);
  c->left = 0;
  socket_read_stop(&s->base);
  net_socket_consume(s, NULL);
  s->base.stream.r.reading = false;
  if (emitter_count(L, REQUEST, event) == 0) {
    stream_destroy(L, SOCKET, 0);
    return;
  }
  r->upgraded = true;
  emit(L, SOCKET, "agentRemove", 0);
  client_detach(L, SOCKET);
  readable_read(L, SOCKET, 0);
  lua_pop(L, 1);
  lua_getiuservalue(L, REQUEST, UV_OUT_PEER);
  lua_pushvalue(L, SOCKET);
  lua_pushvalue(L, RESPONSE);
  emit(L, REQUEST, event, 3);
  outgoing_tell_close(L, REQUEST);
}

static void client_message_end(lua_State *L, Client *c, const HttpHead *trailers) {
  if (c->information) {
    c->information = false;
    return;
  }
  c->done = true;
  if (c->left > 0) request_test(L, REQUEST)->base.should_keep_alive = false; /* nobody asked for more */
  lua_getiuservalue(L, REQUEST, UV_OUT_PEER);
  if (incoming_test(L, RESPONSE)) incoming_complete(L, RESPONSE, trailers);
  http_read_start(L, SOCKET);
}

static void client_parse_error(lua_State *L, Client *c) {
  if (*c->parser.reason) err_push(L, NULL, c->parser.code, "Parse Error: %s", c->parser.reason);
  else err_push(L, NULL, c->parser.code, "Parse Error");
  int err = lua_gettop(L);
  lua_pushstring(L, c->parser.reason);
  lua_setfield(L, err, "reason");
  buffer_push_copy(L, c->bytes ? c->bytes : "", c->bytes ? c->left : 0);
  lua_setfield(L, err, "rawPacket");
  stream_destroy(L, SOCKET, 0);
  client_fail(L, REQUEST);
}

static void client_body(lua_State *L, const HttpEvent *ev) {
  lua_getiuservalue(L, REQUEST, UV_OUT_PEER);
  if (incoming_test(L, RESPONSE) && !incoming_body(L, RESPONSE, SOCKET, ev->bytes, ev->len))
    http_read_stop(L, SOCKET);
}

/* One event of the parser. */
static void client_event(lua_State *L, Client *c, HttpEvent *ev) {
  switch (ev->kind) {
  case HTTP_EV_HEAD: client_head(L, c, ev->head); break;
  case HTTP_EV_BODY: client_body(L, ev); break;
  case HTTP_EV_END:
    if (c->parser.upgraded) client_upgrade(L, c);
    else client_message_end(L, c, ev->head);
    break;
  case HTTP_EV_FAILED: client_parse_error(L, c); break;
  default: break;
  }
  lua_settop(L, REQUEST);
}

static bool client_goes_on(lua_State *L, const Client *c) {
  const NetSocket *s = net_socket_test(L, SOCKET);
  return !c->over && !c->done && s && !s->base.stream.destroyed;
}

/* Parses until all bytes are taken. (socket, client, request) */
static int client_run(lua_State *L) {
  Client *c = lua_touserdata(L, CLIENT);
  HttpEvent ev = { HTTP_EV_MORE, NULL, NULL, 0 };
  luaL_checkstack(L, 20, "http");
  do {
    size_t used = parser_next(&c->parser, c->bytes, c->left, &ev);
    c->bytes += used;
    c->left -= used;
    client_event(L, c, &ev);
  } while (ev.kind != HTTP_EV_MORE && client_goes_on(L, c));
  c->bytes = NULL;
  return 0;
}

static int client_eof(lua_State *L) {
  Client *c = lua_touserdata(L, CLIENT);
  HttpEvent ev;
  const ClientRequest *r = request_test(L, REQUEST);
  if (!r->responded) {
    request_push_hang_up(L);
    client_fail(L, REQUEST);
  }
  parser_eof(&c->parser, &ev);
  if (ev.kind == HTTP_EV_END) client_event(L, c, &ev);
  stream_destroy(L, SOCKET, 0);
  return 0;
}

/* What the socket calls in place of its reading half. An error that a listener raises is told, then the
 * rest is parsed. */
static void client_read(lua_State *L, int socket, const char *bytes, ssize_t n) {
  int top = lua_gettop(L);
  Client *c = client_push(L, socket);
  if (!c || c->over || c->done) {
    if (n > 0) stream_destroy(L, socket, 0); /* bytes that nobody has asked for */
    lua_settop(L, top);
    return;
  }
  if (n < 0 && n != UV_EOF) {
    lua_settop(L, top);
    return;
  }
  c->bytes = n > 0 ? bytes : NULL;
  c->left = n > 0 ? (size_t)n : 0;
  lua_getiuservalue(L, top + 1, CLIENT_REQUEST);
  lua_pushcfunction(L, rt_traceback);
  do {
    lua_pushcfunction(L, n > 0 ? client_run : client_eof);
    lua_pushvalue(L, socket);
    lua_pushvalue(L, top + 1);
    lua_pushvalue(L, top + 2);
    if (lua_pcall(L, 3, 0, top + 3) != LUA_OK) {
      if (!c->bytes || c->over || c->done || rt_of(L)->leaving) lua_error(L);
      rt_uncaught(rt_of(L), L, "uncaughtException");
    }
  } while (c->bytes && !c->over && !c->done && !rt_of(L)->leaving &&
           !net_socket_test(L, socket)->base.stream.destroyed);
  c->bytes = NULL;
  lua_settop(L, top);
}

void client_attach(lua_State *L, int req, int socket) {
  ClientRequest *r = request_test(L, req);
  NetSocket *s = net_socket_test(L, socket);
  int top = lua_gettop(L);
  luaL_checkstack(L, 16, "http");
  Client *c = client_push_new(L);
  parser_start(&c->parser, http_scratch(L), true, (uint32_t)r->max_head);
  lua_pushvalue(L, req);
  lua_setiuservalue(L, top + 1, CLIENT_REQUEST);
  lua_pushvalue(L, socket);
  lua_pushcclosure(L, on_socket_event, 1);
  for (size_t i = 0; i < sizeof socket_events / sizeof *socket_events; i++) {
    lua_pushvalue(L, -1);
    emitter_on(L, socket, socket_events[i], false);
  }
  lua_setiuservalue(L, top + 1, CLIENT_LISTENER);
  net_socket_set_owner(L, socket, c);
  net_socket_consume(s, client_read);
  http_read_start(L, socket);
  lua_settop(L, top);
}
