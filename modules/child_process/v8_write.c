/* SPDX-License-Identifier: MIT */
/* v8_write.c - writing V8's format; see v8.h. v8_read.c reads it.
 *
 * Tables with the array mark and plain sequences are dense arrays, other tables objects: number keys
 * first, then names in the order of their bytes (`cmd` before all others in the outermost). Each
 * object gets the next id when it is first met; met again it is written as that id. The first few are
 * found by their addresses, more by a table. */
#include "v8.h"
#include "v8_format.h"
#include "../buffer/text.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/number.h"
#include "../core/step.h"
#include "../core/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  FEW = 16,             /* objects found by address */
  FEW_KEYS = 24,        /* of an object, on the C stack */
  STACK_NEED = 16,
  MAX_KEY_SHOWN = 40,
  MAX_STEPS_SHOWN = 32
};

#define MAX_INDEX 4294967294LL     /* of an element in JavaScript */
#define MAX_SAFE (1LL << 53)
#define MAX_SIZE ((size_t)UINT32_MAX)

typedef struct Writer {
  lua_State *L;
  StrBuf *out;
  size_t from;          /* where the frame begins */
  const Step *at;
  int memo;             /* stack index of { [address] = id } of the objects beyond the first few */
  int depth;
  uint32_t ids;
  const void *few[FEW];
} Writer;

static bool write_value(Writer *w, int idx);

/* Pushes the message at once: the steps are gone when the callers have returned. Always false, which they
 * return without touching the stack. [-0, +1] */
static bool refuse(Writer *w, const char *text) {
  luaL_checkstack(w->L, STACK_NEED, "v8");
  step_push_message(w->L, w->at, text);
  return false;
}

/* ---- bytes ---- */

static void put_tag(Writer *w, int tag) { strbuf_addc(w->out, (char)tag); }

static size_t varint(uint64_t n, char out[10]) {
  size_t used = 0;
  for (; n >= 0x80; n >>= 7) out[used++] = (char)(n | 0x80);
  out[used++] = (char)n;
  return used;
}

static void put_varint(Writer *w, uint64_t n) {
  char bytes[10];
  strbuf_add(w->out, bytes, varint(n, bytes));
}

static void put_double(Writer *w, int tag, double x) {
  put_tag(w, tag);
  strbuf_add(w->out, &x, sizeof x);
}

static void put_integer(Writer *w, lua_Integer n) {
  if (n >= INT32_MIN && n <= INT32_MAX) {
    uint32_t zigzag = (uint32_t)n << 1 ^ (n < 0 ? UINT32_MAX : 0);
    put_tag(w, V8_INT);
    put_varint(w, zigzag);
  } else if (n >= -MAX_SAFE && n <= MAX_SAFE) {
    put_double(w, V8_DOUBLE, (double)n);
  } else {
    uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    put_tag(w, V8_BIGINT);
    put_varint(w, sizeof magnitude * 2 + (n < 0));
    strbuf_add(w->out, &magnitude, sizeof magnitude);
  }
}

/* Are all code points of the valid text below U+0100? */
static bool fits_latin1(const char *s, size_t len) {
  for (size_t i = text_ascii(s, len); i < len; i++)
    if ((unsigned char)s[i] > 0xC3) return false;
  return true;
}

/* Room for n bytes that are counted in; NULL when memory is out. */
static char *put_room(Writer *w, size_t n) {
  if (!strbuf_reserve(w->out, n)) return NULL;
  w->out->len += n;
  return w->out->p + w->out->len - n;
}

static void put_utf16(Writer *w, const char *s, size_t len) {
  char head[10];
  size_t bytes = 2 * text_units(s, len), used = varint(bytes, head);
  if ((w->out->len - w->from + 1 + used) & 1) put_tag(w, V8_PADDING);
  put_tag(w, V8_UTF16);
  strbuf_add(w->out, head, used);
  char *to = put_room(w, bytes);
  if (to) (void)utf16_from_text(s, len, to, bytes);
}

/* Text that is UTF-8. */
static void put_text(Writer *w, const char *s, size_t len) {
  size_t ascii = text_ascii(s, len);
  if (ascii == len) {
    put_tag(w, V8_LATIN1);
    put_varint(w, len);
    strbuf_add(w->out, s, len);
  } else if (fits_latin1(s, len)) {
    size_t units = text_units(s, len);
    put_tag(w, V8_LATIN1);
    put_varint(w, units);
    char *to = put_room(w, units);
    if (to) (void)latin1_from_text(s, len, to, units);
  } else {
    put_utf16(w, s, len);
  }
}

static bool write_string(Writer *w, int idx) {
  size_t len;
  const char *s = lua_tolstring(w->L, idx, &len);
  if (len > MAX_SIZE / 2) return refuse(w, "makes the message too large");
  if (!text_valid(s, len)) return refuse(w, "is a string that is not UTF-8: send a Buffer");
  put_text(w, s, len);
  return true;
}

/* ---- objects ---- */

/* Writes a reference when the object was met before; else gives it the next id. */
static bool write_known(Writer *w, int idx) {
  const void *p = lua_topointer(w->L, idx);
  uint32_t id = 0, few = w->ids < FEW ? w->ids : FEW;
  while (id < few && w->few[id] != p) id++;
  if (id == few && w->ids > FEW) {
    if (lua_rawgetp(w->L, w->memo, p) != LUA_TNIL) id = (uint32_t)lua_tointeger(w->L, -1);
    else id = w->ids;
    lua_pop(w->L, 1);
  }
  if (id < w->ids) {
    put_tag(w, V8_REFERENCE);
    put_varint(w, id);
    return true;
  }
  if (w->ids < FEW) {
    w->few[w->ids] = p;
  } else {
    if (w->ids == FEW) {
      lua_newtable(w->L);
      lua_replace(w->L, w->memo);
    }
    lua_pushinteger(w->L, w->ids);
    lua_rawsetp(w->L, w->memo, p);
  }
  w->ids++;
  return false;
}

/* The value on top belongs to the key at `key` (0: to `name`); pops it. */
static bool write_member(Writer *w, int key, const char *name) {
  Step step = { w->at, key, name };
  w->at = &step;
  bool good = write_value(w, lua_gettop(w->L));
  w->at = step.up;
  if (good) lua_pop(w->L, 1);
  return good;
}

/* A key of an object: a number, or a name. */
typedef struct Key {
  const char *p;        /* NULL: the number n; else borrows from the key on the Lua stack or in the list */
  size_t len;
  double n;
  int slot;             /* where the key lies: stack index, or place in the list */
} Key;

static bool is_cmd(const Key *key) { return key->len == 3 && !memcmp(key->p, "cmd", 3); }

/* Numbers first, then names by bytes. */
static int compare_keys(const void *va, const void *vb) {
  const Key *a = va, *b = vb;
  if (!a->p || !b->p) {
    if (a->p || b->p) return a->p ? 1 : -1;
    return a->n < b->n ? -1 : a->n > b->n;
  }
  int order = memcmp(a->p, b->p, a->len < b->len ? a->len : b->len);
  return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static void sort_keys(Key *keys, int n, bool cmd_first) {
  if (n <= FEW_KEYS) {
    for (int i = 1; i < n; i++) {
      Key key = keys[i];
      int j = i;
      for (; j > 0 && compare_keys(&keys[j - 1], &key) > 0; j--) keys[j] = keys[j - 1];
      keys[j] = key;
    }
  } else {
    qsort(keys, (size_t)n, sizeof *keys, compare_keys);
  }
  for (int i = 0; cmd_first && i < n; i++) {
    if (!keys[i].p || !is_cmd(&keys[i])) continue;
    Key cmd = keys[i];
    memmove(keys + 1, keys, (size_t)i * sizeof *keys);
    keys[0] = cmd;
    return;
  }
}

/* Is the key at idx among the first n elements, or a mark of the program's own? */
static bool is_skipped(lua_State *L, int idx, lua_Integer n) {
  if (lua_islightuserdata(L, idx)) return true;
  lua_Integer i = lua_isinteger(L, idx) ? lua_tointeger(L, idx) : 0;
  return i >= 1 && i <= n;
}

/* How many keys the table has beyond its first n elements. */
static int count_keys(lua_State *L, int t, lua_Integer n) {
  int count = 0;
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) count += !is_skipped(L, -2, n);
  return count;
}

/* A number as a key is a name in JavaScript, which must be there only once. */
static bool is_twice(lua_State *L, int t, int idx) {
  char text[NUMBER_TEXT];
  if (lua_isinteger(L, idx)) lua_pushfstring(L, "%I", lua_tointeger(L, idx));
  else lua_pushlstring(L, text, number_format(lua_tonumber(L, idx), text));
  bool twice = lua_rawget(L, t) != LUA_TNIL;
  lua_pop(L, 1);
  return twice;
}

/* Fills in key for the key at idx of the table at t; false when it cannot be one. */
static bool read_key(Writer *w, int t, int idx, Key *key) {
  lua_State *L = w->L;
  Step step = { w->at, idx, NULL };
  if (lua_type(L, idx) == LUA_TSTRING) {
    key->p = lua_tolstring(L, idx, &key->len);
    if (text_valid(key->p, key->len)) return true;
    w->at = &step;
    return refuse(w, "has a name that is not UTF-8");
  }
  w->at = &step;
  if (lua_type(L, idx) != LUA_TNUMBER) return refuse(w, "has a key that is neither a string nor a number");
  if (is_twice(L, t, idx)) return refuse(w, "is there twice, by a number and by its text");
  lua_Integer i = lua_isinteger(L, idx) ? lua_tointeger(L, idx) : 0;
  if (i > MAX_SAFE || i < -MAX_SAFE) return refuse(w, "has a key beyond 2^53");
  w->at = step.up;
  key->p = NULL;
  key->n = lua_tonumber(L, idx);
  return true;
}

/* Collects and sorts the keys. The keys themselves are kept on the Lua stack, or in a list when they are
 * many: a finalizer may change the table. Returns how many, -1: refused. [-0, +n|1] */
static int collect_keys(Writer *w, int t, lua_Integer n, Key *keys, int room, int list) {
  lua_State *L = w->L;
  int count = 0;
  for (lua_pushnil(L); lua_next(L, t) && count < room;) {
    lua_pop(L, 1);
    int key = lua_gettop(L);
    if (is_skipped(L, key, n)) continue;
    if (!read_key(w, t, key, &keys[count])) return -1;
    keys[count].slot = list ? count + 1 : key;
    count++;
    lua_pushvalue(L, key); /* lua_next takes one of the two, or the list does */
    if (list) lua_rawseti(L, list, count);
  }
  sort_keys(keys, count, w->depth == 1);
  return count;
}

/* The elements of an array count from 0 there. */
static void put_number_key(Writer *w, int slot, bool array) {
  lua_Integer i = lua_isinteger(w->L, slot) ? lua_tointeger(w->L, slot) : 0;
  if (lua_isinteger(w->L, slot)) put_integer(w, i - (array && i > 0));
  else put_double(w, V8_DOUBLE, lua_tonumber(w->L, slot));
}

/* The pairs beyond the first n elements of an object or array. */
static bool write_pairs(Writer *w, int t, lua_Integer n, bool array, int *count) {
  lua_State *L = w->L;
  Key few[FEW_KEYS], *keys = few;
  int list = 0, top = lua_gettop(L), total = count_keys(L, t, n);
  if (total > FEW_KEYS) {
    lua_createtable(L, total, 0);
    list = lua_gettop(L);
    keys = lua_newuserdatauv(L, (size_t)total * sizeof *keys, 0);
  } else {
    luaL_checkstack(L, FEW_KEYS + STACK_NEED, "v8");
  }
  if ((*count = collect_keys(w, t, n, keys, total, list)) < 0) return false;
  for (int i = 0; i < *count; i++) {
    if (list) lua_rawgeti(L, list, keys[i].slot);
    int slot = list ? lua_gettop(L) : keys[i].slot;
    if (keys[i].p) put_text(w, keys[i].p, keys[i].len);
    else put_number_key(w, slot, array);
    lua_pushvalue(L, slot);
    lua_rawget(L, t);
    if (!write_member(w, slot, NULL)) return false;
    if (list) lua_pop(L, 1);
  }
  lua_settop(L, top);
  return true;
}

static bool write_elements(Writer *w, int t, lua_Integer n) {
  lua_State *L = w->L;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_pushinteger(L, i);
    lua_rawgeti(L, t, i);
    if (!write_member(w, lua_gettop(L) - 1, NULL)) return false;
    lua_pop(L, 1);
  }
  return true;
}

/* The largest index, at least n. */
static lua_Integer largest_index(lua_State *L, int t, lua_Integer n) {
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1))
    if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > n) n = lua_tointeger(L, -2);
  return n;
}

static bool write_array(Writer *w, int t) {
  int count = 0;
  lua_Integer n = (lua_Integer)lua_rawlen(w->L, t), last = n;
  bool marked = json_is_marked(w->L, t); /* else it is nothing but its elements */
  if (marked) last = largest_index(w->L, t, n);
  if (last > MAX_INDEX) return refuse(w, "has an index beyond 2^32");
  bool dense = last == n;
  put_tag(w, dense ? V8_DENSE : V8_SPARSE);
  put_varint(w, (uint64_t)last);
  if (dense && !write_elements(w, t, n)) return false;
  if (marked && !write_pairs(w, t, dense ? n : 0, true, &count)) return false;
  put_tag(w, dense ? V8_DENSE_END : V8_SPARSE_END);
  put_varint(w, (uint64_t)count);
  put_varint(w, (uint64_t)last);
  return true;
}

static bool write_table(Writer *w, int t) {
  int count;
  if (json_is_array(w->L, t)) return write_array(w, t);
  put_tag(w, V8_OBJECT);
  if (!write_pairs(w, t, 0, false, &count)) return false;
  put_tag(w, V8_OBJECT_END);
  put_varint(w, (uint64_t)count);
  return true;
}

/* ---- Errors and bytes ---- */

/* The field of an Error as text, whatever it is made of. */
static void put_field_text(Writer *w, int tag, int idx, const char *name) {
  lua_State *L = w->L;
  lua_pushstring(L, name);
  if (lua_rawget(L, idx) == LUA_TSTRING) {
    size_t len;
    const char *s = lua_tolstring(L, -1, &len);
    put_tag(w, tag);
    if (text_valid(s, len)) {
      put_text(w, s, len);
    } else {
      StrBuf *clean = strbuf_new_lua(L);
      strbuf_adds(clean, "");
      utf8_sanitize(clean, s, len);
      if (clean->failed) w->out->failed = true;
      else put_text(w, clean->p, clean->len);
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
}

static bool write_error(Writer *w, int idx) {
  static const struct {
    const ClassDef *def;
    char tag;
  } kinds[] = { { &type_error_class, V8_ERR_TYPE }, { &range_error_class, V8_ERR_RANGE },
                { &syntax_error_class, V8_ERR_SYNTAX } };
  put_tag(w, V8_ERROR);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (class_is(w->L, idx, kinds[i].def)) put_tag(w, kinds[i].tag);
  put_field_text(w, V8_ERR_MESSAGE, idx, "message");
  lua_pushliteral(w->L, "cause");
  if (lua_rawget(w->L, idx) != LUA_TNIL) {
    put_tag(w, V8_ERR_CAUSE);
    if (!write_member(w, 0, "cause")) return false;
  } else {
    lua_pop(w->L, 1);
  }
  put_field_text(w, V8_ERR_STACK, idx, "stack");
  put_tag(w, V8_ERR_END);
  return true;
}

static int view_number(lua_State *L, int idx, const Buffer *b) {
  static const unsigned char numbers[] = {
    [EL_INT8] = 0, [EL_UINT8] = 1, [EL_UINT8_CLAMPED] = 2, [EL_INT16] = 3, [EL_UINT16] = 4,
    [EL_INT32] = 5, [EL_UINT32] = 6, [EL_FLOAT32] = 7, [EL_FLOAT64] = 8, [EL_BIGINT64] = 11,
    [EL_BIGUINT64] = 12
  };
  if (class_test(L, idx, &buffer_class)) return V8_VIEW_BUFFER;
  if (class_test(L, idx, &data_view_class)) return V8_VIEW_DATA_VIEW;
  return numbers[b->element];
}

static bool write_bytes(Writer *w, const char *s, size_t len) {
  if (len > MAX_SIZE / 2) return refuse(w, "makes the message too large");
  put_varint(w, len);
  strbuf_add(w->out, s, len);
  return true;
}

static bool write_userdata(Writer *w, int idx) {
  Buffer *b = any_view_test(w->L, idx);
  if (b) {
    put_tag(w, V8_HOST);
    put_varint(w, V8_HOST_VIEW);
    put_varint(w, (uint64_t)view_number(w->L, idx, b));
    return write_bytes(w, buffer_bytes(b), b->length);
  }
  Store *store = memory_test(w->L, idx);
  if (!store) return refuse(w, "is an object that cannot be cloned");
  if (store->shared) return refuse(w, "is a SharedArrayBuffer, which cannot leave the process");
  put_tag(w, V8_BUFFER);
  return write_bytes(w, store->data, store->size);
}

static bool write_object(Writer *w, int idx) {
  int top = lua_gettop(w->L);
  if (write_known(w, idx)) return true;
  if (w->depth >= V8_MAX_DEPTH) return refuse(w, "is nested too deeply");
  luaL_checkstack(w->L, STACK_NEED, "v8");
  w->depth++;
  bool good = lua_type(w->L, idx) != LUA_TTABLE ? write_userdata(w, idx)
              : err_is(w->L, idx)               ? write_error(w, idx)
                                                : write_table(w, idx);
  w->depth--;
  if (good) lua_settop(w->L, top); /* else the message is on top */
  return good;
}

static bool write_value(Writer *w, int idx) {
  if (w->out->len > MAX_SIZE) return refuse(w, "makes the message too large");
  switch (lua_type(w->L, idx)) {
  case LUA_TNIL: put_tag(w, V8_UNDEFINED); return true;
  case LUA_TBOOLEAN: put_tag(w, lua_toboolean(w->L, idx) ? V8_TRUE : V8_FALSE); return true;
  case LUA_TNUMBER:
    if (lua_isinteger(w->L, idx)) put_integer(w, lua_tointeger(w->L, idx));
    else put_double(w, V8_DOUBLE, lua_tonumber(w->L, idx));
    return true;
  case LUA_TSTRING: return write_string(w, idx);
  case LUA_TFUNCTION: return refuse(w, "is a function");
  case LUA_TTHREAD: return refuse(w, "is a coroutine");
  case LUA_TUSERDATA:
    if (!json_is_null(w->L, idx)) return write_object(w, idx);
    put_tag(w, V8_NULL);
    return true;
  case LUA_TTABLE: return write_object(w, idx);
  default: return refuse(w, "is a light userdata");
  }
}

int v8_encode(lua_State *L, int idx, StrBuf *out, size_t from) {
  size_t before = out->len;
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, STACK_NEED, "v8");
  int top = lua_gettop(L);
  lua_pushnil(L);
  Writer w = { .L = L, .out = out, .from = from, .memo = top + 1 };
  put_tag(&w, V8_MARK);
  put_tag(&w, V8_VERSION);
  if (write_value(&w, idx)) {
    lua_settop(L, top);
    return 0;
  }
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
  if (!out->failed) out->len = before;
  return 1;
}
