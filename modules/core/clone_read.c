/* SPDX-License-Identifier: MIT */
/* clone_read.c - reading structured clones; see clone.h. Nothing of the message is trusted: every count
 * is held against the bytes that are left, every id against the objects made, depth is limited. */
#include "clone.h"
#include "clone_format.h"
#include "json.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

bool clone_read_count(CloneReader *r, uint64_t *n) {
  *n = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (r->at == r->end) return false;
    unsigned char c = (unsigned char)*r->at++;
    if (shift == 63 && c > 1) return false;
    *n |= (uint64_t)(c & 0x7F) << shift;
    if (c < 0x80) return true;
  }
  return false;
}

bool clone_read_bytes(CloneReader *r, const char **s, size_t *len) {
  uint64_t n;
  if (!clone_read_count(r, &n) || n > (size_t)(r->end - r->at)) return false;
  *s = r->at;
  *len = (size_t)n;
  r->at += n;
  return true;
}

/* The first object stays where it is on the stack until the end; a list is made for the second one. */
void clone_made(CloneReader *r) {
  if (r->ids == 0) {
    r->first = lua_gettop(r->L);
    r->ids = 1;
    return;
  }
  if (r->ids == 1) {
    lua_newtable(r->L);
    lua_pushvalue(r->L, r->first);
    lua_rawseti(r->L, -2, 1);
    lua_replace(r->L, r->objects);
  }
  lua_pushvalue(r->L, -1);
  lua_rawseti(r->L, r->objects, (lua_Integer)++r->ids);
}

static bool read_integer(CloneReader *r) {
  uint64_t n;
  if (!clone_read_count(r, &n)) return false;
  lua_pushinteger(r->L, (lua_Integer)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0)));
  return true;
}

static bool read_float(CloneReader *r) {
  lua_Number x;
  if ((size_t)(r->end - r->at) < sizeof x) return false;
  memcpy(&x, r->at, sizeof x);
  r->at += sizeof x;
  lua_pushnumber(r->L, x);
  return true;
}

static bool read_string(CloneReader *r) {
  const char *s;
  size_t len;
  if (!clone_read_bytes(r, &s, &len)) return false;
  lua_pushlstring(r->L, s, len);
  return true;
}

static bool read_reference(CloneReader *r) {
  uint64_t id;
  if (!clone_read_count(r, &id) || id >= r->ids) return false;
  if (r->ids == 1) lua_pushvalue(r->L, r->first);
  else lua_rawgeti(r->L, r->objects, (lua_Integer)id + 1);
  return true;
}

/* Is the value on top something that a table takes as a key? */
static bool is_key(lua_State *L) {
  if (lua_isnil(L, -1)) return false;
  return lua_type(L, -1) != LUA_TNUMBER || lua_isinteger(L, -1) || !isnan(lua_tonumber(L, -1));
}

static bool read_table(CloneReader *r, bool array) {
  enum { ROOM = 1 << 16 }; /* made ahead; a table grows anyway */
  uint64_t n;
  if (!clone_read_count(r, &n) || n > (size_t)(r->end - r->at)) return false;
  lua_createtable(r->L, n < ROOM ? (int)n : ROOM, 0);
  if (array) json_mark_array(r->L, -1);
  clone_made(r);
  int t = lua_gettop(r->L);
  for (uint64_t i = 1; i <= n; i++) {
    if (!clone_read_value(r)) return false;
    lua_rawseti(r->L, t, (lua_Integer)i);
  }
  while (r->at < r->end && *r->at != TAG_END) {
    if (!clone_read_value(r) || !is_key(r->L) || !clone_read_value(r)) return false;
    lua_rawset(r->L, t);
  }
  if (r->at == r->end) return false;
  r->at++;
  return true;
}

static bool read_object(CloneReader *r, unsigned char tag) {
  bool good = false;
  if (r->depth >= CLONE_MAX_DEPTH) return false;
  luaL_checkstack(r->L, 12, "clone");
  r->depth++;
  if (tag == TAG_TABLE || tag == TAG_ARRAY) {
    good = read_table(r, tag == TAG_ARRAY);
  } else if (tag >= CLONE_FIRST_KIND && r->kinds) {
    const CloneKind *const *kind = r->kinds;
    while (*kind && (*kind)->tag != tag) kind++;
    good = *kind && (*kind)->read(r);
  }
  r->depth--;
  return good;
}

bool clone_read_value(CloneReader *r) {
  if (r->at == r->end) return false;
  unsigned char tag = (unsigned char)*r->at++;
  switch (tag) {
  case TAG_NIL: lua_pushnil(r->L); return true;
  case TAG_NULL: json_push_null(r->L); return true;
  case TAG_TRUE: lua_pushboolean(r->L, true); return true;
  case TAG_FALSE: lua_pushboolean(r->L, false); return true;
  case TAG_INTEGER: return read_integer(r);
  case TAG_FLOAT: return read_float(r);
  case TAG_STRING: return read_string(r);
  case TAG_REFERENCE: return read_reference(r);
  default: return read_object(r, tag);
  }
}

bool clone_decode(lua_State *L, const char *s, size_t len, const CloneKind *const *kinds, void *ctx,
                  const char **error) {
  luaL_checkstack(L, 16, "clone");
  int top = lua_gettop(L);
  CloneReader r = { .L = L, .at = s, .end = s + len, .kinds = kinds, .ctx = ctx, .objects = top + 1 };
  *error = "the message is too large";
  if (len > 2 * CLONE_MAX_SIZE) return false;
  *error = "the message is not a structured clone";
  if (len == 0 || *r.at++ != CLONE_VERSION) return false;
  lua_pushnil(L);
  if (!clone_read_value(&r) || r.at != r.end) {
    lua_settop(L, top);
    return false;
  }
  lua_replace(L, top + 1);
  *error = NULL;
  return true;
}
