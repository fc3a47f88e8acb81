/* SPDX-License-Identifier: MIT */
/* buffer.c - the Buffer class: making Buffers, reading them as text, and the module. */
#include "buffer_args.h"

#include <stdio.h>
#include <string.h>
#include <lauxlib.h>
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

enum { INSPECT_MAX_BYTES = 50 };

/* ---- for other modules ---- */

static Buffer *push_empty(lua_State *L) { return class_new(L, &buffer_class, sizeof(Buffer), 0); }

Buffer *buffer_push_store(lua_State *L, Store *store, size_t off, size_t len) {
  Buffer *b = push_empty(L);
  if (len == 0) return b;
  *b = (Buffer){ store_ref(store), off, len };
  return b;
}

/* Gives b (on the stack) a store of its own. */
static void buffer_fit(lua_State *L, Buffer *b, size_t len, bool zero) {
  if (len == 0) return;
  Store *store = zero ? store_new_zero(len) : store_new(len);
  if (!store)
    err_raise(L, &range_error_class, "ERR_MEMORY_ALLOCATION_FAILED", "Array buffer allocation failed");
  *b = (Buffer){ store, 0, len };
  store_press(L, len);
}

Buffer *buffer_push_new(lua_State *L, size_t len) {
  Buffer *b = push_empty(L);
  buffer_fit(L, b, len, false);
  return b;
}

Buffer *buffer_push_copy(lua_State *L, const char *data, size_t len) {
  Buffer *b = buffer_push_new(L, len);
  if (len > 0) memcpy(buffer_bytes(b), data, len);
  return b;
}

Buffer *buffer_test(lua_State *L, int idx) { return class_test(L, idx, &buffer_class); }

bool buffer_view(lua_State *L, int idx, const char **bytes, size_t *len) {
  if (lua_type(L, idx) == LUA_TSTRING) {
    *bytes = lua_tolstring(L, idx, len);
    return true;
  }
  const Buffer *b = buffer_test(L, idx);
  if (!b) return false;
  *bytes = buffer_bytes(b);
  *len = b->length;
  return true;
}

const char *arg_bytes(lua_State *L, int idx, const char *name, size_t *len) {
  const char *bytes = NULL;
  if (!buffer_view(L, idx, &bytes, len))
    err_arg_type(L, idx, name, "of type string or an instance of Buffer");
  return bytes;
}

/* ---- making ---- */

static void push_from_text(lua_State *L, int idx, Encoding enc) {
  size_t len;
  const char *text = lua_tolstring(L, idx, &len);
  Buffer *b = buffer_push_new(L, enc_bound(enc, text, len));
  b->length = enc_write(enc, text, len, buffer_bytes(b), b->length);
}

static bool is_list(lua_State *L, int idx) {
  return lua_istable(L, idx) && !class_of(L, idx) && json_is_array(L, idx);
}

/* A Buffer of the elements of the table at idx, n of them. */
static void push_from_list(lua_State *L, int idx, lua_Integer n) {
  if (n > BUFFER_MAX) n = BUFFER_MAX;
  Buffer *b = buffer_push_new(L, n > 0 ? (size_t)n : 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, idx, i);
    buffer_bytes(b)[i - 1] = (char)to_byte(L, -1);
    lua_pop(L, 1);
  }
}

/* A list, { type = "Buffer", data = list } as toJSON gives it, or a table with a length. */
static bool push_from_table(lua_State *L, int idx) {
  if (is_list(L, idx)) {
    push_from_list(L, idx, (lua_Integer)lua_rawlen(L, idx));
    return true;
  }
  if (class_of(L, idx)) return false;
  if (lua_getfield(L, idx, "data") == LUA_TTABLE && is_list(L, -1)) {
    lua_getfield(L, idx, "type");
    bool json = lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "Buffer");
    lua_pop(L, 1);
    if (json) {
      push_from_list(L, lua_gettop(L), (lua_Integer)lua_rawlen(L, -1));
      return true;
    }
  }
  if (lua_getfield(L, idx, "length") != LUA_TNUMBER) return false;
  push_from_list(L, idx, to_integer(L, -1, 0));
  return true;
}

static int from_value(lua_State *L, int idx, int enc_idx) {
  if (lua_type(L, idx) == LUA_TSTRING) {
    push_from_text(L, idx, arg_encoding(L, enc_idx, ENC_UTF8));
    return 1;
  }
  const Buffer *b = buffer_test(L, idx);
  if (b) {
    buffer_push_copy(L, buffer_bytes(b), b->length);
    return 1;
  }
  if (lua_istable(L, idx) && push_from_table(L, idx)) return 1;
  err_push_received(L, idx);
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                   "The first argument must be of type string or an instance of Buffer, ArrayBuffer, "
                   "or Array or an Array-like Object. Received %s", lua_tostring(L, -1));
}

static int buffer_from(lua_State *L) {
  lua_settop(L, 2);
  return from_value(L, 1, 2);
}

static size_t arg_size(lua_State *L, int idx) {
  lua_Number n = arg_number(L, idx, "size");
  if (!(n >= 0 && n <= (lua_Number)BUFFER_MAX)) err_range(L, idx, "size", ">= 0 && <= 4294967296");
  return (size_t)n;
}

/* alloc(size, fill, encoding) */
static int buffer_alloc_zero(lua_State *L) {
  lua_settop(L, 3);
  size_t size = arg_size(L, 1);
  Encoding enc = arg_encoding(L, 3, ENC_UTF8);
  Buffer *b = push_empty(L);
  buffer_fit(L, b, size, true);
  if (size > 0 && !lua_isnil(L, 2)) fill_bytes(L, buffer_bytes(b), size, 2, enc);
  lua_settop(L, 4);
  return 1;
}

static int buffer_alloc_unsafe(lua_State *L) {
  buffer_push_new(L, arg_size(L, 1));
  return 1;
}

/* Buffer(value, encoding) as the old constructor; the object is there already. */
static int buffer_init(lua_State *L) {
  Buffer *self = buffer_self(L);
  lua_settop(L, 3);
  if (lua_type(L, 2) == LUA_TNUMBER) {
    size_t size = arg_size(L, 2);
    store_unref(self->store);
    *self = (Buffer){ NULL, 0, 0 };
    buffer_fit(L, self, size, true);
    return 0;
  }
  from_value(L, 2, 3);
  Buffer *made = buffer_test(L, -1), old = *self;
  *self = *made;
  *made = (Buffer){ NULL, 0, 0 };
  store_unref(old.store);
  return 0;
}

static int buffer_new(lua_State *L) {
  push_empty(L);
  return 1;
}

static int buffer_gc(lua_State *L) {
  Buffer *b = buffer_test(L, 1);
  if (!b) return 0;
  store_unref(b->store);
  *b = (Buffer){ NULL, 0, 0 };
  return 0;
}

/* concat(list, totalLength) */
static int buffer_concat(lua_State *L) {
  lua_settop(L, 2);
  if (!lua_istable(L, 1)) return err_arg_type(L, 1, "list", "an instance of Array");
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  size_t total = 0;
  for (lua_Integer i = 1; i <= n; i++, lua_pop(L, 1)) {
    char name[40];
    lua_rawgeti(L, 1, i);
    snprintf(name, sizeof name, "list[%lld]", (long long)i);
    total += arg_buffer(L, -1, name)->length;
  }
  total = arg_offset(L, 2, "length", BUFFER_MAX, total);
  Buffer *b = buffer_push_new(L, total);
  size_t at = 0;
  for (lua_Integer i = 1; i <= n && at < total; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 1, i);
    const Buffer *part = buffer_test(L, -1);
    if (!part) continue; /* a finalizer has changed the list */
    size_t len = part->length < total - at ? part->length : total - at;
    memcpy(buffer_bytes(b) + at, buffer_bytes(part), len);
    at += len;
  }
  if (at < total) memset(buffer_bytes(b) + at, 0, total - at);
  return 1;
}

/* ---- asking ---- */

static int buffer_is_buffer(lua_State *L) {
  lua_pushboolean(L, buffer_test(L, 1) != NULL);
  return 1;
}

static int buffer_is_encoding(lua_State *L) {
  Encoding enc;
  size_t len = 0;
  const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  lua_pushboolean(L, enc_find(name, len, &enc));
  return 1;
}

static int buffer_byte_length(lua_State *L) {
  size_t len;
  Encoding enc = ENC_UTF8;
  lua_settop(L, 2);
  const Buffer *b = buffer_test(L, 1);
  if (b) {
    lua_pushinteger(L, (lua_Integer)b->length);
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
static int buffer_to_string(lua_State *L) {
  const Buffer *b = buffer_self(L);
  lua_Integer len = (lua_Integer)b->length, start = to_integer(L, 3, 0), end = len;
  Encoding enc = arg_encoding(L, 2, ENC_UTF8);
  if (!arg_missing(L, 4)) end = to_integer(L, 4, 0);
  if (start < 0) start = 0;
  if (end > len) end = len;
  if (start >= end) lua_pushliteral(L, "");
  else enc_push_text(L, enc, buffer_bytes(b) + start, (size_t)(end - start));
  return 1;
}

/* bytes(start, stop): the raw string */
static int buffer_raw(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t start = arg_clamped(L, 2, b->length, 0), stop = arg_clamped(L, 3, b->length, b->length);
  lua_pushlstring(L, buffer_bytes(b) + start, stop > start ? stop - start : 0);
  return 1;
}

/* slice(start, end): shares the memory */
static int buffer_slice(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t start = arg_clamped(L, 2, b->length, 0), stop = arg_clamped(L, 3, b->length, b->length);
  buffer_push_store(L, b->store, b->offset + start, stop > start ? stop - start : 0);
  return 1;
}

static int buffer_to_json(lua_State *L) {
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

/* ---- iterators: upvalues Buffer, next offset ---- */

static const Buffer *iterate(lua_State *L, lua_Integer *at) {
  const Buffer *b = buffer_test(L, lua_upvalueindex(1));
  *at = lua_tointeger(L, lua_upvalueindex(2));
  if (*at >= (lua_Integer)b->length) return NULL;
  lua_pushinteger(L, *at + 1);
  lua_replace(L, lua_upvalueindex(2));
  return b;
}

static int next_key(lua_State *L) {
  lua_Integer at;
  if (!iterate(L, &at)) return 0;
  lua_pushinteger(L, at);
  return 1;
}

static int next_value(lua_State *L) {
  lua_Integer at;
  const Buffer *b = iterate(L, &at);
  if (!b) return 0;
  lua_pushinteger(L, (unsigned char)buffer_bytes(b)[at]);
  return 1;
}

static int next_entry(lua_State *L) {
  lua_Integer at;
  const Buffer *b = iterate(L, &at);
  if (!b) return 0;
  lua_pushinteger(L, at);
  lua_pushinteger(L, (unsigned char)buffer_bytes(b)[at]);
  return 2;
}

static int push_iterator(lua_State *L, lua_CFunction next) {
  (void)buffer_self(L);
  lua_settop(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next, 2);
  return 1;
}

static int buffer_keys(lua_State *L) { return push_iterator(L, next_key); }
static int buffer_values(lua_State *L) { return push_iterator(L, next_value); }
static int buffer_entries(lua_State *L) { return push_iterator(L, next_entry); }

/* ---- metamethods ---- */

static int buffer_index(lua_State *L) {
  const Buffer *b = buffer_test(L, 1);
  int whole;
  lua_Integer at = lua_tointegerx(L, 2, &whole);
  if (!b || lua_type(L, 2) != LUA_TNUMBER || !whole || at < 0 || at >= (lua_Integer)b->length) return 0;
  lua_pushinteger(L, (unsigned char)buffer_bytes(b)[at]);
  return 1;
}

/* Takes every number; what is outside is ignored, as in Node. */
static int buffer_newindex(lua_State *L) {
  Buffer *b = buffer_test(L, 1);
  int whole;
  if (!b || lua_type(L, 2) != LUA_TNUMBER) return 0;
  lua_Integer at = lua_tointegerx(L, 2, &whole);
  if (whole && at >= 0 && at < (lua_Integer)b->length) buffer_bytes(b)[at] = (char)to_byte(L, 3);
  lua_pushboolean(L, true);
  return 1;
}

static int buffer_len(lua_State *L) {
  const Buffer *b = buffer_self(L);
  lua_pushinteger(L, (lua_Integer)b->length);
  return 1;
}

static int buffer_tostring(lua_State *L) {
  const Buffer *b = buffer_self(L);
  enc_push_text(L, ENC_UTF8, buffer_bytes(b), b->length);
  return 1;
}

static int buffer_join(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  luaL_tolstring(L, 2, NULL);
  lua_concat(L, 2);
  return 1;
}

static int buffer_inspect(lua_State *L) {
  const Buffer *b = buffer_self(L);
  size_t shown = b->length < INSPECT_MAX_BYTES ? b->length : INSPECT_MAX_BYTES, more = b->length - shown;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  luaL_addstring(&out, shown == 0 ? "<Buffer " : "<Buffer");
  for (size_t i = 0; i < shown; i++) {
    char hex[4];
    snprintf(hex, sizeof hex, " %02x", (unsigned char)buffer_bytes(b)[i]);
    luaL_addlstring(&out, hex, 3);
  }
  if (more > 0) {
    char text[48];
    snprintf(text, sizeof text, " ... %zu more byte%s", more, more > 1 ? "s" : "");
    luaL_addstring(&out, text);
  }
  luaL_addchar(&out, '>');
  luaL_pushresult(&out);
  return 1;
}

/* ---- rows ---- */

static const FnDef buffer_methods[] = {
  { "from", buffer_from, FN_STATIC,
    "from(value: string|Buffer|integer[], encoding: string?): Buffer",
    "A new Buffer with the bytes of a string (in the encoding, default utf8), a copy of a Buffer, or "
    "the numbers of a list, each & 255.",
    NULL, "print(Buffer.from(\"68c3a9\", \"hex\"))", "A string's bytes are taken as they are." },
  { "alloc", buffer_alloc_zero, FN_STATIC,
    "alloc(size: integer, fill: string|Buffer|integer?, encoding: string?): Buffer",
    "A Buffer of size bytes, zero or filled.", NULL, "print(#Buffer.alloc(10))", NULL },
  { "allocUnsafe", buffer_alloc_unsafe, FN_STATIC, "allocUnsafe(size: integer): Buffer",
    "A Buffer whose bytes are whatever was in memory: faster, to be overwritten at once.", NULL, NULL,
    NULL },
  { "concat", buffer_concat, FN_STATIC, "concat(list: Buffer[], totalLength: integer?): Buffer",
    "One new Buffer of all those in the list, cut or filled up with zeros to totalLength.", NULL,
    "print(Buffer.concat{ Buffer.from \"a\", Buffer.from \"b\" })", NULL },
  { "isBuffer", buffer_is_buffer, FN_STATIC, "isBuffer(value: any): boolean", "Is it a Buffer?", NULL,
    NULL, NULL },
  { "isEncoding", buffer_is_encoding, FN_STATIC, "isEncoding(encoding: any): boolean",
    "Is it the name of an encoding: utf8, utf16le, ucs2, latin1, binary, ascii, hex, base64, base64url?",
    NULL, NULL, NULL },
  { "byteLength", buffer_byte_length, FN_STATIC,
    "byteLength(value: string|Buffer, encoding: string?): integer",
    "How many bytes the text takes in the encoding.", NULL,
    "print(Buffer.byteLength(\"héllo\"), Buffer.byteLength(\"héllo\", \"latin1\"))", NULL },
  { "compare", buffer_compare, FN_METHOD,
    "compare(target: Buffer, targetStart: integer?, targetEnd: integer?, sourceStart: integer?, "
    "sourceEnd: integer?): integer",
    "-1, 0 or 1: which comes first by its bytes. Buffer.compare(a, b) sorts a list.", NULL, NULL, NULL },
  { "equals", buffer_equals, FN_METHOD, "equals(otherBuffer: Buffer): boolean",
    "Same bytes? (== asks whether it is the same Buffer.)", NULL, NULL, NULL },
  { "copy", buffer_copy, FN_METHOD,
    "copy(target: Buffer, targetStart: integer?, sourceStart: integer?, sourceEnd: integer?): integer",
    "Copies bytes into another Buffer, or inside this one. Returns how many.", NULL, NULL, NULL },
  { "fill", buffer_fill, FN_METHOD,
    "fill(value: string|Buffer|integer, offset: integer?, stop: integer?, encoding: string?): Buffer",
    "Fills with a byte, or with text or bytes over and over. Returns the Buffer.", NULL,
    "print(Buffer.alloc(5):fill \"ab\")", NULL },
  { "write", buffer_write, FN_METHOD,
    "write(text: string, offset: integer?, length: integer?, encoding: string?): integer",
    "Writes text at the offset, whole characters only. Returns how many bytes.", NULL, NULL, NULL },
  { "indexOf", buffer_index_of, FN_METHOD,
    "indexOf(value: string|Buffer|integer, byteOffset: integer?, encoding: string?): integer",
    "The offset of the first place from byteOffset on where the value stands, -1 when there is none.",
    NULL, NULL, NULL },
  { "lastIndexOf", buffer_last_index_of, FN_METHOD,
    "lastIndexOf(value: string|Buffer|integer, byteOffset: integer?, encoding: string?): integer",
    "The offset of the last place up to byteOffset, -1 when there is none.", NULL, NULL, NULL },
  { "includes", buffer_includes, FN_METHOD,
    "includes(value: string|Buffer|integer, byteOffset: integer?, encoding: string?): boolean",
    "Does the value stand anywhere from byteOffset on?", NULL, NULL, NULL },
  { "toString", buffer_to_string, FN_METHOD,
    "toString(encoding: string?, start: integer?, stop: integer?): string",
    "The bytes as text in the encoding, default utf8; invalid UTF-8 becomes U+FFFD.", NULL,
    "print(Buffer.from(\"hi\"):toString \"base64\")",
    "The text is a UTF-8 string; bytes() gives the raw ones." },
  { "bytes", buffer_raw, FN_METHOD, "bytes(start: integer?, stop: integer?): string",
    "The bytes as a raw Lua string. Offsets from 0, negative ones from the end.", NULL, NULL,
    "Only here." },
  { "slice", buffer_slice, FN_METHOD, "slice(start: integer?, stop: integer?): Buffer",
    "A Buffer over a part of the same memory: what is written to one is seen in the other.", NULL,
    "local b = Buffer.from \"hello\"\nb:slice(0, 1)[0] = 0x4a\nprint(b)", NULL },
  { "subarray", buffer_slice, FN_METHOD, "subarray(start: integer?, stop: integer?): Buffer",
    "The same as slice.", NULL, NULL, NULL },
  { "toJSON", buffer_to_json, FN_METHOD, "toJSON(): table",
    "{ type = \"Buffer\", data = { ... } }, which from understands.", NULL, NULL, NULL },
  { "keys", buffer_keys, FN_METHOD, "keys(): function", "Iterates over the offsets.", NULL, NULL, NULL },
  { "values", buffer_values, FN_METHOD, "values(): function", "Iterates over the bytes.", NULL,
    "for b in Buffer.from(\"hi\"):values() do print(b) end", NULL },
  { "entries", buffer_entries, FN_METHOD, "entries(): function",
    "Iterates over offset and byte.", NULL, "for i, b in Buffer.from(\"hi\"):entries() do print(i, b) end",
    NULL },
  { 0 }
};

static const PropDef buffer_props[] = {
  { "length", buffer_len, NULL, "integer", "Number of bytes, as #buf." },
  { "byteLength", buffer_len, NULL, "integer", "Number of bytes." },
  { 0 }
};

static const luaL_Reg buffer_meta[] = {
  { "__index", buffer_index }, { "__newindex", buffer_newindex }, { "__len", buffer_len },
  { "__concat", buffer_join }, { NULL, NULL }
};

const ClassDef buffer_class = {
  .name = "Buffer", .alloc = buffer_new, .init = buffer_init, .gc = buffer_gc,
  .inspect = buffer_inspect, .tostring = buffer_tostring, .meta = buffer_meta,
  .methods = buffer_methods, .props = buffer_props,
  .doc = "A run of bytes outside Lua's heap. buf[i] reads and writes the byte at offset i, counted from 0 "
         "(stored & 255); #buf is its length. It joins with .. and prints as text.",
  .example = "local b = Buffer.from \"hi\"\nprint(#b, b[0], b:toString \"hex\")"
};

static const ClassDef *const buffer_classes[] = { &buffer_class, NULL };

static int buffer_open(lua_State *L) {
  lua_pushinteger(L, INSPECT_MAX_BYTES);
  lua_setfield(L, 1, "INSPECT_MAX_BYTES");
  lua_pushinteger(L, BUFFER_MAX);
  lua_setfield(L, 1, "kMaxLength");
  lua_settop(L, 1);
  return 1;
}

static const PropDef buffer_constants[] = {
  { "INSPECT_MAX_BYTES", NULL, NULL, "integer", "How many bytes console.log shows of a Buffer." },
  { "kMaxLength", NULL, NULL, "integer", "The largest size of a Buffer." },
  { 0 }
};

const ModuleDef buffer_module = {
  .name = "buffer", .classes = buffer_classes, .constants = buffer_constants, .open = buffer_open,
  .doc = "Bytes: the Buffer class, also a global.", .example = "print(require(\"buffer\").Buffer.from \"x\")"
};
