/* SPDX-License-Identifier: MIT */
/* response.c - ServerResponse: the answer of a server. */
#include "internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "core/error.h"
#include "core/opts.h"
#include "response.h"

enum { STATUS_LINE = 64 }; /* more than the longest reason of STATUS_CODES needs */

static Outgoing *response_self(lua_State *L) { return class_check(L, 1, &response_class); }

/* ---- the head ---- */

/* Pushes the reason: what was set, or that of the status. [+1] */
static void push_message(lua_State *L, int self, int status) {
  outgoing_data_push(L, self, OUT_MESSAGE);
  if (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) > 0) return;
  lua_pop(L, 1);
  const char *text = http_status_text(status);
  lua_pushstring(L, text ? text : "unknown");
}

/* The first line: in few for a reason of our own, else pushed. [+0|2] */
static const char *status_line(lua_State *L, int self, int status, char *few, size_t *len) {
  static const char ok[] = "HTTP/1.1 200 OK\r\n";
  outgoing_data_push(L, self, OUT_MESSAGE);
  bool own = lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) > 0;
  if (own) {
    const char *message = lua_tolstring(L, -1, len);
    if (!http_is_value(message, *len))
      err_raise(L, &type_error_class, "ERR_INVALID_CHAR", "Invalid character in statusMessage");
    lua_pushfstring(L, "HTTP/1.1 %d %s\r\n", status, message);
    return lua_tolstring(L, -1, len);
  }
  lua_pop(L, 1);
  *len = sizeof ok - 1;
  if (status == 200) return ok;
  const char *text = http_status_text(status);
  *len = (size_t)snprintf(few, STATUS_LINE, "HTTP/1.1 %d %s\r\n", status, text ? text : "unknown");
  return few;
}

/* writeHead: headers at the index, 0: none given. */
static void write_head(lua_State *L, int self, StrBuf *text, int status, int headers) {
  Outgoing *o = outgoing_at(L, self);
  int top = lua_gettop(L);
  char few[STATUS_LINE];
  size_t len;
  if (o->head_made) err_headers_sent(L, "write");
  o->status = status;
  if (headers != 0 && lua_getiuservalue(L, self, UV_OUT_HEADERS) == LUA_TTABLE) {
    http_merge_headers(L, self, headers);
    headers = 0;
  }
  if (status == 204 || status == 304 || (status >= 100 && status <= 199)) o->has_body = false;
  if (o->expect_continue && !o->sent_100) o->should_keep_alive = false;
  const char *line = status_line(L, self, status, few, &len);
  head_store(L, self, text, line, len, headers);
  lua_settop(L, top);
}

static int bad_status(lua_State *L, int idx) {
  return err_raise(L, &range_error_class, "ERR_HTTP_INVALID_STATUS_CODE", "Invalid status code: %s",
                   luaL_tolstring(L, idx, NULL));
}

/* The number at idx, or of its text, as JavaScript's `| 0` takes it. */
static int to_status(lua_State *L, int idx) {
  int ok;
  lua_Number n = lua_tonumberx(L, idx, &ok);
  if (!ok || !(n >= 100 && n < 1000)) return bad_status(L, idx);
  return (int)n;
}

/* writeHead(statusCode, statusMessage, headers) */
static int lua_write_head(lua_State *L) {
  Outgoing *o = response_self(L);
  lua_settop(L, 4);
  if (o->head_made) err_headers_sent(L, "write");
  int status = to_status(L, 2), headers = 4;
  if (lua_type(L, 3) == LUA_TSTRING) {
    lua_pushvalue(L, 3);
    outgoing_data_set(L, 1, OUT_MESSAGE);
  } else if (!lua_isnil(L, 3) && lua_isnil(L, 4)) {
    headers = 3;
  }
  if (lua_isnil(L, headers)) headers = 0;
  else if (!lua_istable(L, headers)) err_arg_type(L, headers, "headers", "of type table");
  StrBuf *text = text_begin(L);
  write_head(L, 1, text, status, headers);
  outgoing_add(L, 1, text->p, text->len);
  text_end(L, text);
  if (o->flush_head) outgoing_flush(L, 1);
  lua_settop(L, 1);
  return 1;
}

/* A script may have put a writeHead of its own into the object. */
static bool call_own_write_head(lua_State *L, int self, int status) {
  int top = lua_gettop(L);
  bool own = lua_getiuservalue(L, self, UV_FIELDS) == LUA_TTABLE &&
             lua_getfield(L, -1, "writeHead") == LUA_TFUNCTION;
  if (own) {
    lua_pushvalue(L, self);
    lua_pushinteger(L, status);
    lua_call(L, 2, 0);
  }
  lua_settop(L, top);
  return own && outgoing_at(L, self)->head_made;
}

static void response_implicit_head(lua_State *L, int self, StrBuf *text) {
  const Outgoing *o = outgoing_at(L, self);
  int status = o->status;
  if (status < 100 || status > 999) {
    outgoing_data_push(L, self, OUT_STATUS);
    (void)bad_status(L, lua_gettop(L));
  }
  if (!call_own_write_head(L, self, status)) write_head(L, self, text, status, 0);
}

/* ---- making ---- */

static const OutgoingKind response_kind = { response_implicit_head, conn_response_finished };

static int response_alloc(lua_State *L) {
  Outgoing *o = outgoing_init(L, &response_class, sizeof *o, &response_kind);
  o->status = 200;
  o->send_date = true;
  return 1;
}

static void take_request(lua_State *L, int self, int req, Outgoing *o) {
  const Incoming *m = incoming_test(L, req);
  lua_pushvalue(L, req);
  lua_setiuservalue(L, self, UV_OUT_PEER);
  if (!m || !m->head) return;
  const HttpHead *h = m->head;
  const char *te;
  size_t len;
  if (h->method == HTTP_HEAD) o->has_body = false;
  if (h->major < 1 || h->minor < 1) {
    o->chunked_by_default = h->has_te && fields_find(h, "te", &te, &len) && has_word(te, len, "chunked");
    o->should_keep_alive = false;
  }
}

/* ServerResponse(req) */
static int response_construct(lua_State *L) {
  Outgoing *o = response_self(L);
  lua_settop(L, 2);
  if (!incoming_test(L, 2)) err_arg_type(L, 2, "req", "an instance of IncomingMessage");
  take_request(L, 1, 2, o);
  return 0;
}

Outgoing *response_new(lua_State *L, int req, int cls) {
  if (cls != 0) {
    lua_pushvalue(L, cls);
    lua_pushvalue(L, req);
    lua_call(L, 1, 1);
  } else {
    response_alloc(L);
    take_request(L, lua_gettop(L), req, outgoing_test(L, -1));
  }
  Outgoing *o = class_test(L, -1, &response_class);
  if (!o)
    err_raise(L, &type_error_class, "ERR_INVALID_RETURN_VALUE", "expected an instance of ServerResponse");
  return o;
}

/* ---- informational answers ---- */

/* Sends the text now; the callback at cb is called when it has gone. */
static void write_raw(lua_State *L, const char *text, size_t len, int cb) {
  outgoing_send(L, 1, &(Parts){ .bytes = text, .len = len });
  if (!lua_isfunction(L, cb)) return;
  lua_pushvalue(L, cb);
  rt_next_tick(L, 0);
}

static int write_info(lua_State *L, const char *line) {
  lua_settop(L, 2);
  if (response_self(L)->head_made) err_headers_sent(L, "write");
  write_raw(L, line, strlen(line), 2);
  return 0;
}

static int write_continue(lua_State *L) {
  Outgoing *o = response_self(L);
  (void)write_info(L, "HTTP/1.1 100 Continue\r\n\r\n");
  o->sent_100 = true;
  return 0;
}

static int write_processing(lua_State *L) {
  (void)response_self(L);
  return write_info(L, "HTTP/1.1 102 Processing\r\n\r\n");
}

static void check_link(lua_State *L, int idx) {
  size_t len;
  const char *s = lua_type(L, idx) == LUA_TSTRING ? lua_tolstring(L, idx, &len) : NULL;
  if (!s || *s != '<' || !strchr(s, '>') || !http_is_value(s, len))
    err_arg_value(L, idx, "hints", "must be an array or string of format \"</styles.css>; rel=preload; as=style\"");
}

/* Pushes hints.link as text, "" when there is none. [+1] */
static void push_link(lua_State *L) {
  luaL_Buffer b;
  if (lua_getfield(L, 2, "link") != LUA_TTABLE) {
    if (lua_isnil(L, -1)) lua_pushliteral(L, "");
    else check_link(L, lua_gettop(L));
    return;
  }
  int list = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  luaL_buffinit(L, &b);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    check_link(L, lua_gettop(L));
    if (i > 1) {
      lua_pushliteral(L, ", ");
      lua_insert(L, -2);
      lua_concat(L, 2);
    }
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
}

/* writeEarlyHints(hints, callback) */
static int write_early_hints(lua_State *L) {
  (void)response_self(L);
  lua_settop(L, 3);
  arg_table(L, 2, "hints");
  StrBuf *text = strbuf_new_lua(L);
  push_link(L);
  if (lua_rawlen(L, -1) == 0) return 0;
  strbuf_adds(text, "HTTP/1.1 103 Early Hints\r\nLink: ");
  strbuf_adds(text, lua_tostring(L, -1));
  strbuf_adds(text, "\r\n");
  for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
    int value = lua_gettop(L), name = value - 1;
    header_check_name(L, name, "Header name");
    header_check_value(L, name, value);
    if (!strcmp(lua_tostring(L, name), "link")) continue;
    header_push_text(L, value);
    strbuf_addf(text, "%s: %s\r\n", lua_tostring(L, name), lua_tostring(L, -1));
    lua_pop(L, 1);
  }
  strbuf_adds(text, "\r\n");
  if (text->failed) return luaL_error(L, "not enough memory");
  write_raw(L, text->p, text->len, 3);
  strbuf_free(text);
  return 0;
}

/* ---- rows ---- */

static int get_status(lua_State *L) {
  const Outgoing *o = response_self(L);
  if (o->status >= 0) lua_pushinteger(L, o->status);
  else outgoing_data_push(L, 1, OUT_STATUS);
  return 1;
}

/* Anything may be set; it is looked at when the head is made. */
static int set_status(lua_State *L) {
  Outgoing *o = response_self(L);
  int ok;
  lua_settop(L, 2);
  lua_Integer n = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &ok) : (ok = 0);
  if (ok && n >= 0 && n < 100000) {
    o->status = (int)n;
    if (n >= 100 && n <= 999) return 0;
  } else {
    o->status = -1;
  }
  outgoing_data_set(L, 1, OUT_STATUS);
  return 0;
}

static int get_message(lua_State *L) {
  const Outgoing *o = response_self(L);
  outgoing_data_push(L, 1, OUT_MESSAGE);
  if (lua_isnil(L, -1) && o->head_made) push_message(L, 1, o->status);
  return 1;
}

static int set_message(lua_State *L) {
  (void)response_self(L);
  lua_settop(L, 2);
  outgoing_data_set(L, 1, OUT_MESSAGE);
  return 0;
}

static int get_request(lua_State *L) {
  (void)response_self(L);
  lua_getiuservalue(L, 1, UV_OUT_PEER);
  return 1;
}

static const FnDef response_methods[] = {
  { "writeHead", lua_write_head, FN_METHOD,
    "writeHead(statusCode: integer, statusMessage: string|table?, headers: table?): ServerResponse",
    "Makes the head: status and, beside those set before, these headers: a table by names, or a sequence "
    "of name, value, name, value. It leaves with the first piece of the body.", NULL, NULL, NULL },
  { "writeContinue", write_continue, FN_METHOD, "writeContinue(callback: function?)",
    "Sends \"100 Continue\": the client may send the body.", NULL, NULL, NULL },
  { "writeProcessing", write_processing, FN_METHOD, "writeProcessing(callback: function?)",
    "Sends \"102 Processing\": the answer takes a while.", NULL, NULL, NULL },
  { "writeEarlyHints", write_early_hints, FN_METHOD, "writeEarlyHints(hints: table, callback: function?)",
    "Sends \"103 Early Hints\" with hints.link, text or a sequence, and other headers.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef response_props[] = {
  { "statusCode", get_status, set_status, "integer", "The status of the head that is made by itself; 200." },
  { "statusMessage", get_message, set_message, "string?", "Its reason; nil: that of STATUS_CODES." },
  { "req", get_request, NULL, "IncomingMessage", "The request that this answers." },
  { 0 }
};

const ClassDef response_class = {
  .name = "ServerResponse", .base = &outgoing_class, .alloc = response_alloc, .init = response_construct,
  .methods = response_methods, .props = response_props,
  .doc = "The answer to a request, which a server's \"request\" event brings. Every one has to be ended "
         "with finish.",
  .example = "local http = require \"http\"\n"
             "local server = http.createServer(function(req, res)\n"
             "  res:writeHead(200, { [\"Content-Type\"] = \"text/plain\" }) res:finish \"hello\"\n"
             "end)\n"
             "server:listen(0, function()\n"
             "  http.get({ port = server:address().port }, function(res)\n"
             "    res:on(\"data\", function(d) print(d) end)\n"
             "    res:on(\"end\", function() server:close() end)\n"
             "  end)\nend)"
};
