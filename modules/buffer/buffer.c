/* SPDX-License-Identifier: MIT */
/* buffer.c - the Buffer class: what it gives other modules, questions, reading as text. */
#include "buffer_args.h"

#include <stdio.h>
#include <string.h>
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "views.h"

static const char module_key = 0; /* registry: the module's table, for INSPECT_MAX_BYTES */

/* ---- for other modules ---- */

Buffer *buffer_push_store(lua_State *L, Store *store, size_t off, size_t len) {
  if (!store) return view_push(L, &buffer_class, 0, 0, 0);
  memory_push(L, store);
  Buffer *b = view_push(L, &buffer_class, lua_gettop(L), off, len);
  lua_remove(L, -2);
  return b;
}

Buffer *buffer_push_new(lua_State *L, size_t len) {
  if (len == 0) return view_push(L, &buffer_class, 0, 0, 0);
  (void)memory_push_new(L, len, false, false);
  Buffer *b = view_push(L, &buffer_class, lua_gettop(L), 0, len);
  lua_remove(L, -2);
  return b;
}

Buffer *buffer_push_copy(lua_State *L, const char *data, size_t len) {
  Buffer *b = buffer_push_new(L, len);
  if (len > 0) memcpy(buffer_bytes(b), data, len);
  return b;
}

Buffer *buffer_test(lua_State *L, int idx) { return view_now(class_test(L, idx, &uint8_array_class)); }

/* The bytes of a string, or of what test tells to be a view. */
static bool view_bytes(lua_State *L, int idx, Buffer *(*test)(lua_State *, int), const char **bytes,
                       size_t *len) {
  if (lua_type(L, idx) == LUA_TSTRING) {
    *bytes = lua_tolstring(L, idx, len);
    return true;
  }
  const Buffer *b = test(L, idx);
  if (!b) return false;
  *bytes = buffer_bytes(b);
  *len = b->length;
  return true;
}

bool buffer_view(lua_State *L, int idx, const char **bytes, size_t *len) {
  return view_bytes(L, idx, buffer_test, bytes, len);
}

const char *arg_bytes(lua_State *L, int idx, const char *name, size_t *len) {
  const char *bytes = NULL;
  if (!view_bytes(L, idx, any_view_test, &bytes, len))
    err_arg_type(L, idx, name, "of type string or an instance of Buffer, TypedArray, or DataView");
  return bytes;
}

/* ---- asking ---- */

int buffer_is_buffer(lua_State *L) {
  lua_pushboolean(L, class_test(L, 1, &buffer_class) != NULL);
  return 1;
}

int buffer_is_encoding(lua_State *L) {
  Encoding enc;
  size_t len = 0;
  const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  lua_pushboolean(L, enc_find(name, len, &enc));
  return 1;
}

int buffer_byte_length(lua_State *L) {
  size_t len;
  Encoding enc = ENC_UTF8;
  lua_settop(L, 2);
  const char *bytes;
  if (memory_view(L, 1, &bytes, &len)) {
    lua_pushinteger(L, (lua_Integer)len);
    return 1;
  }
  if (lua_type(L, 1) != LUA_TSTRING)
    return err_arg_type(L, 1, "string", "of type string or an instance of Buffer or ArrayBuffer");
  if (lua_type(L, 2) == LUA_TSTRING) {
    const char *name = lua_tolstring(L, 2, &len);
    (void)enc_find(name, len, &enc); /* an unknown one counts as utf8 */
  }
  const char *text = lua_tolstring(L, 1, &len);
  lua_pushinteger(L, (lua_Integer)enc_byte_length(enc, text, len));
  return 1;
}

/* ---- reading ---- */

/* toString(encoding, start, end) */
int buffer_to_string(lua_State *L) {
  const Buffer *b = buffer_self(L);
  lua_Integer len = (lua_Integer)b->length, start = to_integer(L, 3, 0), end = len;
  if (!arg_missing(L, 4)) end = to_integer(L, 4, 0);
  if (start < 0) start = 0;
  if (end > len) end = len;
  Encoding enc = start < end || lua_type(L, 2) != LUA_TSTRING ? arg_encoding(L, 2, ENC_UTF8) : ENC_UTF8;
  if (start < end && end - start > STRING_MAX)
    return err_raise(L, NULL, "ERR_STRING_TOO_LONG",
                     "Cannot create a string longer than 0x1fffffe8 characters");
  if (start >= end) lua_pushliteral(L, "");
  else enc_push_text(L, enc, buffer_bytes(b) + start, (size_t)(end - start));
  return 1;
}

/* bytes(start, stop): the raw string */
int buffer_raw(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t start = arg_clamped(L, 2, b->length, 0), stop = arg_clamped(L, 3, b->length, b->length);
  lua_pushlstring(L, buffer_bytes(b) + start, stop > start ? stop - start : 0);
  return 1;
}

/* slice(start, end): shares the memory */
int buffer_slice(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t start = arg_clamped(L, 2, b->length, 0), stop = arg_clamped(L, 3, b->length, b->length);
  (void)view_push_part(L, &buffer_class, 1, b->offset + start, stop > start ? stop - start : 0);
  return 1;
}

int buffer_to_json(lua_State *L) {
  const Buffer *b = buffer_self(L);
  lua_createtable(L, 0, 2);
  lua_pushliteral(L, "Buffer");
  lua_setfield(L, -2, "type");
  lua_createtable(L, b->length < 1 << 20 ? (int)b->length : 0, 0);
  json_mark_array(L, -1);
  for (size_t i = 0; i < b->length; i++) {
    lua_pushinteger(L, (unsigned char)buffer_bytes(b)[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "data");
  return 1;
}

/* ---- metamethods ---- */

int buffer_tostring(lua_State *L) {
  const Buffer *b = buffer_self(L);
  enc_push_text(L, ENC_UTF8, buffer_bytes(b), b->length);
  return 1;
}

int buffer_join(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  luaL_tolstring(L, 2, NULL);
  lua_concat(L, 2);
  return 1;
}

void buffer_keep_module(lua_State *L) {
  lua_pushvalue(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &module_key);
}

/* require("buffer").INSPECT_MAX_BYTES, which scripts may set. */
static size_t inspect_most(lua_State *L) {
  lua_Integer most = INSPECT_MAX_BYTES;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &module_key) == LUA_TTABLE) {
    lua_pushliteral(L, "INSPECT_MAX_BYTES");
    lua_rawget(L, -2);
    most = to_integer(L, -1, INSPECT_MAX_BYTES);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return most < 0 ? 0 : (size_t)most;
}

void add_hex(luaL_Buffer *out, const char *bytes, size_t n, size_t most) {
  size_t shown = n < most ? n : most, more = n - shown;
  for (size_t i = 0; i < shown; i++) {
    char hex[4];
    snprintf(hex, sizeof hex, i == 0 ? "%02x" : " %02x", (unsigned char)bytes[i]);
    luaL_addstring(out, hex);
  }
  if (more > 0) {
    char text[48];
    snprintf(text, sizeof text, " ... %zu more byte%s", more, more > 1 ? "s" : "");
    luaL_addstring(out, text);
  }
}

int buffer_inspect(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t most = inspect_most(L);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  luaL_addstring(&out, "<Buffer ");
  add_hex(&out, buffer_bytes(b), b->length, most);
  luaL_addchar(&out, '>');
  luaL_pushresult(&out);
  return 1;
}
