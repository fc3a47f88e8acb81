/* SPDX-License-Identifier: MIT */
/* random.c - random bytes and numbers from OpenSSL's generator, and comparing in constant time. */
#include "parts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"
#include "core/runtime.h"

#define SAFE_INTEGER (((lua_Integer)1 << 53) - 1)

typedef struct RandomJob {
  Job job;
  Store *out;                /* owns a reference */
  size_t offset, len;
  int buffer;                /* randomFill: pin of the Buffer to be returned; 0: a new one */
} RandomJob;

static void random_release(Job *job) {
  RandomJob *r = (RandomJob *)job;
  store_unref(r->out);
  if (r->buffer) rt_unpin(job->rt, r->buffer);
}

static void random_run(Job *job) {
  RandomJob *r = (RandomJob *)job;
  if (r->len > 0)
    job->failed = ssl.RAND_bytes((unsigned char *)r->out->data + r->offset, (int)r->len) != 1;
}

static int random_push(lua_State *L, Job *job) {
  RandomJob *r = (RandomJob *)job;
  if (job->failed) {
    ssl_push(L, &job->errors, "Operation failed");
    return lua_error(L);
  }
  if (r->buffer) rt_push_pinned(L, job->rt, r->buffer);
  else if (r->len > 0) (void)buffer_push_store(L, r->out, r->offset, r->len);
  else (void)buffer_push_copy(L, "", 0);
  return 1;
}

static RandomJob *random_new(lua_State *L) {
  RandomJob *r = crypto_job_new(L, sizeof *r);
  r->job.run = random_run;
  r->job.push = random_push;
  r->job.release = random_release;
  return r;
}

/* randomBytes(size, callback) */
int crypto_random_bytes(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 2);
  lua_Number size = arg_number(L, 1, "size");
  if (!(size >= 0 && size <= INT_MAX)) return err_range(L, 1, "size", ">= 0 && <= 2147483647");
  if (!lua_isnil(L, 2)) arg_function(L, 2, "callback");
  RandomJob *r = random_new(L);
  r->len = (size_t)size;
  r->out = store_new(r->len);
  if (!r->out) return luaL_error(L, "not enough memory");
  store_press(L, r->len);
  return crypto_job_run(L, &r->job, lua_isnil(L, 2) ? 0 : 2, "randomBytes");
}

/* The Buffer at 1 and which part of it: (buf, offset, size), nil for what is not given. */
static Buffer *arg_part(lua_State *L, size_t *offset, size_t *size) {
  Buffer *b = buffer_test(L, 1);
  if (!b) err_arg_type(L, 1, "buf", "an instance of ArrayBuffer or ArrayBufferView");
  lua_Integer length = (lua_Integer)b->length;
  lua_Integer from = lua_isnil(L, 2) ? 0 : arg_integer(L, 2, "offset", 0, length);
  lua_Integer n = lua_isnil(L, 3) ? length - from : arg_integer(L, 3, "size", 0, INT_MAX);
  if (n > length - from) {
    lua_pushinteger(L, n + from);
    int sum = lua_gettop(L);
    err_range(L, sum, "size + offset", lua_pushfstring(L, "<= %I", length));
  }
  *offset = (size_t)from;
  *size = (size_t)n;
  return b;
}

int crypto_random_fill_sync(lua_State *L) {
  size_t offset, size;
  ssl_need(L);
  lua_settop(L, 3);
  const Buffer *b = arg_part(L, &offset, &size);
  if (size > 0 && ssl.RAND_bytes((unsigned char *)buffer_bytes(b) + offset, (int)size) != 1)
    return ssl_raise(L, "Operation failed");
  lua_settop(L, 1);
  return 1;
}

/* randomFill(buffer, offset, size, callback); the two in the middle may be left out. */
int crypto_random_fill(lua_State *L) {
  size_t offset, size;
  ssl_need(L);
  lua_settop(L, 4);
  for (int i = 2; i <= 3; i++) {
    if (!lua_isfunction(L, i)) continue;
    lua_pushvalue(L, i);
    lua_replace(L, 4);
    for (int j = i; j <= 3; j++) {
      lua_pushnil(L);
      lua_replace(L, j);
    }
  }
  if (!buffer_test(L, 1)) return err_arg_type(L, 1, "buf", "an instance of ArrayBuffer or ArrayBufferView");
  arg_function(L, 4, "callback");
  const Buffer *b = arg_part(L, &offset, &size);
  RandomJob *r = random_new(L);
  if (b->store) r->out = store_ref(b->store);
  r->offset = b->offset + offset;
  r->len = b->store ? size : 0;
  lua_pushvalue(L, 1);
  r->buffer = rt_pin(L);
  return crypto_job_run(L, &r->job, 4, "randomFill");
}

int crypto_random_values(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 1);
  const Buffer *b = buffer_test(L, 1);
  if (!b) return err_raise(L, &type_error_class, NULL, "The data argument must be an integer-type TypedArray");
  if (b->length > 65536) {
    err_push(L, NULL, NULL, "The requested length exceeds 65,536 bytes");
    lua_pushliteral(L, "QuotaExceededError");
    lua_setfield(L, -2, "name");
    lua_pushinteger(L, 22);
    lua_setfield(L, -2, "code");
    return lua_error(L);
  }
  if (b->length > 0 && ssl.RAND_bytes((unsigned char *)buffer_bytes(b), (int)b->length) != 1)
    return ssl_raise(L, "Operation failed");
  return 1;
}

/* ---- numbers ---- */

static lua_Integer arg_safe(lua_State *L, int idx, const char *name) {
  int whole = 0;
  lua_Integer n = lua_type(L, idx) == LUA_TNUMBER ? lua_tointegerx(L, idx, &whole) : 0;
  if (!whole || n > SAFE_INTEGER || n < -SAFE_INTEGER) err_arg_type(L, idx, name, "a safe integer");
  return n;
}

/* An even choice of 0 .. range - 1: what would favour the small ones is drawn again. */
static lua_Integer draw(lua_State *L, lua_Integer range) {
  const uint64_t span = (uint64_t)1 << 48, limit = span - span % (uint64_t)range;
  for (;;) {
    unsigned char b[6];
    uint64_t n = 0;
    if (ssl.RAND_bytes(b, sizeof b) != 1) ssl_raise(L, "Operation failed");
    for (size_t i = 0; i < sizeof b; i++) n = n << 8 | b[i];
    if (n < limit) return (lua_Integer)(n % (uint64_t)range);
  }
}

/* "1_000" for the error, as Node writes big numbers. [+1] */
static void push_grouped(lua_State *L, lua_Integer n) {
  char digits[32];
  int len = snprintf(digits, sizeof digits, "%lld", (long long)n);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (int i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0) luaL_addchar(&b, '_');
    luaL_addchar(&b, digits[i]);
  }
  luaL_pushresult(&b);
}

/* randomInt(min, max, callback); (max), (max, callback) */
int crypto_random_int(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 3);
  bool one = lua_isnil(L, 2) || lua_isfunction(L, 2);
  if (one) {
    lua_pushinteger(L, 0);
    lua_insert(L, 1); /* 0, max, callback or nil */
    lua_settop(L, 3);
  }
  if (!lua_isnil(L, 3)) arg_function(L, 3, "callback");
  lua_Integer min = arg_safe(L, 1, "min"), max = arg_safe(L, 2, "max");
  if (max <= min)
    return err_range(L, 2, "max", lua_pushfstring(L, "greater than the value of \"min\" (%I)", min));
  if (max - min > ((lua_Integer)1 << 48) - 1) {
    push_grouped(L, max - min);
    return err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE",
                     "The value of \"max - min\" is out of range. It must be <= 281474976710655. "
                     "Received %s", lua_tostring(L, -1));
  }
  lua_Integer n = min + draw(L, max - min);
  if (lua_isnil(L, 3)) {
    lua_pushinteger(L, n);
    return 1;
  }
  lua_pushvalue(L, 3);
  lua_pushnil(L);
  lua_pushinteger(L, n);
  rt_next_tick(L, 2);
  return 0;
}

/* randomUUID(): version 4 */
int crypto_random_uuid(lua_State *L) {
  static const char hex[] = "0123456789abcdef";
  unsigned char b[16];
  char text[36];
  ssl_need(L);
  lua_settop(L, 1);
  if (!lua_isnil(L, 1)) arg_table(L, 1, "options");
  (void)opt_boolean(L, 1, "disableEntropyCache", false);
  if (ssl.RAND_bytes(b, sizeof b) != 1) return ssl_raise(L, "Operation failed");
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  size_t n = 0;
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text[n++] = '-';
    text[n++] = hex[b[i] >> 4];
    text[n++] = hex[b[i] & 15];
  }
  lua_pushlstring(L, text, n);
  return 1;
}

int crypto_timing_safe_equal(lua_State *L) {
  Bytes part[2] = { { "", 0 }, { "", 0 } };
  ssl_need(L);
  for (int i = 0; i < 2; i++) {
    if (lua_type(L, i + 1) == LUA_TSTRING || !buffer_view(L, i + 1, &part[i].p, &part[i].len))
      return err_arg_type(L, i + 1, i == 0 ? "buf1" : "buf2",
                          "an instance of ArrayBuffer, Buffer, TypedArray, or DataView");
  }
  if (part[0].len != part[1].len)
    return err_raise(L, &range_error_class, "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
                     "Input buffers must have the same byte length");
  lua_pushboolean(L, ssl.CRYPTO_memcmp(part[0].p, part[1].p, part[0].len) == 0);
  return 1;
}
