/* SPDX-License-Identifier: MIT */
/* clone.c - writing structured clones; see clone.h. clone_read.c reads them.
 *
 * A message is the version and one value. A value is a tag and what follows from it; counts are in
 * groups of 7 bits, low ones first. Each table and each object of a kind gets the next id when it is
 * first met, before what is inside; met again it is written as that id. */
#include "clone.h"
#include "clone_format.h"
#include "json.h"
#include "step.h"

#include <lauxlib.h>
#include <string.h>

static bool write_value(CloneWriter *w, int idx);

/* ---- bytes ---- */

void clone_write_count(CloneWriter *w, uint64_t n) {
  char bytes[10];
  size_t used = 0;
  for (; n >= 0x80; n >>= 7) bytes[used++] = (char)(n | 0x80);
  bytes[used++] = (char)n;
  strbuf_add(w->out, bytes, used);
}

void clone_write_bytes(CloneWriter *w, const char *s, size_t len) {
  clone_write_count(w, len);
  strbuf_add(w->out, s, len);
}

static void write_number(CloneWriter *w, int idx) {
  if (lua_isinteger(w->L, idx)) {
    uint64_t n = (uint64_t)lua_tointeger(w->L, idx);
    strbuf_addc(w->out, TAG_INTEGER);
    clone_write_count(w, n << 1 ^ (n >> 63 ? UINT64_MAX : 0)); /* small for small negative ones too */
    return;
  }
  lua_Number x = lua_tonumber(w->L, idx);
  strbuf_addc(w->out, TAG_FLOAT);
  strbuf_add(w->out, &x, sizeof x);
}

/* ---- objects ---- */

/* Most messages are one table: the memo is made for the second object. */
static void memo_open(CloneWriter *w) {
  lua_newtable(w->L);
  lua_pushvalue(w->L, w->first);
  lua_pushinteger(w->L, 0);
  lua_rawset(w->L, -3);
  lua_replace(w->L, w->memo);
}

/* Writes a reference when the object was met before; else gives it the next id. */
static bool write_known(CloneWriter *w, int idx) {
  if (w->ids == 0) {
    w->first = idx;
    w->ids = 1;
    return false;
  }
  if (w->ids == 1 && lua_isnil(w->L, w->memo)) memo_open(w);
  lua_pushvalue(w->L, idx);
  bool known = lua_rawget(w->L, w->memo) != LUA_TNIL;
  if (known) {
    strbuf_addc(w->out, TAG_REFERENCE);
    clone_write_count(w, (uint64_t)lua_tointeger(w->L, -1));
  } else {
    lua_pushvalue(w->L, idx);
    lua_pushinteger(w->L, (lua_Integer)w->ids++);
    lua_rawset(w->L, w->memo);
  }
  lua_pop(w->L, 1);
  return known;
}

static bool write_inside(CloneWriter *w, const Step *step, int idx) {
  w->at = step;
  bool good = write_value(w, idx);
  w->at = step->up;
  return good;
}

/* The pairs that are not among the first n elements. Keys that are light userdata are marks of the
 * program's own, no part of the value. */
static bool write_pairs(CloneWriter *w, int t, lua_Integer n) {
  lua_State *L = w->L;
  int key = lua_gettop(L) + 1;
  for (lua_pushnil(L); lua_next(L, t); lua_settop(L, key)) {
    lua_Integer i = lua_isinteger(L, key) ? lua_tointeger(L, key) : 0;
    if (lua_islightuserdata(L, key) || (i >= 1 && i <= n)) continue;
    Step step = { w->at, key, NULL };
    if (!write_inside(w, &step, key) || !write_inside(w, &step, key + 1)) return false;
  }
  strbuf_addc(w->out, TAG_END);
  return true;
}

static bool write_table(CloneWriter *w, int t) {
  lua_State *L = w->L;
  lua_Integer n = (lua_Integer)lua_rawlen(L, t);
  strbuf_addc(w->out, json_is_marked(L, t) ? TAG_ARRAY : TAG_TABLE);
  clone_write_count(w, (uint64_t)n);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_pushinteger(L, i);
    lua_rawgeti(L, t, i);
    Step step = { w->at, lua_gettop(L) - 1, NULL };
    if (!write_inside(w, &step, lua_gettop(L))) return false;
    lua_pop(L, 2);
  }
  return write_pairs(w, t, n);
}

/* What has no metatable is of no kind. */
static const CloneKind *find_kind(CloneWriter *w, int idx) {
  if (!w->kinds || !lua_getmetatable(w->L, idx)) return NULL;
  lua_pop(w->L, 1);
  for (const CloneKind *const *kind = w->kinds; *kind; kind++) {
    if ((*kind)->is(w->L, idx)) return *kind;
  }
  return NULL;
}

static bool write_object(CloneWriter *w, int idx) {
  const CloneKind *kind = find_kind(w, idx);
  if (!kind && lua_type(w->L, idx) != LUA_TTABLE) return clone_refuse(w, "is an object that cannot be cloned");
  if (write_known(w, idx)) return true;
  if (w->depth >= CLONE_MAX_DEPTH) return clone_refuse(w, "is nested too deeply");
  int top = lua_gettop(w->L);
  w->depth++;
  luaL_checkstack(w->L, 12, "clone");
  if (kind) strbuf_addc(w->out, (char)kind->tag);
  bool good = kind ? kind->write(w, idx) : write_table(w, idx);
  w->depth--;
  if (good) lua_settop(w->L, top); /* else the message is on top */
  return good;
}

static bool write_value(CloneWriter *w, int idx) {
  size_t len;
  const char *s;
  if (w->out->len > CLONE_MAX_SIZE) return clone_refuse(w, "makes the message too large");
  switch (lua_type(w->L, idx)) {
  case LUA_TNIL: strbuf_addc(w->out, TAG_NIL); return true;
  case LUA_TBOOLEAN: strbuf_addc(w->out, lua_toboolean(w->L, idx) ? TAG_TRUE : TAG_FALSE); return true;
  case LUA_TNUMBER: write_number(w, idx); return true;
  case LUA_TSTRING:
    s = lua_tolstring(w->L, idx, &len);
    if (len > CLONE_MAX_SIZE) return clone_refuse(w, "makes the message too large");
    strbuf_addc(w->out, TAG_STRING);
    clone_write_bytes(w, s, len);
    return true;
  case LUA_TFUNCTION: return clone_refuse(w, "is a function");
  case LUA_TTHREAD: return clone_refuse(w, "is a coroutine");
  case LUA_TUSERDATA:
    if (json_is_null(w->L, idx)) {
      strbuf_addc(w->out, TAG_NULL);
      return true;
    }
    return write_object(w, idx);
  case LUA_TTABLE: return write_object(w, idx);
  default: return clone_refuse(w, "is a light userdata");
  }
}

bool clone_write_field(CloneWriter *w, const char *name) {
  Step step = { w->at, 0, name };
  if (!write_inside(w, &step, lua_gettop(w->L))) return false;
  lua_pop(w->L, 1);
  return true;
}

/* At once: the steps are gone when the callers have returned. From here on nothing touches the stack. */
bool clone_refuse(CloneWriter *w, const char *text) {
  luaL_checkstack(w->L, 12, "clone");
  step_push_message(w->L, w->at, text);
  return false;
}

/* ---- all of it ---- */

int clone_encode(lua_State *L, int idx, StrBuf *out, const CloneKind *const *kinds, void *ctx) {
  size_t before = out->len;
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 16, "clone");
  int top = lua_gettop(L);
  lua_pushnil(L);
  CloneWriter w = { .L = L, .out = out, .kinds = kinds, .ctx = ctx, .memo = top + 1 };
  strbuf_addc(out, CLONE_VERSION);
  if (write_value(&w, idx)) {
    lua_settop(L, top);
    return 0;
  }
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
  if (!out->failed) out->len = before;
  return 1;
}
