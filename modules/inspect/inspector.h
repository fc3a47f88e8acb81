/* SPDX-License-Identifier: MIT */
/* inspector.h - what the files of inspect share: the work under way.
 *
 * The text grows in out. A table's entries are written there one behind the other, without what goes
 * between them; then layout_finish knows their widths and puts them on one line or on many. */
#ifndef MOONFORK_INSPECTOR_H
#define MOONFORK_INSPECTOR_H

#include "inspect.h"

enum { MAX_LEVEL = 400 }; /* what a depth without limit means: C calls itself for each level */

/* The buffers of one inspection: a userdata of the state owns them. */
typedef struct Workspace {
  StrBuf text;    /* for who wants a buffer for the result */
  StrBuf entries; /* stack of Entry */
  StrBuf keys;    /* stack of KeyRef */
  StrBuf path;    /* stack of Open */
  StrBuf scratch; /* layout's copy of the entries */
} Workspace;

/* One entry of a table in out: where it lies and its columns. */
typedef struct Entry {
  size_t start, end, width;
  bool lines; /* has a line break inside */
} Entry;

/* A table that is being shown, and its number when something inside refers back to it. */
typedef struct Open {
  const void *object;
  int cycle;
} Open;

typedef struct Inspector {
  lua_State *L;
  const InspectOptions *opt;
  Workspace *work;
  StrBuf *out;
  int indent;        /* columns before what is written now, once lines are broken */
  int current_depth; /* level of the table opened last */
  int cycles;        /* numbers given so far */
} Inspector;

typedef enum Style {
  STYLE_NONE,
  STYLE_NUMBER,
  STYLE_BOOLEAN,
  STYLE_STRING,
  STYLE_NIL,
  STYLE_NULL,
  STYLE_SPECIAL
} Style;

void style_on(Inspector *in, Style style);
void style_off(Inspector *in, Style style);
void add_styled(Inspector *in, Style style, const char *text);

/* The value at idx (absolute) of a table at `level`; top: 0. */
void inspect_value(Inspector *in, int idx, int level);

/* The text in quotes, broken after its line ends when it is long. */
void inspect_string(Inspector *in, const char *s, size_t len);

/* ---- layout.c ---- */

typedef struct Block {
  size_t base; /* out: where the text before the brace begins */
  size_t base_end;
  size_t first_entry; /* work->entries: where this table's begin, in bytes */
  int level;
  bool array, numbers,
      more;  /* nothing but elements; all of them numbers; the last one is "... n more" */
  int cycle; /* number of a cycle that ends here, 0 for none */
} Block;

void layout_begin_entry(Inspector *in);
void layout_end_entry(Inspector *in);
/* Writes the block anew from its entries: `base { a, b }` on one line or several. */
void layout_finish(Inspector *in, const Block *block);

/* ---- keys.c ---- */

/* Pushes a list of the keys of the table at t that do not belong to its first n elements (nil when there
 * are none), and adds a KeyRef for each to work->keys, sorted. Returns how many. [+1] */
int keys_collect(Inspector *in, int t, lua_Integer n);
/* Pushes key i of those that begin at byte `mark` of work->keys; list is what collect pushed. [+1] */
void keys_push(Inspector *in, int list, size_t mark, int i);
/* Can it stand bare before an equals sign? */
bool keys_is_name(const char *s, size_t len);

#endif
