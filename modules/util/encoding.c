/* SPDX-License-Identifier: MIT */
/* encoding.c - TextEncoder and TextDecoder: text to bytes and back, as browsers have them. (Node 20 reads
 * windows-1252 as latin1 unless it streams.)
 *
 * A TextDecoder is a Decoder of buffer/decoder.h, which holds back what begins a character, and what the
 * constructor was told. utf-16be goes through it with its bytes swapped. */
#include "encoding.h"
#include "../buffer/decoder.h"
#include "../buffer/views.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/utf8.h"

#include <string.h>
#include <strings.h>

/* ---- names ---- */

typedef struct Charset {
  const char *name;
  Encoding enc;
  bool swapped;
  const char *labels; /* in lower case, each between blanks */
} Charset;

static const Charset charsets[] = {
  { "utf-8", ENC_UTF8, false,
    " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 " },
  { "utf-16le", ENC_UTF16LE, false,
    " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le " },
  { "utf-16be", ENC_UTF16LE, true, " unicodefffe utf-16be " },
  { "windows-1252", ENC_LATIN1, false,
    " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 "
    "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 " }
};

/* The charset with that label, in any case, blanks around it left out. */
static const Charset *find_charset(const char *s, size_t len) {
  enum { LONGEST = 24 };
  char label[LONGEST + 3] = " ";
  while (len > 0 && strchr(" \t\n\f\r", s[0]) && *s) s++, len--;
  while (len > 0 && s[len - 1] && strchr(" \t\n\f\r", s[len - 1])) len--;
  if (len == 0 || len > LONGEST) return NULL;
  for (size_t i = 0; i < len; i++) {
    if (s[i] <= ' ' || s[i] >= 0x7f) return NULL;
    label[i + 1] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] + 32 : s[i]);
  }
  label[len + 1] = ' ';
  for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
    if (strstr(charsets[i].labels, label)) return &charsets[i];
  return NULL;
}

/* ---- TextDecoder ---- */

typedef struct TextDecoder {
  const Charset *charset; /* NULL: the constructor has not run */
  Decoder decoder;
  bool fatal, keep_mark;
  bool begun;             /* the text has: no byte order mark can come any more */
  bool odd;               /* utf-16be: the first byte of two */
  char first;
} TextDecoder;

static TextDecoder *decoder_of(lua_State *L) {
  TextDecoder *d = class_check(L, 1, &text_decoder_class);
  if (!d->charset)
    err_raise(L, &type_error_class, "ERR_INVALID_THIS", "Value of \"this\" must be of type TextDecoder");
  return d;
}

static int decoder_alloc(lua_State *L) {
  (void)class_new(L, &text_decoder_class, sizeof(TextDecoder), 0);
  return 1;
}

static int text_decoder_init(lua_State *L) {
  TextDecoder *d = class_check(L, 1, &text_decoder_class);
  size_t len = 5;
  lua_settop(L, 3);
  const char *label = lua_isnil(L, 2) ? "utf-8" : luaL_tolstring(L, 2, &len);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  const Charset *charset = find_charset(label, len);
  if (!charset)
    return err_raise(L, &range_error_class, "ERR_ENCODING_NOT_SUPPORTED",
                     "The \"%s\" encoding is not supported", label);
  bool keep = false, fatal = false;
  if (opt_push(L, 3, "fatal") != LUA_TNIL) fatal = lua_toboolean(L, -1);
  if (opt_push(L, 3, "ignoreBOM") != LUA_TNIL) keep = lua_toboolean(L, -1);
  *d = (TextDecoder){ .charset = charset, .fatal = fatal, .keep_mark = keep };
  decoder_init(&d->decoder, charset->enc);
  return 0;
}

static bool valid_utf16(const char *s, size_t n) {
  const unsigned char *u = (const unsigned char *)s;
  for (size_t i = 0; i + 1 < n; i += 2) {
    unsigned char high = u[i + 1] & 0xFC;
    if (high == 0xDC) return false;
    if (high != 0xD8) continue;
    if (i + 3 >= n || (u[i + 3] & 0xFC) != 0xDC) return false;
    i += 2;
  }
  return true;
}

/* Raises when what held bytes and the new ones make, but for the `tail` bytes that wait, is no text. */
static void check_valid(lua_State *L, const TextDecoder *d, const Decoder *before, const char *s, size_t n) {
  StrBuf *all = strbuf_new_lua(L);
  strbuf_add(all, before->hold, before->held);
  strbuf_add(all, s, n);
  if (all->failed) luaL_error(L, "not enough memory");
  size_t len = all->len - d->decoder.held;
  bool good = d->decoder.enc == ENC_UTF8 ? utf8_valid(all->len ? all->p : "", len)
    : d->decoder.enc != ENC_UTF16LE || valid_utf16(all->len ? all->p : "", len);
  strbuf_free(all);
  lua_pop(L, 1);
  if (good) return;
  err_raise(L, &type_error_class, "ERR_ENCODING_INVALID_ENCODED_DATA",
            "The encoded data was not valid for encoding %s", d->charset->name);
}

/* The bytes with each two swapped, in a userdata that is pushed. A single last one waits in d. [+1] */
static const char *push_swapped(lua_State *L, TextDecoder *d, const char *s, size_t *len) {
  size_t n = *len + d->odd, whole = n & ~(size_t)1;
  char *out = lua_newuserdatauv(L, n + 1, 0);
  if (d->odd) *out = d->first;
  memcpy(out + d->odd, s, *len);
  d->odd = n & 1;
  if (d->odd) d->first = out[n - 1];
  for (size_t i = 0; i < whole; i += 2) {
    char c = out[i];
    out[i] = out[i + 1];
    out[i + 1] = c;
  }
  *len = whole;
  return out;
}

/* After the last bytes: what is still held is cut. Pushes U+FFFD or "". [+1] */
static void push_rest(lua_State *L, TextDecoder *d) {
  bool cut = d->decoder.held > 0 || d->odd;
  d->decoder.held = 0;
  d->odd = false;
  d->begun = false;
  if (cut && d->fatal)
    err_raise(L, &type_error_class, "ERR_ENCODING_INVALID_ENCODED_DATA",
              "The encoded data was not valid for encoding %s", d->charset->name);
  lua_pushstring(L, cut ? "\xEF\xBF\xBD" : "");
}

/* Pushes bytes of windows-1252 as text. [+1] */
static void push_windows(lua_State *L, const char *s, size_t len) {
  static const unsigned short high[] = { /* 0x80 to 0x9F */
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D,
    0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A,
    0x153, 0x9D, 0x17E, 0x178
  };
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    char text[4];
    int n = utf8_encode(c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c, text);
    luaL_addlstring(&b, text, (size_t)n);
  }
  luaL_pushresult(&b);
}

/* Takes the byte order mark off the text on top when this is its beginning. */
static void drop_mark(lua_State *L, TextDecoder *d) {
  size_t len;
  const char *s = lua_tolstring(L, -1, &len);
  if (d->begun || len == 0) return;
  d->begun = true;
  if (d->keep_mark || d->decoder.enc == ENC_LATIN1 || len < 3 || memcmp(s, "\xEF\xBB\xBF", 3) != 0) return;
  lua_pushlstring(L, s + 3, len - 3);
  lua_replace(L, -2);
}

static int text_decoder_decode(lua_State *L) {
  TextDecoder *d = decoder_of(L);
  const char *s = "";
  size_t len = 0;
  lua_settop(L, 3);
  if (!lua_isnil(L, 2) && !memory_view(L, 2, &s, &len))
    return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                     "The \"list\" argument must be an instance of SharedArrayBuffer, ArrayBuffer or "
                     "ArrayBufferView.");
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  bool more = opt_push(L, 3, "stream") != LUA_TNIL && lua_toboolean(L, -1);
  if (d->charset->swapped) s = push_swapped(L, d, s, &len);
  const Decoder before = d->decoder;
  if (d->decoder.enc == ENC_LATIN1) push_windows(L, s, len);
  else decoder_push(L, &d->decoder, s, len);
  if (d->fatal) check_valid(L, d, &before, s, len);
  drop_mark(L, d);
  if (more) return 1;
  push_rest(L, d);
  lua_concat(L, 2);
  return 1;
}

static int get_encoding(lua_State *L) {
  lua_pushstring(L, decoder_of(L)->charset->name);
  return 1;
}

static int get_fatal(lua_State *L) {
  lua_pushboolean(L, decoder_of(L)->fatal);
  return 1;
}

static int get_ignore_mark(lua_State *L) {
  lua_pushboolean(L, decoder_of(L)->keep_mark);
  return 1;
}

static const OptDef init_options[] = {
  { "fatal", "boolean", "false", "Raises for what is no text, in place of U+FFFD." },
  { "ignoreBOM", "boolean", "false", "Leaves a byte order mark in the text." },
  { 0 }
};

static const OptDef decode_options[] = {
  { "stream", "boolean", "false", "More comes: a character that is cut waits for its rest." },
  { 0 }
};

static const FnDef decoder_methods[] = {
  { "init", text_decoder_init, FN_METHOD, "init(encoding: string?, options: table?)",
    "The constructor: utf-8 unless named, else utf-16le, utf-16be or latin1.", init_options, NULL, NULL },
  { "decode", text_decoder_decode, FN_METHOD,
    "decode(input: ArrayBuffer|Buffer|TypedArray|DataView?, options: table?): string",
    "The bytes as text.", decode_options,
    "print(TextDecoder():decode(Buffer.from \"hi\"))", NULL },
  { 0 }
};

static const PropDef decoder_props[] = {
  { "encoding", get_encoding, NULL, "string", "The name of the encoding." },
  { "fatal", get_fatal, NULL, "boolean", "Does it raise for what is no text?" },
  { "ignoreBOM", get_ignore_mark, NULL, "boolean", "Does a byte order mark stay in the text?" },
  { 0 }
};

const ClassDef text_decoder_class = {
  .name = "TextDecoder", .alloc = decoder_alloc, .methods = decoder_methods, .init = text_decoder_init,
  .props = decoder_props, .doc = "Turns bytes into text.",
  .example = "print(TextDecoder(\"utf-16le\"):decode(Buffer.from(\"hi\", \"utf16le\")))"
};

/* ---- TextEncoder ---- */

/* The text at idx with what is not UTF-8 replaced; left in place of it. */
static const char *clean_text(lua_State *L, int idx, size_t *len) {
  const char *s = lua_tolstring(L, idx, len);
  if (utf8_valid(s, *len)) return s;
  StrBuf *out = strbuf_new_lua(L);
  utf8_sanitize(out, s, *len);
  if (out->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->p, out->len);
  lua_replace(L, idx);
  strbuf_free(out);
  lua_pop(L, 1);
  return lua_tolstring(L, idx, len);
}

static int encoder_alloc(lua_State *L) {
  (void)class_new(L, &text_encoder_class, 1, 0);
  return 1;
}

static int encoder_encode(lua_State *L) {
  (void)class_check(L, 1, &text_encoder_class);
  size_t len = 0;
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) lua_pushliteral(L, "");
  else luaL_tolstring(L, 2, NULL);
  lua_replace(L, 2);
  const char *s = clean_text(L, 2, &len);
  Store *store = memory_push_new(L, len, false, false);
  memcpy(store->data, s, len);
  (void)view_push(L, &uint8_array_class, lua_gettop(L), 0, len);
  return 1;
}

static int encoder_encode_into(lua_State *L) {
  (void)class_check(L, 1, &text_encoder_class);
  size_t len, at = 0, written = 0;
  lua_settop(L, 3);
  const char *s = arg_string(L, 2, "src", &len);
  const Buffer *to = buffer_test(L, 3);
  if (!to) return err_arg_type(L, 3, "dest", "an instance of Uint8Array");
  while (at < len) {
    uint32_t cp;
    int n = utf8_decode(s + at, len - at, &cp);
    const char *c = n > 0 ? s + at : "\xEF\xBF\xBD";
    size_t size = n > 0 ? (size_t)n : 3;
    if (size > to->length - written) break;
    memcpy(buffer_bytes(to) + written, c, size);
    written += size;
    at += n > 0 ? (size_t)n : 1;
  }
  lua_createtable(L, 0, 2);
  lua_pushinteger(L, (lua_Integer)at);
  lua_setfield(L, -2, "read");
  lua_pushinteger(L, (lua_Integer)written);
  lua_setfield(L, -2, "written");
  return 1;
}

static int encoder_encoding(lua_State *L) {
  (void)class_check(L, 1, &text_encoder_class);
  lua_pushliteral(L, "utf-8");
  return 1;
}

static const FnDef encoder_methods[] = {
  { "encode", encoder_encode, FN_METHOD, "encode(input: string?): Uint8Array",
    "The text's bytes; what is not UTF-8 becomes U+FFFD.", NULL, "print(TextEncoder():encode(\"hi\")[0])", NULL },
  { "encodeInto", encoder_encode_into, FN_METHOD,
    "encodeInto(src: string, dest: Uint8Array): table",
    "Writes whole characters as long as they fit: { read = bytes of src, written = bytes of dest }.",
    NULL, NULL, "read counts bytes of the string, not UTF-16 units." },
  { 0 }
};

static const PropDef encoder_props[] = {
  { "encoding", encoder_encoding, NULL, "string", "Always utf-8." },
  { 0 }
};

const ClassDef text_encoder_class = {
  .name = "TextEncoder", .alloc = encoder_alloc, .methods = encoder_methods, .props = encoder_props,
  .doc = "Turns text into bytes, UTF-8.",
  .example = "print(#TextEncoder():encode(\"\\u{20AC}\"))"
};
