/* SPDX-License-Identifier: MIT */
/* methods.c - Buffer methods that compare, search and change bytes. */
#include "buffer_args.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <lauxlib.h>
#include "core/class.h"
#include "core/error.h"
#include "core/opts.h"
#include "bytes.h"

/* ---- arguments ---- */

Buffer *buffer_self_any(lua_State *L) {
  Buffer *b = buffer_test(L, 1);
  return b ? b : class_check(L, 1, &buffer_class); /* which raises */
}

Buffer *arg_buffer(lua_State *L, int idx, const char *name) {
  Buffer *b = buffer_test(L, idx);
  if (!b) err_arg_type(L, idx, name, "an instance of Buffer or Uint8Array");
  return b;
}

lua_Integer to_integer(lua_State *L, int idx, lua_Integer nan) {
  int isnum;
  if (lua_isboolean(L, idx)) return lua_toboolean(L, idx);
  if (lua_isinteger(L, idx)) return lua_tointeger(L, idx);
  lua_Number n = lua_tonumberx(L, idx, &isnum);
  if (!isnum || n != n) return nan;
  if (n >= 9.2e18) return LUA_MAXINTEGER;
  if (n <= -9.2e18) return LUA_MININTEGER;
  return (lua_Integer)n; /* cuts towards 0 */
}

unsigned char to_byte(lua_State *L, int idx) {
  lua_Number n = lua_tonumber(L, idx);
  if (lua_isboolean(L, idx)) return (unsigned char)lua_toboolean(L, idx);
  if (lua_isinteger(L, idx)) return (unsigned char)(lua_tointeger(L, idx) & 255);
  if (n != n || isinf(n)) return 0;
  return (unsigned char)((lua_Integer)fmod(n, 4294967296.0) & 255);
}

size_t arg_clamped(lua_State *L, int idx, size_t len, size_t fallback) {
  if (arg_missing(L, idx)) return fallback;
  lua_Integer n = to_integer(L, idx, 0), max = (lua_Integer)len;
  if (n < 0) n = n < -max ? 0 : n + max;
  return n > max ? len : (size_t)n;
}

size_t arg_offset(lua_State *L, int idx, const char *name, lua_Integer max, size_t fallback) {
  if (arg_missing(L, idx)) return fallback;
  return (size_t)arg_integer(L, idx, name, 0, max);
}

/* ---- comparing ---- */

static int compare_bytes(const char *a, size_t na, const char *b, size_t nb) {
  int order = memcmp(a, b, na < nb ? na : nb);
  if (order == 0) order = na < nb ? -1 : na > nb;
  return order < 0 ? -1 : order > 0;
}

/* compare(target, targetStart, targetEnd, sourceStart, sourceEnd); Buffer.compare(a, b) */
int buffer_compare(lua_State *L) {
  Buffer *source = arg_buffer(L, 1, "buf1"), *target = arg_buffer(L, 2, "target");
  size_t t0 = arg_offset(L, 3, "targetStart", BUFFER_MAX, 0);
  size_t t1 = arg_offset(L, 4, "targetEnd", (lua_Integer)target->length, target->length);
  size_t s0 = arg_offset(L, 5, "sourceStart", BUFFER_MAX, 0);
  size_t s1 = arg_offset(L, 6, "sourceEnd", (lua_Integer)source->length, source->length);
  int order;
  if (s0 >= s1) order = t0 >= t1 ? 0 : -1;
  else if (t0 >= t1) order = 1;
  else order = compare_bytes(buffer_bytes(source) + s0, s1 - s0, buffer_bytes(target) + t0, t1 - t0);
  lua_pushinteger(L, order);
  return 1;
}

int buffer_equals(lua_State *L) {
  Buffer *a = buffer_self(L), *b = arg_buffer(L, 2, "otherBuffer");
  lua_pushboolean(L, a->length == b->length &&
                         !memcmp(buffer_bytes(a), buffer_bytes(b), a->length));
  return 1;
}

/* ---- changing ---- */

/* A number rounded down; 0 for what is none, or too large to be exact. */
static lua_Integer to_floor(lua_State *L, int idx) {
  const double safe = 9007199254740991.0;
  if (lua_isinteger(L, idx) || lua_isboolean(L, idx)) return to_integer(L, idx, 0);
  int isnum;
  lua_Number n = floor(lua_tonumberx(L, idx, &isnum));
  return isnum && n >= -safe && n <= safe ? (lua_Integer)n : 0;
}

/* A start that may be any number from 0 to max, rounded down. */
static lua_Integer arg_start(lua_State *L, int idx, const char *name, lua_Integer fallback,
                             lua_Integer max) {
  if (arg_missing(L, idx)) return fallback;
  lua_Integer n = to_floor(L, idx);
  if (n >= 0 && n <= max) return n;
  char range[64] = ">= 0";
  if (max < LUA_MAXINTEGER) snprintf(range, sizeof range, ">= 0 && <= %lld", (long long)max);
  err_range(L, idx, name, range);
  return 0;
}

/* copy(target, targetStart, sourceStart, sourceEnd): integer */
int buffer_copy(lua_State *L) {
  Buffer *source = buffer_self(L), *target = arg_buffer(L, 2, "target");
  lua_Integer len = (lua_Integer)source->length;
  lua_Integer to = arg_start(L, 3, "targetStart", 0, LUA_MAXINTEGER);
  lua_Integer from = arg_start(L, 4, "sourceStart", 0, len);
  lua_Integer end = arg_start(L, 5, "sourceEnd", len, LUA_MAXINTEGER);
  if (end > len) end = len;
  lua_Integer room = (lua_Integer)target->length - to, n = end - from;
  if (n > room) n = room;
  if (n > 0) memmove(buffer_bytes(target) + to, buffer_bytes(source) + from, (size_t)n);
  lua_pushinteger(L, n > 0 ? n : 0);
  return 1;
}

/* Repeats the n bytes at the start of dst up to len. */
static void repeat(char *dst, size_t n, size_t len) {
  for (size_t done = n; done < len;) { /* doubles what is there */
    size_t step = done < len - done ? done : len - done;
    memcpy(dst + done, dst, step);
    done += step;
  }
}

/* memset for a long range, a third faster: copying the start over and over writes as fast as copying
 * can, and reads what is in the cache. No power of two: a copy to just a page further on is slower. */
static void fill_byte(char *dst, unsigned char byte, size_t len) {
  size_t start = len < 768 ? len : 768;
  memset(dst, byte, start);
  repeat(dst, start, len);
}

static int fill_refused(lua_State *L, int idx) {
  if (lua_type(L, idx) == LUA_TSTRING) lua_pushfstring(L, "'%s'", lua_tostring(L, idx));
  else lua_pushliteral(L, "<Buffer >");
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                   "The argument 'value' is invalid. Received %s", lua_tostring(L, -1));
}

void fill_bytes(lua_State *L, char *dst, size_t len, int idx, Encoding enc) {
  const char *bytes;
  size_t n;
  if (!buffer_view(L, idx, &bytes, &n)) {
    fill_byte(dst, to_byte(L, idx), len);
    return;
  }
  bool text = lua_type(L, idx) == LUA_TSTRING;
  if (text && n == 0) {
    memset(dst, 0, len);
    return;
  }
  char small[64]; /* text that ends inside the range is decoded there, else aside */
  char *all = small;
  if (text) {
    size_t bound = enc_bound(enc, bytes, n);
    if (bound > sizeof small) all = lua_newuserdatauv(L, bound, 0);
    n = enc_write(enc, bytes, n, all, bound);
    bytes = all;
  }
  if (n == 0) fill_refused(L, idx);
  memmove(dst, bytes, n < len ? n : len);
  repeat(dst, n, len);
}

/* fill(value, offset, end, encoding); fill(value, encoding); fill(value, offset, encoding). Without an offset
 * nothing behind it counts: so it is in Node. */
int buffer_fill(lua_State *L) {
  Buffer *b = buffer_self(L);
  int enc_at = 5;
  lua_settop(L, lua_isnoneornil(L, 3) ? 3 : 5);
  lua_settop(L, 5);
  if (lua_type(L, 2) == LUA_TSTRING) {
    if (lua_type(L, 3) == LUA_TSTRING) enc_at = 3;
    else if (lua_type(L, 4) == LUA_TSTRING) enc_at = 4;
  }
  Encoding enc = lua_type(L, 2) == LUA_TSTRING ? arg_encoding(L, enc_at, ENC_UTF8) : ENC_UTF8;
  size_t start = enc_at == 3 ? 0 : arg_offset(L, 3, "offset", BUFFER_MAX, 0), end = b->length;
  if (enc_at == 5) end = arg_offset(L, 4, "end", (lua_Integer)b->length, b->length);
  if (start < end) fill_bytes(L, buffer_bytes(b) + start, end - start, 2, enc);
  lua_settop(L, 1);
  return 1;
}

/* write(string, offset, length, encoding); write(string, encoding); write(string, offset, encoding). Without
 * an offset nothing behind it counts: so it is in Node. */
int buffer_write(lua_State *L) {
  Buffer *b = buffer_self(L);
  lua_Integer len = (lua_Integer)b->length;
  size_t n, offset = 0, room = b->length;
  lua_settop(L, lua_isnoneornil(L, 3) ? 3 : 5);
  lua_settop(L, 5);
  if (lua_type(L, 2) != LUA_TSTRING)
    return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE", "argument must be a string");
  const char *text = lua_tolstring(L, 2, &n);
  int enc_at = lua_type(L, 3) == LUA_TSTRING ? 3 : lua_type(L, 4) == LUA_TSTRING ? 4 : 5;
  if (enc_at > 3) {
    offset = arg_offset(L, 3, "offset", len, 0);
    room = b->length - offset;
  }
  if (enc_at > 4) {
    size_t most = arg_offset(L, 4, "length", len, room);
    if (most < room) room = most;
  }
  Encoding enc = arg_encoding(L, enc_at, ENC_UTF8);
  lua_pushinteger(L, (lua_Integer)enc_write(enc, text, n, buffer_bytes(b) + offset, room));
  return 1;
}

/* ---- searching ---- */

typedef struct Needle {
  const char *bytes;
  size_t len, step;      /* step 2: only matches at even offsets (utf16le) */
} Needle;

/* The value at 2 as bytes; what is made for it stays on the stack. */
static Needle arg_needle(lua_State *L, Encoding enc) {
  Needle needle = { NULL, 0, 1 };
  if (lua_type(L, 2) == LUA_TNUMBER) {
    char byte = (char)to_byte(L, 2);
    lua_pushlstring(L, &byte, 1);
    needle.bytes = lua_tolstring(L, -1, &needle.len);
    return needle;
  }
  if (!buffer_view(L, 2, &needle.bytes, &needle.len))
    err_arg_type(L, 2, "value", "one of type number or string or an instance of Buffer or Uint8Array");
  if (enc == ENC_UTF16LE) needle.step = 2;
  if (lua_type(L, 2) == LUA_TSTRING && enc != ENC_UTF8) {
    size_t bound = enc_bound(enc, needle.bytes, needle.len);
    char *made = lua_newuserdatauv(L, bound, 0);
    needle.len = enc_write(enc, needle.bytes, needle.len, made, bound);
    needle.bytes = made;
  }
  return needle;
}

/* The first or last place of the needle that its step allows; BYTES_NONE is -1. */
static lua_Integer find(const Buffer *b, Needle needle, size_t from, bool backward) {
  const char *bytes = buffer_bytes(b);
  for (;;) {
    size_t at = backward ? bytes_find_last(bytes, b->length, from, needle.bytes, needle.len)
                         : bytes_find(bytes, b->length, from, needle.bytes, needle.len);
    if (at == BYTES_NONE || at % needle.step == 0) return (lua_Integer)at;
    from = backward ? at - 1 : at + 1; /* an odd offset is not 0 */
  }
}

/* indexOf(value, byteOffset, encoding) and its relatives: the offset, -1 when there is none. */
static lua_Integer search(lua_State *L, bool backward) {
  Buffer *b = buffer_self(L);
  lua_Integer len = (lua_Integer)b->length, from;
  lua_settop(L, 4);
  bool named = lua_type(L, 3) == LUA_TSTRING && lua_isnil(L, 4) && !lua_isnumber(L, 3);
  Encoding enc = lua_type(L, 2) == LUA_TSTRING ? arg_encoding(L, named ? 3 : 4, ENC_UTF8) : ENC_UTF8;
  Needle needle = arg_needle(L, enc);
  from = named || lua_isnil(L, 3) ? (backward ? len : 0) : to_integer(L, 3, backward ? len : 0);
  if (from < 0) from += len;
  if (from < 0) {
    if (backward && needle.len > 0) return -1;
    from = 0;
  }
  if (needle.len == 0) return from < len ? from : len;
  return find(b, needle, (size_t)from, backward);
}

int buffer_index_of(lua_State *L) {
  lua_pushinteger(L, search(L, false));
  return 1;
}

int buffer_last_index_of(lua_State *L) {
  lua_pushinteger(L, search(L, true));
  return 1;
}

int buffer_includes(lua_State *L) {
  lua_pushboolean(L, search(L, false) >= 0);
  return 1;
}

/* ---- turning round ---- */

/* Turns each number of `width` bytes round; the length must be a multiple. */
static int turn(lua_State *L, int width) {
  const Buffer *b = buffer_self(L);
  if (b->length % (size_t)width != 0)
    err_raise(L, &range_error_class, "ERR_INVALID_BUFFER_SIZE", "Buffer size must be a multiple of %d-bits",
              width * 8);
  bytes_swap(buffer_bytes(b), b->length, width);
  lua_settop(L, 1);
  return 1;
}

int buffer_swap16(lua_State *L) { return turn(L, 2); }
int buffer_swap32(lua_State *L) { return turn(L, 4); }
int buffer_swap64(lua_State *L) { return turn(L, 8); }
