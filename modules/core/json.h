/* SPDX-License-Identifier: MIT */
/* json.h - JSON text to Lua values and back.
 *
 * null is one userdata, `null`; an array is a table that carries the array mark, a
 * shared metatable without behaviour, so that an empty one stays an array. 3 is the
 * integer, 3.0 the float, in both directions. Messages are those of V8. All
 * functions may raise Lua's memory error and hold nothing then; json_open must
 * have run in the state. */
#ifndef MOONFORK_JSON_H
#define MOONFORK_JSON_H

#include "strbuf.h"

enum { JSON_MAX_DEPTH = 1000 }; /* containers inside each other */

typedef struct JsonError {
  char message[192]; /* of a SyntaxError, UTF-8 */
  size_t position;   /* byte offset of the trouble, from 0 */
} JsonError;

typedef struct JsonOptions {
  const char *indent; /* JSON.stringify's third argument as text; NULL or "": one line */
  bool wire;          /* an IPC message: `cmd` is the first key of the outer object */
} JsonOptions;

/* Creates null and the array mark in the registry. Harmless when repeated. */
void json_open(lua_State *L);

void json_push_null(lua_State *L); /* [-0, +1] */
bool json_is_null(lua_State *L, int idx);

/* Makes the table at idx an array for good; replaces its metatable. */
void json_mark_array(lua_State *L, int idx);
bool json_is_marked(lua_State *L, int idx);

/* Marked, or a plain sequence: n > 0 keys, the integers 1..n. Raw access only. */
bool json_is_array(lua_State *L, int idx);

/* Appends n bytes as a string in quotes, whatever they are: no UTF-8 becomes U+FFFD. Needs no state. */
void json_add_text(StrBuf *out, const char *s, size_t n);

/* [-0, +1] on success, [-0, +0] and *err otherwise. Lone surrogates and bytes that are
 * not UTF-8 become U+FFFD, as in Node's reader. Runs no Lua code but finalizers:
 * s must survive those. */
bool json_decode(lua_State *L, const char *s, size_t len, JsonError *err);

/* Appends the text of the value at idx to out; opt may be NULL. Returns 0, or 1
 * with the message of a TypeError pushed [-0, +1] and out as it was. What JSON cannot
 * say at all (nil, a function, a coroutine) appends nothing at the top, is
 * null in arrays and leaves no member in objects. Calls toJSON(self, key) methods,
 * which may raise: out must be owned by Lua or outlive that. */
int json_encode(lua_State *L, int idx, StrBuf *out, const JsonOptions *opt);

#endif
