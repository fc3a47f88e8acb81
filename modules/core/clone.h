/* SPDX-License-Identifier: MIT */
/* clone.h - structured clone: a Lua value to a message of bytes, and a new value from it.
 *
 * The bytes stand alone: they may go to another state on another thread. Kept are nil, null, booleans,
 * integers and floats apart, strings as bytes, tables with any keys, cycles, shared references and the
 * array mark. Metatables are dropped, as prototypes are in JavaScript. What else can be cloned (Errors,
 * Buffers, ports) is told by kinds, so that this file knows no class. json_open must have run in both
 * states. Any thread, its own state. */
#ifndef MOONFORK_CLONE_H
#define MOONFORK_CLONE_H

#include "strbuf.h"

#include <stdint.h>

enum {
  CLONE_MAX_DEPTH = 1000,   /* tables inside each other */
  CLONE_ERROR_CODE = 25,    /* `code` of a DataCloneError */
  CLONE_FIRST_KIND = 0x80   /* tags of kinds: from here to 0xFF */
};
#define CLONE_MAX_SIZE ((size_t)1 << 30) /* bytes of one message */

typedef struct CloneWriter CloneWriter;
typedef struct CloneReader CloneReader;

/* A kind of object beyond plain values. The same kinds must be given on both sides. */
typedef struct CloneKind {
  unsigned char tag; /* CLONE_FIRST_KIND or above, unique in the list */
  /* Is the value at idx, which has a metatable, of this kind? No stack change, no errors. */
  bool (*is)(lua_State *L, int idx);
  /* Writes what read needs, by the functions below. False: one of them said so. [-0, +any] */
  bool (*write)(CloneWriter *w, int idx);
  /* Pushes the object and calls clone_made at once, before it reads values that may refer back to it.
   * False: malformed. [-0, +1] */
  bool (*read)(CloneReader *r);
} CloneKind;

/* Appends the message of the value at idx to out, which Lua must own. kinds: NULL or ended by NULL; ctx
 * is for them. Returns 0, or 1 with the text of a DataCloneError pushed [-0, +1] and out as it was:
 * `value.list[3].cb is a function`. May raise memory errors; check out->failed. */
int clone_encode(lua_State *L, int idx, StrBuf *out, const CloneKind *const *kinds, void *ctx);

/* Pushes the value; false, nothing pushed and *error set for bytes that clone_encode has not written.
 * May raise memory errors. Runs no Lua code but finalizers: s must survive those. [-0, +1] */
bool clone_decode(lua_State *L, const char *s, size_t len, const CloneKind *const *kinds, void *ctx,
                  const char **error);

/* ---- for kinds ---- */

struct CloneWriter {
  lua_State *L;
  StrBuf *out;
  const CloneKind *const *kinds;
  void *ctx;
  const struct Step *at; /* where in the value the work is */
  int memo;                   /* stack index of { [object] = id }; nil while there is only the first one */
  int first;                  /* stack index of the first object, 0 before */
  int depth;
  uint64_t ids;
};

struct CloneReader {
  lua_State *L;
  const char *at, *end;
  const CloneKind *const *kinds;
  void *ctx;
  int objects;                /* stack index of { object, ... } in the order of their ids; nil as above */
  int first;                  /* stack index of the first object */
  int depth;
  uint64_t ids;
};

void clone_write_count(CloneWriter *w, uint64_t n);
void clone_write_bytes(CloneWriter *w, const char *s, size_t len); /* with their length */
/* Writes the value on top, which is the field `name` of the object, and pops it. [-1, +0] */
bool clone_write_field(CloneWriter *w, const char *name);
/* The value under work cannot be cloned: pushes the message, its path and text ("is a function").
 * Always false, which every caller returns without touching the stack. [-0, +1] */
bool clone_refuse(CloneWriter *w, const char *text);

bool clone_read_count(CloneReader *r, uint64_t *n);
bool clone_read_bytes(CloneReader *r, const char **s, size_t *len); /* borrows from the message */
bool clone_read_value(CloneReader *r); /* [-0, +1] on success */
/* The new object is on top: later references to it find it. [-0, +0] */
void clone_made(CloneReader *r);

#endif
