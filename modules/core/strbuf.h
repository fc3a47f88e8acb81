/* SPDX-License-Identifier: MIT */
/* strbuf.h - a byte buffer that grows.
 *
 * A StrBuf owns its malloc'd block, which is NUL-terminated whenever it is not
 * empty. Adding never reports: after a failed allocation `failed` stays set, further
 * adds do nothing and the contents are unspecified, so a caller checks once at
 * the end. Code that may raise holds its buffer by strbuf_new_lua. Any thread. */
#ifndef MOONFORK_STRBUF_H
#define MOONFORK_STRBUF_H

#include <lua.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct StrBuf {
  char *p;
  size_t len, cap;
  bool failed; /* an allocation failed; reset by strbuf_clear and strbuf_free */
} StrBuf;

void strbuf_init(StrBuf *buf);
void strbuf_free(StrBuf *buf);  /* gives the memory back; the buffer may be used again */
void strbuf_clear(StrBuf *buf); /* keeps the memory */

/* Makes room for `more` bytes and the NUL behind them at p + len. */
bool strbuf_reserve(StrBuf *buf, size_t more);

void strbuf_add(StrBuf *buf, const void *bytes, size_t len);
void strbuf_adds(StrBuf *buf, const char *text);
void strbuf_addc(StrBuf *buf, char c);
void strbuf_addf(StrBuf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Drops n bytes (all, when there are fewer) from the front; moves the rest. */
void strbuf_consume(StrBuf *buf, size_t n);

/* [-0, +1] Pushes a userdata that owns an empty buffer: collected, or closed as
 * a to-be-closed slot, it frees the block. The collector does not see the
 * block's size: strbuf_free it as soon as it is done with. */
StrBuf *strbuf_new_lua(lua_State *L);

#endif
