/* SPDX-License-Identifier: MIT */
/* json_encode.c - Lua values to JSON text; see json.h.
 *
 * A loop, not a recursion: toJSON may call back into here from any depth, and the C
 * stack must bear that. Open containers are Levels; the sorted keys of all open
 * objects are one stack of Keys. Both begin inside the Encoder and move into
 * userdata when they outgrow it. The Lua stack holds, above the two slots for
 * those, for each level its table and what anchors its keys and values:
 *
 *   few members:   table, key text, value, key text, value, ...
 *   many members:  table, a table of key text, value, ...
 *   array:         table */
#include "json.h"

#include "json_scan.h"
#include "number.h"
#include "utf8.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>

enum {
  FIRST_LEVELS = 8,
  FIRST_KEYS = 32,
  FEW_MEMBERS = 24, /* kept on the Lua stack */
  INSERTION_SORT = 12,
  STACK_NEED = 10, /* Lua slots beyond those of the members */
  SHOWN_KEY = 40   /* bytes of a key in an error message */
};

typedef struct Key {
  const char *p; /* borrows the key text on the Lua stack or in the anchor table */
  size_t len;
  lua_Integer index; /* 1.. : belongs to the array part; 0: any other key */
  lua_Integer slot;  /* of the key text, in the anchor table or above `base`; the value is next */
} Key;

typedef struct Level {
  const void *id;     /* the table's identity, to see cycles */
  int base;           /* Lua stack index of the table */
  bool array, spread; /* spread: many members, in a table */
  bool empty;         /* nothing written yet */
  size_t keys;        /* objects: the first of `count` keys in Encoder.keys */
  lua_Integer count, next;
} Level;

typedef struct Encoder {
  lua_State *L;
  StrBuf *out;
  const char *indent;
  size_t indent_len;
  bool wire;
  int slots; /* Lua stack index of the userdata for levels, then of that for keys */
  Level *levels;
  size_t depth, level_cap;
  Key *keys;
  size_t key_count, key_cap;
  Level first_levels[FIRST_LEVELS];
  Key first_keys[FIRST_KEYS];
} Encoder;

/* Output. Failure is seen at the end, in out->failed. */

/* Room for len bytes that are counted in already; NULL when memory is out. */
static inline char *put_room(Encoder *e, size_t len) {
  StrBuf *out = e->out;
  if ((out->cap - out->len <= len || out->failed) && !strbuf_reserve(out, len)) return NULL;
  out->len += len;
  return out->p + out->len - len;
}

static inline void put(Encoder *e, const char *s, size_t len) {
  char *to = put_room(e, len);
  if (to) memcpy(to, s, len);
}

static inline void put_char(Encoder *e, char c) {
  char *to = put_room(e, 1);
  if (to) *to = c;
}

static void put_newline(Encoder *e) {
  put_char(e, '\n');
  for (size_t i = 0; i < e->depth; i++) put(e, e->indent, e->indent_len);
}

static void put_integer(Encoder *e, lua_Integer value) {
  char text[24];
  size_t at = sizeof text;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do text[--at] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) text[--at] = '-';
  put(e, text + at, sizeof text - at);
}

static void put_float(Encoder *e, lua_Number value) {
  char text[NUMBER_TEXT];
  if (!isfinite(value)) {
    put(e, "null", 4);
    return;
  }
  size_t len = number_format(value, text);
  put(e, text, len);
  bool whole = !memchr(text, '.', len) && !memchr(text, 'e', len);
  if (whole && !(value == 0 && signbit(value))) put(e, ".0", 2); /* a float it stays; -0 is 0 */
}

static void put_escape(Encoder *e, unsigned char c) {
  static const char hex[] = "0123456789abcdef";
  static const char names[] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'
  };
  char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
  if (names[c]) text[1] = names[c];
  put(e, text, names[c] ? 2 : 6);
}

/* Valid UTF-8 in quotes. */
static void put_quoted(Encoder *e, const char *s, size_t len) {
  const char *end = s + len, *p;
  uint64_t high = 0;
  put_char(e, '"');
  while ((p = json_skip_plain(s, end, &high)) < end) {
    put(e, s, (size_t)(p - s));
    put_escape(e, (unsigned char)*p);
    s = p + 1;
  }
  put(e, s, (size_t)(end - s));
  put_char(e, '"');
}

/* The usual string, all plain ASCII, in one go; false: nothing written. */
static bool put_plain(Encoder *e, const char *s, size_t len) {
  uint64_t high = 0;
  if (json_skip_plain(s, s + len, &high) != s + len || (high & JSON_HIGH_BITS)) return false;
  char *to = put_room(e, len + 2);
  if (to) {
    to[0] = '"';
    memcpy(to + 1, s, len);
    to[len + 1] = '"';
  }
  return true;
}

/* Errors: a message pushed, `false` returned. */

static const Key *level_key(const Encoder *e, const Level *level) {
  return &e->keys[level->keys + (size_t)level->next - 1];
}

static bool is_name(const Key *key) {
  if (key->len == 0 || (key->p[0] >= '0' && key->p[0] <= '9')) return false;
  for (size_t i = 0; i < key->len; i++) {
    char c = key->p[i], lower = (char)(c | 0x20);
    if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
  }
  return true;
}

static void add_key(StrBuf *buf, const Key *key) {
  size_t len = key->len > SHOWN_KEY ? SHOWN_KEY : key->len;
  len -= utf8_incomplete_tail(key->p, len);
  utf8_sanitize(buf, key->p, len);
  if (len < key->len) strbuf_adds(buf, "...");
}

/* value.list[3]["odd key"]: where the encoder stands. */
static void add_path(const Encoder *e, StrBuf *buf) {
  strbuf_adds(buf, "value");
  for (const Level *level = e->levels; level < e->levels + e->depth; level++) {
    if (level->next == 0) break;
    if (level->array) {
      strbuf_addf(buf, "[%lld]", (long long)level->next);
      continue;
    }
    const Key *key = level_key(e, level);
    bool name = is_name(key);
    strbuf_adds(buf, name ? "." : "[\"");
    add_key(buf, key);
    if (!name) strbuf_adds(buf, "\"]");
  }
}

/* [-0, +1] Pushes the text and frees the buffer that is on the top. */
static bool fail_with(Encoder *e, StrBuf *buf) {
  if (buf->failed) luaL_error(e->L, "not enough memory");
  lua_pushlstring(e->L, buf->p, buf->len);
  strbuf_free(buf);
  return false;
}

static bool fail_utf8(Encoder *e, bool is_key, const char *s, size_t len) {
  StrBuf *buf = strbuf_new_lua(e->L);
  size_t good = utf8_valid_prefix(s, len);
  strbuf_addf(buf, "%s is not valid UTF-8 (byte 0x%02x at %zu of ", is_key ? "key" : "string",
              (unsigned char)s[good], good);
  add_path(e, buf);
  strbuf_adds(buf, is_key ? ")" : "); send a Buffer instead");
  return fail_with(e, buf);
}

static bool fail_key_type(Encoder *e, const char *type) {
  StrBuf *buf = strbuf_new_lua(e->L);
  strbuf_addf(buf, "a %s as key in ", type);
  add_path(e, buf);
  strbuf_adds(buf, "; JSON keys are strings");
  return fail_with(e, buf);
}

static bool fail_key_twice(Encoder *e, const Key *key) {
  StrBuf *buf = strbuf_new_lua(e->L);
  add_path(e, buf);
  strbuf_adds(buf, " has the key ");
  add_key(buf, key);
  strbuf_adds(buf, " both as string and otherwise; JSON keys are strings");
  return fail_with(e, buf);
}

static bool fail_stack(Encoder *e) {
  lua_pop(e->L, 1);
  lua_pushliteral(e->L, "value is too large: out of Lua stack");
  return false;
}

static void add_edge(const Encoder *e, StrBuf *buf, const Level *level) {
  if (level->array) {
    strbuf_addf(buf, "index %lld", (long long)level->next);
    return;
  }
  strbuf_adds(buf, "property '");
  add_key(buf, level_key(e, level));
  strbuf_adds(buf, "'");
}

static const char *kind_name(const Level *level) {
  return level->array ? "Array" : "Object";
}

/* V8's drawing: the start, the first two steps, the last one, and the closing edge. */
static bool fail_cycle(Encoder *e, const Level *start) {
  const Level *last = e->levels + e->depth - 1;
  ptrdiff_t steps = last - start;
  StrBuf *buf = strbuf_new_lua(e->L);

  strbuf_addf(buf,
              "Converting circular structure to JSON\n    --> starting at object with "
              "constructor '%s'",
              kind_name(start));
  for (ptrdiff_t i = 0; i < steps; i++) {
    if (i == 2 && steps > 3) {
      strbuf_adds(buf, "\n    |     ...");
      i = steps - 1;
    }
    strbuf_adds(buf, "\n    |     ");
    add_edge(e, buf, start + i);
    strbuf_addf(buf, " -> object with constructor '%s'", kind_name(start + i + 1));
  }
  strbuf_adds(buf, "\n    --- ");
  add_edge(e, buf, last);
  strbuf_adds(buf, " closes the circle");
  return fail_with(e, buf);
}

/* Keys */

static int compare_keys(const void *left, const void *right) {
  const Key *a = left, *b = right;
  if (a->index != b->index) {
    if (a->index && b->index) return a->index < b->index ? -1 : 1;
    return a->index ? -1 : 1;
  }
  int order = memcmp(a->p, b->p, a->len < b->len ? a->len : b->len);
  return order ? order : (a->len > b->len) - (a->len < b->len);
}

static void sort_keys(Key *keys, size_t n) {
  if (n > INSERTION_SORT) {
    qsort(keys, n, sizeof *keys, compare_keys);
    return;
  }
  for (size_t i = 1; i < n; i++) {
    Key key = keys[i];
    size_t at = i;
    for (; at > 0 && compare_keys(&keys[at - 1], &key) > 0; at--) keys[at] = keys[at - 1];
    keys[at] = key;
  }
}

/* Makes room for one more element; the larger array is a userdata in its Lua slot,
 * which replaces (and so frees, in time) the one before. */
static void *grow_array(Encoder *e, int slot, const void *old, size_t *cap, size_t size) {
  void *grown = lua_newuserdatauv(e->L, 2 * *cap * size, 0);
  memcpy(grown, old, *cap * size);
  *cap *= 2;
  lua_replace(e->L, slot);
  return grown;
}

static Key *add_key_slot(Encoder *e) {
  if (e->key_count == e->key_cap) {
    e->keys = grow_array(e, e->slots + 1, e->keys, &e->key_cap, sizeof(Key));
  }
  return &e->keys[e->key_count++];
}

/* [-0, +0] Replaces the key at -3 by the text that stands for it; a number's value
 * goes to *index. False, message pushed: there is none. */
static bool key_to_text(Encoder *e, lua_Integer *index) {
  lua_State *L = e->L;
  char text[NUMBER_TEXT];
  switch (lua_type(L, -3)) {
  case LUA_TNUMBER:
    if (lua_isinteger(L, -3)) {
      *index = lua_tointeger(L, -3);
      lua_pushfstring(L, "%I", (LUAI_UACINT)*index);
    } else {
      number_format(lua_tonumber(L, -3), text);
      lua_pushstring(L, text);
    }
    break;
  case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, -3) ? "true" : "false"); break;
  default: return fail_key_type(e, json_is_null(L, -3) ? "null" : luaL_typename(L, -3));
  }
  lua_replace(L, -4);
  return true;
}

/* Takes the pair on the top into the level; what stays on the top is the key to go
 * on from. Unless the members are spread, the pair stays under it. */
static bool add_member(Encoder *e, Level *level, bool *mixed) {
  lua_State *L = e->L;
  lua_Integer index = 0;

  lua_pushvalue(L, -2); /* key, value, key to go on from */
  if (lua_type(L, -3) != LUA_TSTRING) {
    *mixed = true;
    if (!key_to_text(e, &index)) return false;
  }
  Key *key = add_key_slot(e);
  key->p = lua_tolstring(L, -3, &key->len);
  key->index = index;
  key->slot = 2 * level->count + 1;
  level->count++;
  if (level->spread) {
    lua_insert(L, -3);
    lua_rawseti(L, level->base + 1, key->slot + 1);
    lua_rawseti(L, level->base + 1, key->slot);
  }
  return true;
}

/* Only the run 1..n is the array part; other integers sort with the rest. */
static void settle_indices(Encoder *e, const Level *level, Key *keys) {
  lua_State *L = e->L;
  lua_Integer run = 0;
  bool more = true;
  while (more) {
    more = lua_rawgeti(L, level->base, run + 1) != LUA_TNIL;
    lua_pop(L, 1);
    run += more;
  }
  for (lua_Integer i = 0; i < level->count; i++) {
    if (keys[i].index < 1 || keys[i].index > run) keys[i].index = 0;
  }
}

/* Two keys of the same text are next to each other, unless one of them is in the
 * array part; those are looked up. */
static const Key *find_twice(Encoder *e, const Level *level, const Key *keys) {
  for (lua_Integer i = 0; i < level->count; i++) {
    const Key *key = &keys[i];
    if (key->index) {
      lua_pushlstring(e->L, key->p, key->len);
      bool twice = lua_rawget(e->L, level->base) != LUA_TNIL;
      lua_pop(e->L, 1);
      if (twice) return key;
    } else if (i > 0 && compare_keys(key - 1, key) == 0) {
      return key;
    }
  }
  return NULL;
}

static void move_cmd_first(Key *keys, lua_Integer count) {
  for (lua_Integer i = 1; i < count; i++) {
    if (keys[i].len != 3 || memcmp(keys[i].p, "cmd", 3) != 0) continue;
    Key cmd = keys[i];
    memmove(keys + 1, keys, (size_t)i * sizeof *keys);
    keys[0] = cmd;
    return;
  }
}

typedef enum { GATHERED, TOO_MANY, GATHER_FAILED } Gathered;

static Gathered gather_members(Encoder *e, Level *level, bool *mixed) {
  lua_pushnil(e->L);
  while (lua_next(e->L, level->base)) {
    if (level->count == FEW_MEMBERS && !level->spread) return TOO_MANY;
    if (!add_member(e, level, mixed)) return GATHER_FAILED;
  }
  return GATHERED;
}

/* Gathers and sorts the members of the table at level->base, which is the top. */
static bool read_members(Encoder *e, Level *level) {
  lua_State *L = e->L;
  bool mixed = false;

  Gathered gathered = gather_members(e, level, &mixed);
  if (gathered == TOO_MANY) { /* from the start again, into a table */
    lua_settop(L, level->base);
    lua_createtable(L, 4 * FEW_MEMBERS, 0);
    level->spread = true;
    level->count = 0;
    e->key_count = level->keys;
    gathered = gather_members(e, level, &mixed);
  }
  if (gathered == GATHER_FAILED) return false;

  Key *keys = e->keys + level->keys;
  if (mixed) settle_indices(e, level, keys);
  if (level->count > 1) sort_keys(keys, (size_t)level->count);
  const Key *twice = mixed ? find_twice(e, level, keys) : NULL;
  if (twice) return fail_key_twice(e, twice);
  if (e->wire && e->depth == 1) move_cmd_first(keys, level->count);
  return true;
}

/* Values. The value in hand is the top of the Lua stack. */

static bool is_callable(lua_State *L) {
  if (lua_isfunction(L, -1)) return true;
  if (luaL_getmetafield(L, -1, "__call") == LUA_TNIL) return false;
  lua_pop(L, 1);
  return true;
}

/* [-0, +1] The key under which the value in hand stands, for toJSON. */
static void push_key(Encoder *e) {
  const Level *level = e->levels + e->depth - 1;
  if (e->depth == 0) {
    lua_pushliteral(e->L, "");
  } else if (level->array) {
    lua_pushinteger(e->L, level->next);
  } else {
    const Key *key = level_key(e, level);
    lua_pushlstring(e->L, key->p, key->len);
  }
}

/* Replaces a value that has a toJSON by what that returns. */
static void call_to_json(Encoder *e, int type) {
  lua_State *L = e->L;
  if (type != LUA_TTABLE) {
    if (luaL_getmetafield(L, -1, "__index") == LUA_TNIL) return;
    lua_pop(L, 1);
  }
  if (lua_getfield(L, -1, "toJSON") == LUA_TNIL || !is_callable(L)) {
    lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, -2);
  push_key(e);
  lua_call(L, 2, 1);
  lua_replace(L, -2);
}

/* False: JSON has no word for the value in hand. */
static bool resolve(Encoder *e) {
  int type = lua_type(e->L, -1);
  if (type == LUA_TTABLE || type == LUA_TUSERDATA || type == LUA_TLIGHTUSERDATA) {
    call_to_json(e, type);
    type = lua_type(e->L, -1);
  }
  return type != LUA_TNIL && type != LUA_TFUNCTION && type != LUA_TTHREAD;
}

static Level *add_level(Encoder *e) {
  if (e->depth == e->level_cap) {
    e->levels = grow_array(e, e->slots, e->levels, &e->level_cap, sizeof(Level));
  }
  return &e->levels[e->depth];
}

/* Makes the table in hand, which stays on the stack, the innermost level. */
static bool open_table(Encoder *e) {
  lua_State *L = e->L;
  const void *id = lua_topointer(L, -1);

  for (size_t i = 0; i < e->depth; i++) {
    if (e->levels[i].id == id) return fail_cycle(e, &e->levels[i]);
  }
  if (e->depth == JSON_MAX_DEPTH) {
    lua_pushfstring(L, "value is nested deeper than %d levels", (int)JSON_MAX_DEPTH);
    return false;
  }
  if (!lua_checkstack(L, 2 * FEW_MEMBERS + STACK_NEED)) return fail_stack(e);

  bool array = json_is_array(L, -1);
  Level *level = add_level(e);
  *level = (Level){ .id = id, .base = lua_gettop(L), .array = array, .empty = true };
  level->keys = e->key_count;
  e->depth++;
  put_char(e, array ? '[' : '{');
  if (!array) return read_members(e, level);
  level->count = (lua_Integer)lua_rawlen(L, -1);
  return true;
}

static void close_level(Encoder *e) {
  const Level *level = &e->levels[--e->depth];
  if (!level->empty && e->indent_len) put_newline(e);
  put_char(e, level->array ? ']' : '}');
  e->key_count = level->keys;
  lua_settop(e->L, level->base - 1);
}

static bool write_string(Encoder *e) {
  size_t len;
  const char *s = lua_tolstring(e->L, -1, &len);
  if (put_plain(e, s, len)) return true;
  if (!utf8_valid(s, len)) return fail_utf8(e, false, s, len);
  put_quoted(e, s, len);
  return true;
}

/* Writes the value in hand and pops it, or opens it. */
static bool write_value(Encoder *e) {
  lua_State *L = e->L;
  switch (lua_type(L, -1)) {
  case LUA_TTABLE: return open_table(e);
  case LUA_TSTRING:
    if (!write_string(e)) return false;
    break;
  case LUA_TNUMBER:
    if (lua_isinteger(L, -1)) {
      put_integer(e, lua_tointeger(L, -1));
    } else {
      put_float(e, lua_tonumber(L, -1));
    }
    break;
  case LUA_TBOOLEAN:
    if (lua_toboolean(L, -1)) put(e, "true", 4);
    else put(e, "false", 5);
    break;
  default: /* userdata */
    if (json_is_null(L, -1)) put(e, "null", 4);
    else put(e, "{}", 2);
  }
  lua_pop(L, 1);
  return true;
}

static inline void put_separator(Encoder *e, Level *level) {
  if (!level->empty) put_char(e, ',');
  level->empty = false;
  if (e->indent_len) put_newline(e);
}

static bool write_element(Encoder *e, Level *level) {
  lua_rawgeti(e->L, level->base, level->next);
  put_separator(e, level);
  if (resolve(e)) return write_value(e);
  put(e, "null", 4);
  lua_pop(e->L, 1);
  return true;
}

static bool write_member(Encoder *e, Level *level) {
  const Key *key = level_key(e, level);
  if (level->spread) {
    lua_rawgeti(e->L, level->base + 1, key->slot + 1);
  } else {
    lua_pushvalue(e->L, level->base + (int)key->slot + 1);
  }
  if (!resolve(e)) {
    lua_pop(e->L, 1);
    return true;
  }
  put_separator(e, level);
  if (!put_plain(e, key->p, key->len)) {
    if (!utf8_valid(key->p, key->len)) return fail_utf8(e, true, key->p, key->len);
    put_quoted(e, key->p, key->len);
  }
  put(e, ": ", e->indent_len ? 2 : 1);
  return write_value(e);
}

static bool step(Encoder *e) {
  Level *level = &e->levels[e->depth - 1];
  if (level->next == level->count) {
    close_level(e);
    return true;
  }
  level->next++;
  return level->array ? write_element(e, level) : write_member(e, level);
}

int json_encode(lua_State *L, int idx, StrBuf *out, const JsonOptions *opt) {
  Encoder e;
  int top = lua_gettop(L);
  size_t start = out->len;

  luaL_checkstack(L, STACK_NEED, NULL);
  lua_pushvalue(L, idx);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_rotate(L, -3, -1); /* slots, then the value */
  e.L = L;
  e.out = out;
  e.indent = opt && opt->indent ? opt->indent : "";
  e.indent_len = strlen(e.indent);
  e.wire = opt && opt->wire;
  e.slots = top + 1;
  e.levels = e.first_levels;
  e.keys = e.first_keys;
  e.depth = e.key_count = 0;
  e.level_cap = FIRST_LEVELS;
  e.key_cap = FIRST_KEYS;

  bool ok = !resolve(&e) || write_value(&e);
  while (ok && e.depth > 0) ok = step(&e);
  if (!ok) out->len = start;
  if (out->failed) return luaL_error(L, "not enough memory");
  if (out->p) out->p[out->len] = '\0';
  if (!ok) lua_replace(L, top + 1);
  lua_settop(L, top + !ok);
  return !ok;
}
