/* SPDX-License-Identifier: MIT */
/* head.c - the head of a message as it is written: the headers set, then those that Node adds by itself.
 *
 * All values are checked, and turned into text, before the first byte is appended, so a header that
 * cannot be sent leaves the message as it was. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/strbuf.h"

/* What the headers given say. */
typedef struct Seen {
  bool connection, length, te, date, expect, trailer;
} Seen;

typedef struct Walk {
  lua_State *L;
  Outgoing *o;
  int self;
  Seen *seen;
  StrBuf *text;
  bool write;             /* second pass: append; first pass: check */
  bool check;
} Walk;

static void add_line(StrBuf *out, const char *name, size_t name_len, const char *value, size_t len) {
  strbuf_add(out, name, name_len);
  strbuf_add(out, ": ", 2);
  strbuf_add(out, value, len);
  strbuf_add(out, "\r\n", 2);
}

/* A header that decides about the body or the connection. */
static void match(Outgoing *o, Seen *seen, const char *name, size_t n, const char *value, size_t len) {
  if (n == 10 && !strncasecmp(name, "connection", n)) {
    seen->connection = true;
    o->removed_connection = false;
    if (has_word(value, len, "close")) o->last = true;
    else o->should_keep_alive = true;
  } else if (n == 17 && !strncasecmp(name, "transfer-encoding", n)) {
    seen->te = true;
    o->removed_te = false;
    if (has_word(value, len, "chunked")) o->chunked = true;
  } else if (n == 14 && !strncasecmp(name, "content-length", n)) {
    char digits[24];
    seen->length = true;
    o->removed_length = false;
    (void)snprintf(digits, sizeof digits, "%.*s", (int)(len < 20 ? len : 20), value);
    o->content_length = strtoll(digits, NULL, 10);
  } else if (n == 4 && !strncasecmp(name, "date", n)) {
    seen->date = true;
  } else if (n == 6 && !strncasecmp(name, "expect", n)) {
    seen->expect = true;
  } else if (n == 7 && !strncasecmp(name, "trailer", n)) {
    seen->trailer = true;
  } else if (n == 10 && !strncasecmp(name, "keep-alive", n)) {
    o->default_keep_alive = false;
  }
}

/* The name at `name`, one value on top. [-1] */
static void one_line(Walk *w, int name) {
  size_t n, len;
  header_push_text(w->L, lua_gettop(w->L));
  const char *key = lua_tolstring(w->L, name, &n), *value = lua_tolstring(w->L, -1, &len);
  if (w->write && !http_is_value(value, len)) { /* a __tostring that has changed its mind */
    err_raise(w->L, &type_error_class, "ERR_INVALID_CHAR", "Invalid character in header content [\"%s\"]", key);
  }
  if (w->write) {
    add_line(w->text, key, n, value, len);
    match(w->o, w->seen, key, n, value, len);
  }
  lua_pop(w->L, 2);
}

static bool is_unique(Walk *w, int name) {
  size_t len;
  const char *s = lua_tolstring(w->L, name, &len);
  if (len == 6 && !strncasecmp(s, "cookie", len)) return true;
  outgoing_data_push(w->L, w->self, OUT_UNIQUE);
  bool found = false;
  if (lua_istable(w->L, -1)) {
    for (lua_pushnil(w->L); lua_next(w->L, -2) && !found;) {
      found = !strcasecmp(lua_tostring(w->L, -2), s);
      lua_pop(w->L, 1);
      if (found) {
        lua_pop(w->L, 1);
        break;
      }
    }
  }
  lua_pop(w->L, 1);
  return found;
}

/* Values of the list at idx as one text, joined by "; ". [+1] */
static void push_joined(lua_State *L, int idx) {
  luaL_Buffer b;
  lua_Integer n = (lua_Integer)lua_rawlen(L, idx);
  luaL_buffinit(L, &b);
  for (lua_Integer i = 1; i <= n; i++) {
    if (i > 1) luaL_addstring(&b, "; ");
    lua_rawgeti(L, idx, i);
    luaL_tolstring(L, -1, NULL);
    lua_remove(L, -2);
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
}

static bool is_list(lua_State *L, int idx) {
  return lua_istable(L, idx) && !err_is(L, idx) && (json_is_marked(L, idx) || lua_rawlen(L, idx) > 0);
}

/* A header: name and value are the two on top. [-2] */
static void one_header(Walk *w) {
  lua_State *L = w->L;
  int name = lua_gettop(L) - 1, value = name + 1;
  luaL_checkstack(L, 12, "header");
  if (!w->write) {
    if (w->check) {
      header_check_name(L, name, "Header name");
      header_check_value(L, name, value);
    }
  } else if (!is_list(L, value)) {
    lua_pushvalue(L, value);
    one_line(w, name);
  } else if (lua_rawlen(L, value) >= 2 && is_unique(w, name)) {
    push_joined(L, value);
    one_line(w, name);
  } else {
    lua_Integer n = (lua_Integer)lua_rawlen(L, value);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, value, i);
      one_line(w, name);
    }
  }
  lua_settop(L, name - 1);
}

/* A list of { name, value }, or of name, value in turn. */
static void walk_list(Walk *w, int t) {
  lua_State *L = w->L;
  lua_Integer n = (lua_Integer)lua_rawlen(L, t);
  bool pairs = lua_rawgeti(L, t, 1) == LUA_TTABLE;
  lua_pop(L, 1);
  if (!pairs && n % 2 != 0) err_arg_value(L, t, "headers", "is invalid");
  for (lua_Integer i = 1; i <= n; i += pairs ? 1 : 2) {
    if (pairs) {
      if (lua_rawgeti(L, t, i) != LUA_TTABLE) err_arg_value(L, t, "headers", "is invalid");
      lua_rawgeti(L, -1, 1);
      lua_rawgeti(L, -2, 2);
      lua_remove(L, -3);
    } else {
      lua_rawgeti(L, t, i);
      lua_rawgeti(L, t, i + 1);
    }
    one_header(w);
  }
}

static void walk_set(Walk *w) {
  lua_State *L = w->L;
  if (lua_getiuservalue(L, w->self, UV_OUT_HEADERS) == LUA_TTABLE) {
    int t = lua_gettop(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, t);
    for (lua_Integer i = 1; i <= n; i += 3) {
      lua_rawgeti(L, t, i + 1);
      lua_rawgeti(L, t, i + 2);
      one_header(w);
    }
  }
  lua_pop(L, 1);
}

static void walk(Walk *w, int headers) {
  if (headers == 0) walk_set(w);
  else {
    header_push_flat(w->L, headers);
    walk_list(w, lua_gettop(w->L));
    lua_pop(w->L, 1);
  }
}

/* ---- what is added ---- */

static void add_number(StrBuf *out, uint64_t n) {
  char digits[20], *at = digits + sizeof digits;
  do *--at = (char)('0' + n % 10);
  while (n /= 10);
  strbuf_add(out, at, (size_t)(digits + sizeof digits - at));
}

static void add_connection(Outgoing *o, const Seen *seen, StrBuf *out) {
  bool keep = o->should_keep_alive && (seen->length || o->chunked_by_default || o->has_agent);
  if (keep && o->max_reached) {
    strbuf_adds(out, "Connection: close\r\n");
  } else if (keep) {
    strbuf_adds(out, "Connection: keep-alive\r\n");
    if (o->keep_alive_ms == 0 || !o->default_keep_alive) return;
    strbuf_adds(out, "Keep-Alive: timeout=");
    add_number(out, o->keep_alive_ms / 1000);
    if (o->max_requests > 0) {
      strbuf_adds(out, ", max=");
      add_number(out, (uint64_t)o->max_requests);
    }
    strbuf_adds(out, "\r\n");
  } else {
    o->last = true;
    strbuf_adds(out, "Connection: close\r\n");
  }
}

static void add_framing(Outgoing *o, const Seen *seen, StrBuf *out) {
  if (seen->length || seen->te) return;
  if (!o->has_body) {
    o->chunked = false;
  } else if (!o->chunked_by_default) {
    o->last = true;
  } else if (!seen->trailer && !o->removed_length && o->content_length >= 0) {
    strbuf_adds(out, "Content-Length: ");
    add_number(out, (uint64_t)o->content_length);
    strbuf_add(out, "\r\n", 2);
  } else if (!o->removed_te) {
    strbuf_adds(out, "Transfer-Encoding: chunked\r\n");
    o->chunked = true;
  } else {
    o->last = true; /* nothing says how long it is: the end of the connection does */
  }
}

void head_store(lua_State *L, int self, StrBuf *text, const char *line, size_t len, int headers) {
  Outgoing *o = outgoing_at(L, self);
  Seen seen = { 0 };
  Walk w = { L, o, self, &seen, text, false, headers != 0 };
  walk(&w, headers);
  strbuf_add(text, line, len);
  w.write = true;
  walk(&w, headers);
  if (o->send_date && !seen.date) add_line(text, "Date", 4, http_date(L), 29);
  if (o->chunked && (o->status == 204 || o->status == 304)) o->chunked = o->should_keep_alive = false;
  if (o->removed_connection) o->last = !o->should_keep_alive;
  else if (!seen.connection) add_connection(o, &seen, text);
  add_framing(o, &seen, text);
  if (!o->chunked && seen.trailer)
    err_raise(L, NULL, "ERR_HTTP_TRAILER_INVALID", "Trailers are invalid with this transfer encoding");
  strbuf_add(text, "\r\n", 2);
  if (text->failed) luaL_error(L, "not enough memory");
  o->head_made = true;
  o->head_sent = false;
  o->flush_head = seen.expect;
}
