/* SPDX-License-Identifier: MIT */
/* v8_read.c - reading V8's format; see v8.h. Nothing of the message is trusted: every length is held
 * against the bytes that are left, every id against the objects made, every count against what came;
 * depth is limited.
 *
 * Objects are noted for references only in a message that has any byte of that tag at all. */
#include "v8.h"
#include "v8_format.h"
#include "../buffer/text.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/utf8.h"

#include <math.h>
#include <string.h>

enum {
  ROOM = 1 << 12,  /* elements made ahead; a table grows anyway */
  STACK_NEED = 12,
  SHORT = 512      /* bytes of text converted on the C stack */
};

#define MAX_SAFE 9007199254740992.0

typedef struct Reader {
  lua_State *L;
  const char *at, *end;
  int objects;          /* stack index of { object, ... } in the order of their ids; 0: not needed */
  uint32_t ids;
  int depth;
  const char *error;
} Reader;

static bool read_value(Reader *r);

static bool fail(Reader *r, const char *text) {
  if (!r->error) r->error = text;
  return false;
}

static size_t left(const Reader *r) { return (size_t)(r->end - r->at); }

/* ---- bytes ---- */

static bool read_varint(Reader *r, uint64_t *n) {
  *n = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (r->at == r->end) return fail(r, "it ends too early");
    unsigned char c = (unsigned char)*r->at++;
    *n |= (uint64_t)(c & 0x7F) << shift;
    if (c < 0x80) return *n <= UINT32_MAX ? true : fail(r, "a number is too large");
  }
  return fail(r, "a number is too long");
}

/* A length and that many bytes, borrowed. */
static bool read_bytes(Reader *r, const char **s, size_t *len) {
  uint64_t n;
  if (!read_varint(r, &n)) return false;
  if (n > left(r)) return fail(r, "a length goes beyond its end");
  *s = r->at;
  *len = (size_t)n;
  r->at += n;
  return true;
}

static bool read_double(Reader *r, double *x) {
  if (left(r) < sizeof *x) return fail(r, "it ends too early");
  memcpy(x, r->at, sizeof *x);
  r->at += sizeof *x;
  return true;
}

/* Whole numbers come as doubles beyond 32 bits: they are integers here, but for -0. */
static void push_double(lua_State *L, double x) {
  if (fabs(x) <= MAX_SAFE && x == floor(x) && !(x == 0 && signbit(x))) lua_pushinteger(L, (lua_Integer)x);
  else lua_pushnumber(L, x);
}

static bool read_number(Reader *r) {
  double x;
  if (!read_double(r, &x)) return false;
  push_double(r->L, x);
  return true;
}

/* Beyond 64 bits it becomes the nearest float. */
static void push_bigint(lua_State *L, const unsigned char *s, size_t len, bool negative) {
  uint64_t low = 0;
  double x = 0;
  size_t used = len;
  while (used > 0 && s[used - 1] == 0) used--;
  for (size_t i = used; i-- > 0;) {
    if (i < sizeof low) low |= (uint64_t)s[i] << (8 * i);
    x = x * 256 + s[i];
  }
  if (used <= sizeof low && low <= (uint64_t)INT64_MAX + negative)
    lua_pushinteger(L, negative ? (lua_Integer)(0 - low) : (lua_Integer)low);
  else
    lua_pushnumber(L, negative ? -x : x);
}

static bool read_bigint(Reader *r) {
  uint64_t bits;
  if (!read_varint(r, &bits)) return false;
  size_t len = (size_t)(bits >> 1);
  if (len > left(r)) return fail(r, "a length goes beyond its end");
  push_bigint(r->L, (const unsigned char *)r->at, len, bits & 1);
  r->at += len;
  return true;
}

/* ---- text ---- */

typedef size_t (*ToText)(const char *s, size_t n, char *dst);

/* Pushes bytes as text; room: what convert needs. [+1] */
static void push_text(lua_State *L, const char *s, size_t len, size_t room, ToText convert) {
  char few[SHORT];
  if (room <= sizeof few) {
    lua_pushlstring(L, few, convert(s, len, few));
    return;
  }
  luaL_Buffer b;
  char *to = luaL_buffinitsize(L, &b, room);
  luaL_pushresultsize(&b, convert(s, len, to));
}

static bool read_latin1(Reader *r) {
  const char *s;
  size_t len;
  if (!read_bytes(r, &s, &len)) return false;
  if (text_ascii(s, len) == len) lua_pushlstring(r->L, s, len);
  else push_text(r->L, s, len, 2 * len, latin1_to_text);
  return true;
}

static bool read_utf16(Reader *r) {
  const char *s;
  size_t len;
  if (!read_bytes(r, &s, &len)) return false;
  if (len & 1) return fail(r, "a string of two-byte units has an odd length");
  push_text(r->L, s, len, len / 2 * 3, utf16_to_text);
  return true;
}

static bool read_utf8(Reader *r) {
  const char *s;
  size_t len;
  if (!read_bytes(r, &s, &len)) return false;
  if (text_valid(s, len)) {
    lua_pushlstring(r->L, s, len);
    return true;
  }
  StrBuf *clean = strbuf_new_lua(r->L);
  utf8_sanitize(clean, s, len);
  if (clean->failed) return luaL_error(r->L, "not enough memory");
  lua_pushlstring(r->L, clean->p, clean->len);
  strbuf_free(clean);
  lua_remove(r->L, -2);
  return true;
}

/* A string of any kind, behind padding. */
static bool read_string(Reader *r) {
  while (r->at < r->end && *r->at == V8_PADDING) r->at++;
  if (r->at == r->end) return fail(r, "it ends too early");
  switch (*r->at++) {
  case V8_LATIN1: return read_latin1(r);
  case V8_UTF16: return read_utf16(r);
  case V8_UTF8: return read_utf8(r);
  default: return fail(r, "a string is missing");
  }
}

/* ---- objects ---- */

/* The next id, for an object that is still to be made. */
static uint32_t next_id(Reader *r) { return r->ids++; }

/* The object of that id is on top. */
static void made(Reader *r, uint32_t id) {
  if (!r->objects) return;
  lua_pushvalue(r->L, -1);
  lua_rawseti(r->L, r->objects, (lua_Integer)id + 1);
}

static bool read_reference(Reader *r) {
  uint64_t id;
  if (!read_varint(r, &id)) return false;
  if (id >= r->ids || !r->objects) return fail(r, "a reference to what is not there");
  if (lua_rawgeti(r->L, r->objects, (lua_Integer)id + 1) != LUA_TNIL) return true;
  lua_pop(r->L, 1);
  return fail(r, "a reference to what is not there yet");
}

/* Does the next tag end the object? Takes it then. */
static bool at_end(Reader *r, char tag) {
  while (r->at < r->end && *r->at == V8_PADDING) r->at++;
  if (r->at == r->end || *r->at != tag) return false;
  r->at++;
  return true;
}

static bool check_count(Reader *r, uint64_t count) {
  uint64_t n;
  if (!read_varint(r, &n)) return false;
  return n == count ? true : fail(r, "a count is wrong");
}

/* Properties up to the tag `end`, into the table on top. The elements of an array count from 1. */
static bool read_properties(Reader *r, char end, bool array, uint64_t *count) {
  int t = lua_gettop(r->L);
  for (*count = 0; !at_end(r, end); ++*count) {
    if (!read_value(r)) return false;
    int type = lua_type(r->L, -1);
    if (type != LUA_TSTRING && type != LUA_TNUMBER) return fail(r, "a key is no name");
    if (type == LUA_TNUMBER && isnan(lua_tonumber(r->L, -1))) return fail(r, "a key is no name");
    if (array && lua_isinteger(r->L, -1) && lua_tointeger(r->L, -1) >= 0) {
      lua_pushinteger(r->L, lua_tointeger(r->L, -1) + 1);
      lua_replace(r->L, -2);
    }
    if (!read_value(r)) return false;
    lua_rawset(r->L, t);
  }
  return true;
}

static bool read_table(Reader *r) {
  uint64_t count;
  lua_createtable(r->L, 0, 4);
  made(r, next_id(r));
  return read_properties(r, V8_OBJECT_END, false, &count) && check_count(r, count);
}

static bool read_dense(Reader *r) {
  uint64_t n, count;
  if (!read_varint(r, &n)) return false;
  if (n > left(r)) return fail(r, "a length goes beyond its end");
  lua_createtable(r->L, n < ROOM ? (int)n : ROOM, 0);
  json_mark_array(r->L, -1);
  made(r, next_id(r));
  int t = lua_gettop(r->L);
  for (uint64_t i = 1; i <= n; i++) {
    if (at_end(r, V8_HOLE)) continue;
    if (!read_value(r)) return false;
    lua_rawseti(r->L, t, (lua_Integer)i);
  }
  return read_properties(r, V8_DENSE_END, true, &count) && check_count(r, count) && check_count(r, n);
}

static bool read_sparse(Reader *r) {
  uint64_t n, count;
  if (!read_varint(r, &n)) return false;
  lua_newtable(r->L);
  json_mark_array(r->L, -1);
  made(r, next_id(r));
  return read_properties(r, V8_SPARSE_END, true, &count) && check_count(r, count) && check_count(r, n);
}

/* A Map becomes a table; what no table takes as a key is left out. */
static bool read_map(Reader *r) {
  uint64_t count = 0;
  lua_newtable(r->L);
  made(r, next_id(r));
  int t = lua_gettop(r->L);
  for (; !at_end(r, V8_MAP_END); count += 2) {
    if (!read_value(r) || !read_value(r)) return false;
    bool nan = lua_type(r->L, -2) == LUA_TNUMBER && isnan(lua_tonumber(r->L, -2));
    if (lua_isnil(r->L, -2) || nan) lua_pop(r->L, 2);
    else lua_rawset(r->L, t);
  }
  return check_count(r, count);
}

static bool read_set(Reader *r) {
  uint64_t count = 0;
  lua_newtable(r->L);
  json_mark_array(r->L, -1);
  made(r, next_id(r));
  int t = lua_gettop(r->L);
  while (!at_end(r, V8_SET_END)) {
    if (!read_value(r)) return false;
    lua_rawseti(r->L, t, (lua_Integer)++count);
  }
  return check_count(r, count);
}

/* ---- objects that are plain values here ---- */

static bool read_regexp(Reader *r) {
  uint64_t flags;
  uint32_t id = next_id(r);
  if (!read_string(r) || !read_varint(r, &flags)) return false;
  made(r, id);
  return true;
}

/* A Date or boxed value, whose plain value `read` pushes. */
static bool read_boxed(Reader *r, bool (*read)(Reader *r)) {
  uint32_t id = next_id(r);
  if (!read(r)) return false;
  made(r, id);
  return true;
}

static bool read_boolean(Reader *r, bool value) {
  lua_pushboolean(r->L, value);
  made(r, next_id(r));
  return true;
}

/* ---- Errors ---- */

static const ClassDef *error_kind(char tag) {
  switch (tag) {
  case V8_ERR_RANGE: return &range_error_class;
  case V8_ERR_SYNTAX: return &syntax_error_class;
  case V8_ERR_TYPE: return &type_error_class;
  default: return &error_class;
  }
}

/* Reads the fields into the Error on top, whose class the first of them tells. */
static bool read_error_fields(Reader *r) {
  for (;;) {
    if (r->at == r->end) return fail(r, "it ends too early");
    char tag = *r->at++;
    const char *field = NULL;
    switch (tag) {
    case V8_ERR_END: return true;
    case V8_ERR_EVAL: case V8_ERR_RANGE: case V8_ERR_REFERENCE: case V8_ERR_SYNTAX: case V8_ERR_TYPE:
    case V8_ERR_URI:
      class_push_meta(r->L, error_kind(tag));
      lua_setmetatable(r->L, -2);
      continue;
    case V8_ERR_MESSAGE: field = "message"; break;
    case V8_ERR_STACK: field = "stack"; break;
    case V8_ERR_CAUSE: field = "cause"; break;
    default: return fail(r, "an Error has an unknown field");
    }
    lua_pushstring(r->L, field);
    if (tag == V8_ERR_CAUSE ? !read_value(r) : !read_string(r)) return false;
    lua_rawset(r->L, -3);
  }
}

static bool read_error(Reader *r) {
  lua_createtable(r->L, 0, 4);
  class_push_meta(r->L, &error_class);
  lua_setmetatable(r->L, -2);
  made(r, next_id(r));
  if (!read_error_fields(r)) return false;
  lua_pushliteral(r->L, "message");
  if (lua_rawget(r->L, -2) == LUA_TNIL) {
    lua_pushliteral(r->L, "message");
    lua_pushliteral(r->L, "");
    lua_rawset(r->L, -4);
  }
  lua_pop(r->L, 1);
  return true;
}

/* ---- bytes ---- */

/* Pushes an ArrayBuffer with a copy of the bytes. [+1] */
static void push_memory(lua_State *L, const char *s, size_t len) {
  Store *store = memory_push_new(L, len, false, false);
  if (len) memcpy(store->data, s, len);
}

static bool read_memory(Reader *r) {
  const char *s;
  size_t len;
  uint32_t id = next_id(r);
  if (!read_bytes(r, &s, &len)) return false;
  push_memory(r->L, s, len);
  made(r, id);
  return true;
}

/* A resizable one has the size that it has now. */
static bool read_resizable(Reader *r) {
  uint64_t len, most;
  uint32_t id = next_id(r);
  if (!read_varint(r, &len) || !read_varint(r, &most)) return false;
  if (len > left(r) || most < len) return fail(r, "a length goes beyond its end");
  push_memory(r->L, r->at, (size_t)len);
  r->at += len;
  made(r, id);
  return true;
}

static bool read_view(Reader *r) {
  static const ClassDef *const classes[V8_VIEWS] = {
    &int8_array_class, &uint8_array_class, &uint8_clamped_array_class, &int16_array_class,
    &uint16_array_class, &int32_array_class, &uint32_array_class, &float32_array_class,
    &float64_array_class, &data_view_class, &buffer_class, &bigint64_array_class, &biguint64_array_class
  };
  uint64_t kind;
  const char *s;
  size_t len;
  if (!read_varint(r, &kind) || !read_bytes(r, &s, &len)) return false;
  if (kind >= V8_VIEWS) return fail(r, "an unknown kind of view");
  if (kind == V8_VIEW_BUFFER) {
    (void)buffer_push_copy(r->L, s, len);
    return true;
  }
  unsigned shift = kind == V8_VIEW_DATA_VIEW ? 0 : element_shift[element_of(classes[kind])];
  if (len & ((1u << shift) - 1)) return fail(r, "a view does not hold whole elements");
  push_memory(r->L, s, len);
  (void)view_push(r->L, classes[kind], lua_gettop(r->L), 0, len);
  lua_remove(r->L, -2);
  return true;
}

static bool read_host(Reader *r) {
  uint64_t kind;
  uint32_t id = next_id(r);
  if (!read_varint(r, &kind)) return false;
  if (kind == V8_HOST_VIEW ? !read_view(r) : kind != V8_HOST_OBJECT || !read_value(r))
    return fail(r, "an unknown object of Node's");
  made(r, id);
  return true;
}

/* ---- all of it ---- */

static bool read_object(Reader *r, char tag) {
  switch (tag) {
  case V8_OBJECT: return read_table(r);
  case V8_DENSE: return read_dense(r);
  case V8_SPARSE: return read_sparse(r);
  case V8_MAP: return read_map(r);
  case V8_SET: return read_set(r);
  case V8_DATE: case V8_NUMBER_OBJECT: return read_boxed(r, read_number);
  case V8_STRING_OBJECT: return read_boxed(r, read_string);
  case V8_BIGINT_OBJECT: return read_boxed(r, read_bigint);
  case V8_TRUE_OBJECT: return read_boolean(r, true);
  case V8_FALSE_OBJECT: return read_boolean(r, false);
  case V8_REGEXP: return read_regexp(r);
  case V8_ERROR: return read_error(r);
  case V8_BUFFER: return read_memory(r);
  case V8_RESIZABLE: return read_resizable(r);
  case V8_HOST: return read_host(r);
  default: return fail(r, "an unknown tag");
  }
}

static bool read_deeper(Reader *r, char tag) {
  if (r->depth >= V8_MAX_DEPTH) return fail(r, "it is nested too deeply");
  luaL_checkstack(r->L, STACK_NEED, "v8");
  r->depth++;
  int top = lua_gettop(r->L);
  bool good = read_object(r, tag);
  if (good) lua_settop(r->L, top + 1);
  r->depth--;
  return good;
}

static bool read_value(Reader *r) {
  uint64_t n;
  while (r->at < r->end && *r->at == V8_PADDING) r->at++;
  if (r->at == r->end) return fail(r, "it ends too early");
  char tag = *r->at++;
  switch (tag) {
  case V8_UNDEFINED: lua_pushnil(r->L); return true;
  case V8_NULL: json_push_null(r->L); return true;
  case V8_TRUE: lua_pushboolean(r->L, true); return true;
  case V8_FALSE: lua_pushboolean(r->L, false); return true;
  case V8_INT:
    if (!read_varint(r, &n)) return false;
    lua_pushinteger(r->L, (int32_t)((uint32_t)n >> 1 ^ (n & 1 ? UINT32_MAX : 0)));
    return true;
  case V8_UINT:
    if (!read_varint(r, &n)) return false;
    lua_pushinteger(r->L, (lua_Integer)n);
    return true;
  case V8_DOUBLE: return read_number(r);
  case V8_BIGINT: return read_bigint(r);
  case V8_LATIN1: return read_latin1(r);
  case V8_UTF16: return read_utf16(r);
  case V8_UTF8: return read_utf8(r);
  case V8_REFERENCE: return read_reference(r);
  default: return read_deeper(r, tag);
  }
}

static bool read_header(Reader *r) {
  if (left(r) < 2 || (unsigned char)r->at[0] != V8_MARK) return fail(r, "its head is missing");
  unsigned char version = (unsigned char)r->at[1];
  r->at += 2;
  return version >= V8_OLDEST && version <= V8_VERSION ? true : fail(r, "its version is another");
}

bool v8_decode(lua_State *L, const char *s, size_t len, const char **error) {
  luaL_checkstack(L, STACK_NEED, "v8");
  int top = lua_gettop(L);
  Reader r = { .L = L, .at = s, .end = s + len };
  if (len && memchr(s, V8_REFERENCE, len)) {
    lua_newtable(L);
    r.objects = top + 1;
  } else {
    lua_pushnil(L);
  }
  bool good = read_header(&r) && read_value(&r);
  if (good && r.at != r.end) good = fail(&r, "bytes are left over");
  *error = good ? NULL : r.error;
  if (good) lua_replace(L, top + 1);
  lua_settop(L, top + good);
  return good;
}
