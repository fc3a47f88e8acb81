/* SPDX-License-Identifier: MIT */
/* json_decode.c - JSON text to Lua values; see json.h.
 *
 * Recursive descent, one C frame a container, JSON_MAX_DEPTH at most; the values under
 * construction live on the Lua stack, so a raise leaks nothing. The first
 * error fills *err and unwinds by `false`; json_decode then restores the stack. */
#include "json.h"

#include "json_scan.h"
#include "number.h"
#include "utf8.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>

enum {
  CONTEXT = 10,   /* characters of the text shown on each side of an unexpected one */
  SCRATCH = 1024, /* strings with escapes up to this size are built on the C stack */
  STACK_NEED = 6  /* Lua slots one level uses at most */
};

typedef struct Decoder {
  lua_State *L;
  const char *start, *p, *end;
  JsonError *err;
  int depth;
} Decoder;

static bool decode_value(Decoder *d);

/* Errors */

static bool fail(Decoder *d, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(Decoder *d, const char *at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  vsnprintf(d->err->message, sizeof d->err->message, fmt, args);
  va_end(args);
  d->err->position = (size_t)(at - d->start);
  return false;
}

/* Most messages end alike. */
static bool fail_at(Decoder *d, const char *at, const char *what) {
  return fail(d, at, "%s in JSON at position %zu", what, (size_t)(at - d->start));
}

static bool is_continuation(char c) {
  return (c & 0xC0) == 0x80;
}

/* The start of the character n characters before (n < 0) or after p, within the text;
 * *whole: there were that many. Bytes that are no UTF-8 count somehow. */
static const char *char_offset(const Decoder *d, const char *p, int n, bool *whole) {
  for (; n > 0 && p < d->end; n--) {
    const char *from = p++;
    while (p < d->end && p - from < 4 && is_continuation(*p)) p++;
  }
  for (; n < 0 && p > d->start; n++) {
    const char *from = p--;
    while (p > d->start && from - p < 4 && is_continuation(*p)) p--;
  }
  *whole = n == 0;
  return p;
}

/* Copies from..to as printable UTF-8, as much of it as fits. */
static void quote(char *out, size_t size, const char *from, const char *to) {
  const char *full = out + size - 4; /* the longest character and the NUL fit before it */
  while (from < to && out < full) {
    uint32_t cp = 0;
    int used = utf8_decode(from, (size_t)(to - from), &cp);
    out += utf8_encode(used && cp ? cp : 0xFFFD, out);
    from += used ? used : 1;
  }
  *out = '\0';
}

static bool is_special_text(const Decoder *d) {
  static const char *const texts[] = { "NaN", "Infinity", "undefined", "[object Object]" };
  size_t len = (size_t)(d->end - d->start);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (len == strlen(texts[i]) && memcmp(d->start, texts[i], len) == 0) return true;
  }
  return false;
}

/* Whatever stands at `at` cannot stand there: V8's words, by what it is. */
static bool fail_token(Decoder *d, const char *at) {
  if (at == d->end) return fail(d, at, "Unexpected end of JSON input");
  if ((*at >= '0' && *at <= '9') || *at == '-') return fail_at(d, at, "Unexpected number");
  if (*at == '"') return fail_at(d, at, "Unexpected string");
  if (is_special_text(d)) {
    return fail(d, at, "\"%.*s\" is not valid JSON", (int)(d->end - d->start), d->start);
  }

  char token[8], context[8 * CONTEXT + 16];
  bool far_start, far_end, is_long;
  const char *next = char_offset(d, at, 1, &far_end);
  const char *from = char_offset(d, at, -CONTEXT, &far_start);
  const char *to = char_offset(d, at, CONTEXT, &far_end);
  if (to == d->end) far_end = false;
  char_offset(d, d->start, 2 * CONTEXT + 1, &is_long);
  if (!is_long) {
    from = d->start;
    to = d->end;
    far_start = far_end = false;
  } else if (!far_start) {
    far_end = true;
  }
  quote(token, sizeof token, at, next);
  quote(context, sizeof context, from, to);
  return fail(d, at, "Unexpected token '%s', %s\"%s\"%s is not valid JSON", token,
              far_start ? "..." : "", context, far_end ? "..." : "");
}

static void skip_blanks(Decoder *d) {
  const char *p = d->p;
  while (p < d->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
  d->p = p;
}

/* Strings */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits at p; -1 and the error when they are not. */
static int32_t read_hex(Decoder *d, const char *p) {
  int32_t value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = p + i < d->end ? hex_digit(p[i]) : -1;
    if (digit < 0) {
      fail_at(d, p + i, "Bad Unicode escape");
      return -1;
    }
    value = value << 4 | digit;
  }
  return value;
}

/* Reads the escape behind "\u" at *p, with the low surrogate that may follow. */
static bool read_unicode(Decoder *d, const char **p, char **out) {
  int32_t cp = read_hex(d, *p), low;
  if (cp < 0) return false;
  *p += 4;
  if (cp >= 0xD800 && cp < 0xDC00 && d->end - *p >= 2 && (*p)[0] == '\\' && (*p)[1] == 'u') {
    if ((low = read_hex(d, *p + 2)) < 0) return false;
    if (low >= 0xDC00 && low < 0xE000) {
      cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
      *p += 6;
    }
  }
  *out += utf8_encode((uint32_t)cp, *out);
  return true;
}

/* Reads the escape behind the backslash at *p. */
static bool read_escape(Decoder *d, const char **p, char **out) {
  if (*p == d->end) return fail_token(d, *p);
  char c = *(*p)++;
  switch (c) {
  case '"':
  case '\\':
  case '/': break;
  case 'b': c = '\b'; break;
  case 'f': c = '\f'; break;
  case 'n': c = '\n'; break;
  case 'r': c = '\r'; break;
  case 't': c = '\t'; break;
  case 'u': return read_unicode(d, p, out);
  default: return fail_at(d, *p - 1, "Bad escaped character");
  }
  *(*out)++ = c;
  return true;
}

static bool fail_in_string(Decoder *d, const char *at) {
  return fail_at(d, at,
                 at == d->end ? "Unterminated string" : "Bad control character in string literal");
}

/* The end of the string whose contents start at p: its closing quote, or where it
 * breaks off. */
static const char *string_end(const Decoder *d, const char *p) {
  uint64_t high = 0;
  while ((p = json_skip_plain(p, d->end, &high)) < d->end && *p == '\\') {
    p += d->end - p >= 2 ? 2 : 1;
  }
  return p;
}

/* Undoes the escapes from d->p on into out, which has room for the raw text: no
 * escape is shorter than what it stands for. Leaves d->p behind the closing quote. */
static bool unescape(Decoder *d, char *out, size_t *len) {
  const char *p = d->p;
  char *o = out;
  for (;;) {
    uint64_t high = 0;
    const char *stop = json_skip_plain(p, d->end, &high);
    memcpy(o, p, (size_t)(stop - p));
    o += stop - p;
    p = stop;
    if (p == d->end || (*p != '\\' && *p != '"')) return fail_in_string(d, p);
    if (*p++ == '"') break;
    if (!read_escape(d, &p, &o)) return false;
  }
  d->p = p;
  *len = (size_t)(o - out);
  return true;
}

/* [-0, +1] Pushes bytes that are meant as text. */
static void push_text(Decoder *d, const char *s, size_t len) {
  lua_State *L = d->L;
  if (utf8_valid(s, len)) {
    lua_pushlstring(L, s, len);
    return;
  }
  StrBuf *buf = strbuf_new_lua(L);
  utf8_sanitize(buf, s, len);
  if (buf->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, buf->p, buf->len);
  strbuf_free(buf);
  lua_remove(L, -2);
}

/* Its own frame, so that the scratch room is not part of every level. */
static __attribute__((noinline)) bool decode_short_escapes(Decoder *d) {
  char scratch[SCRATCH];
  size_t len;
  if (!unescape(d, scratch, &len)) return false;
  push_text(d, scratch, len);
  return true;
}

static bool decode_escapes(Decoder *d) {
  size_t len, raw = (size_t)(string_end(d, d->p) - d->p);
  if (raw <= SCRATCH) return decode_short_escapes(d);
  char *scratch = lua_newuserdatauv(d->L, raw, 0);
  if (!unescape(d, scratch, &len)) return false;
  push_text(d, scratch, len);
  lua_remove(d->L, -2);
  return true;
}

/* d->p is at the opening quote. [-0, +1] */
static bool decode_string(Decoder *d) {
  uint64_t high = 0;
  const char *from = ++d->p, *stop = json_skip_plain(from, d->end, &high);

  if (stop == d->end || *stop != '"') {
    if (stop < d->end && *stop == '\\') return decode_escapes(d);
    return fail_in_string(d, stop);
  }
  if (high & JSON_HIGH_BITS) {
    push_text(d, from, (size_t)(stop - from));
  } else {
    lua_pushlstring(d->L, from, (size_t)(stop - from));
  }
  d->p = stop + 1;
  return true;
}

/* Numbers and words */

static bool is_digit(const Decoder *d, const char *p) {
  return p < d->end && *p >= '0' && *p <= '9';
}

/* Checks the fraction and exponent at *p. */
static bool scan_float(Decoder *d, const char **at) {
  const char *p = *at;
  if (p < d->end && *p == '.') {
    if (!is_digit(d, ++p)) return fail_at(d, p, "Unterminated fractional number");
    while (is_digit(d, p)) p++;
  }
  if (p < d->end && (*p | 0x20) == 'e') {
    p++;
    if (p < d->end && (*p == '+' || *p == '-')) p++;
    if (!is_digit(d, p)) return fail_at(d, p, "Exponent part is missing a number");
    while (is_digit(d, p)) p++;
  }
  *at = p;
  return true;
}

static bool decode_number(Decoder *d) {
  const char *from = d->p, *p = from;
  bool negative = *p == '-', fits = true;
  uint64_t value = 0, most = (uint64_t)LUA_MAXINTEGER + negative;

  p += negative;
  if (!is_digit(d, p)) return fail_at(d, p, "No number after minus sign");
  if (*p == '0' && is_digit(d, p + 1)) return fail_at(d, p + 1, "Unexpected number");
  for (; is_digit(d, p); p++) {
    uint64_t digit = (uint64_t)(*p - '0');
    if (value > (most - digit) / 10) fits = false; /* value may wrap from here on: unused */
    value = value * 10 + digit;
  }
  const char *whole = p;
  if (p < d->end && (*p == '.' || *p == 'e' || *p == 'E') && !scan_float(d, &p)) return false;
  if (fits && p == whole) {
    lua_pushinteger(d->L, (lua_Integer)(negative ? 0 - value : value));
  } else {
    lua_pushnumber(d->L, number_parse(from, (size_t)(p - from)));
  }
  d->p = p;
  return true;
}

/* Steps over the word, or fails at the first character that differs. */
static bool decode_word(Decoder *d, const char *word) {
  const char *p = d->p;
  for (; *word; word++, p++) {
    if (p == d->end || *p != *word) return fail_token(d, p);
  }
  d->p = p;
  return true;
}

/* Containers */

static bool enter(Decoder *d) {
  if (++d->depth > JSON_MAX_DEPTH) {
    return fail(d, d->p, "Nesting deeper than %d levels in JSON at position %zu", JSON_MAX_DEPTH,
                (size_t)(d->p - d->start));
  }
  if (!lua_checkstack(d->L, STACK_NEED)) return fail_at(d, d->p, "Out of Lua stack");
  d->p++;
  skip_blanks(d);
  return true;
}

/* At a comma or `close`: steps over it, *done tells which it was. */
static bool next_item(Decoder *d, char close, bool *done, const char *expected) {
  skip_blanks(d);
  if (d->p == d->end || (*d->p != ',' && *d->p != close)) return fail_at(d, d->p, expected);
  *done = *d->p++ == close;
  skip_blanks(d);
  return true;
}

static bool decode_array(Decoder *d) {
  if (!enter(d)) return false;
  bool done = d->p < d->end && *d->p == ']';
  d->p += done;
  lua_createtable(d->L, done ? 0 : 4, 0);
  for (lua_Integer i = 1; !done; i++) {
    if (!decode_value(d)) return false;
    lua_rawseti(d->L, -2, i);
    if (!next_item(d, ']', &done, "Expected ',' or ']' after array element")) return false;
  }
  json_mark_array(d->L, -1);
  d->depth--;
  return true;
}

static bool decode_member(Decoder *d) {
  if (!decode_string(d)) return false;
  skip_blanks(d);
  if (d->p == d->end || *d->p != ':') return fail_at(d, d->p, "Expected ':' after property name");
  d->p++;
  skip_blanks(d);
  if (!decode_value(d)) return false;
  lua_rawset(d->L, -3);
  return true;
}

static bool decode_object(Decoder *d) {
  const char *expected = "Expected property name or '}'";
  if (!enter(d)) return false;
  bool done = d->p < d->end && *d->p == '}';
  d->p += done;
  lua_createtable(d->L, 0, done ? 0 : 4);
  while (!done) {
    if (d->p == d->end || *d->p != '"') return fail_at(d, d->p, expected);
    if (!decode_member(d)) return false;
    if (!next_item(d, '}', &done, "Expected ',' or '}' after property value")) return false;
    expected = "Expected double-quoted property name";
  }
  d->depth--;
  return true;
}

/* No blanks before d->p. [-0, +1] */
static bool decode_value(Decoder *d) {
  if (d->p == d->end) return fail_token(d, d->p);
  switch (*d->p) {
  case '{': return decode_object(d);
  case '[': return decode_array(d);
  case '"': return decode_string(d);
  case 't':
    if (!decode_word(d, "true")) return false;
    lua_pushboolean(d->L, 1);
    return true;
  case 'f':
    if (!decode_word(d, "false")) return false;
    lua_pushboolean(d->L, 0);
    return true;
  case 'n':
    if (!decode_word(d, "null")) return false;
    json_push_null(d->L);
    return true;
  default:
    if (is_digit(d, d->p) || *d->p == '-') return decode_number(d);
    return fail_token(d, d->p);
  }
}

bool json_decode(lua_State *L, const char *s, size_t len, JsonError *err) {
  Decoder d = { .L = L, .start = s, .p = s, .end = s + len, .err = err };
  int top = lua_gettop(L);

  luaL_checkstack(L, STACK_NEED, NULL);
  skip_blanks(&d);
  bool ok = decode_value(&d);
  if (ok) {
    skip_blanks(&d);
    if (d.p < d.end) {
      ok = fail(&d, d.p, "Unexpected non-whitespace character after JSON at position %zu",
                (size_t)(d.p - s));
    }
  }
  if (!ok) lua_settop(L, top);
  return ok;
}
