/* SPDX-License-Identifier: MIT */
/* strbuf.c - a byte buffer that grows by doubling; see strbuf.h. */
#include "strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 64 };

static const char lua_buffer_key; /* registry key of the metatable */

void strbuf_init(StrBuf *buf) {
  *buf = (StrBuf){ 0 };
}

void strbuf_free(StrBuf *buf) {
  free(buf->p);
  strbuf_init(buf);
}

void strbuf_clear(StrBuf *buf) {
  buf->len = 0;
  buf->failed = false;
}

static bool grow(StrBuf *buf, size_t more) {
  if (buf->failed) return false;
  size_t cap = buf->cap ? buf->cap : FIRST_CAP;
  if (more < SIZE_MAX / 4 - buf->len) {
    while (cap - buf->len <= more) cap *= 2;
    char *p = realloc(buf->p, cap);
    if (p) {
      buf->p = p;
      buf->cap = cap;
      return true;
    }
  }
  buf->failed = true;
  return false;
}

bool strbuf_reserve(StrBuf *buf, size_t more) {
  return (buf->cap - buf->len > more && !buf->failed) || grow(buf, more);
}

void strbuf_add(StrBuf *buf, const void *bytes, size_t len) {
  if (len == 0 || !strbuf_reserve(buf, len)) return;
  memcpy(buf->p + buf->len, bytes, len);
  buf->len += len;
  buf->p[buf->len] = '\0';
}

void strbuf_adds(StrBuf *buf, const char *text) {
  strbuf_add(buf, text, strlen(text));
}

void strbuf_addc(StrBuf *buf, char c) {
  if (!strbuf_reserve(buf, 1)) return;
  buf->p[buf->len++] = c;
  buf->p[buf->len] = '\0';
}

void strbuf_addf(StrBuf *buf, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  int need = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (need < 0) buf->failed = true;
  if (need <= 0 || !strbuf_reserve(buf, (size_t)need)) return;
  va_start(args, fmt);
  vsnprintf(buf->p + buf->len, (size_t)need + 1, fmt, args);
  va_end(args);
  buf->len += (size_t)need;
}

void strbuf_consume(StrBuf *buf, size_t n) {
  if (n == 0) return;
  if (n >= buf->len) {
    buf->len = 0;
    return;
  }
  buf->len -= n;
  memmove(buf->p, buf->p + n, buf->len + 1);
}

static int lua_buffer_free(lua_State *L) {
  StrBuf *buf = lua_touserdata(L, 1);
  if (buf) strbuf_free(buf);
  return 0;
}

/* [-0, +1] */
static void push_metatable(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &lua_buffer_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 3);
  lua_pushcfunction(L, lua_buffer_free);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, lua_buffer_free);
  lua_setfield(L, -2, "__close");
  lua_pushliteral(L, "StrBuf");
  lua_setfield(L, -2, "__name");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &lua_buffer_key);
}

StrBuf *strbuf_new_lua(lua_State *L) {
  StrBuf *buf = lua_newuserdatauv(L, sizeof *buf, 0);
  strbuf_init(buf);
  push_metatable(L);
  lua_setmetatable(L, -2);
  return buf;
}
