/* SPDX-License-Identifier: MIT */
/* preview.c - see preview.h. An operator-precedence parser over the tokens of lex.h that computes as it
 * reads, on the Lua stack: each function pushes one value or gives up by lua_error. Operands that `and`
 * and `or` leave out are read without being computed; they count as nil. */
#include "preview.h"
#include "known.h"
#include "edit/lex.h"
#include "session.h"
#include "../modules/core/class.h"

#include <string.h>

enum {
  MOST_TEXT = 1000,      /* bytes of a line that has a preview */
  MOST_DEPTH = 40,       /* brackets and operators within each other */
  MOST_INDEX = 16,       /* __index tables behind each other */
  MOST_JOINED = 4096,    /* bytes of a concatenation */
  MOST_COMPARED = 65536, /* bytes of strings that are compared */
  MOST_NUMBER = 200
};

typedef struct Reading {
  lua_State *L;
  Lexer lex;
  Token token; /* the next one */
  int depth;
  int skipped; /* above 0: nothing is computed */
} Reading;

static void give_up(lua_State *L) {
  lua_pushnil(L);
  (void)lua_error(L);
}

static void advance(Reading *r) {
  do r->token = next_token(&r->lex);
  while (r->token.kind == TOKEN_COMMENT && !r->token.open);
}

static bool is_op(const Reading *r, const char *op) {
  return r->token.kind == TOKEN_OP && token_is(&r->lex, &r->token, op);
}

static void expect(Reading *r, const char *op) {
  if (!is_op(r, op)) give_up(r->L);
  advance(r);
}

/* ---- names and fields ---- */

/* Is a missing key of the table at idx nil for certain? Our own lazy globals are asked for by name before. */
static bool misses_plainly(lua_State *L, int idx) {
  if (!lua_getmetatable(L, idx)) return true;
  lua_pushliteral(L, "__index");
  int type = lua_rawget(L, -2);
  bool plain = type == LUA_TNIL || lua_iscfunction(L, -1);
  lua_pop(L, 2);
  return plain;
}

/* The session's names, then the globals: as the line's _ENV would find it. */
static void push_name(lua_State *L, const char *name, size_t len) {
  if (len == 4 && !memcmp(name, "_ENV", 4)) give_up(L);
  session_push(L);
  lua_pushlstring(L, name, len);
  if (lua_rawget(L, -2) != LUA_TNIL) {
    lua_remove(L, -2);
    return;
  }
  lua_pop(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  bool ours = luaL_getmetafield(L, -2, "__index") != LUA_TNIL && lua_rawequal(L, -1, -2);
  if (!ours) give_up(L); /* somebody has changed where lines find their names */
  lua_pop(L, 1);
  lua_pushlstring(L, name, len);
  if (lua_rawget(L, -2) == LUA_TNIL && (known_builtin(L, name, len) || !misses_plainly(L, -2))) give_up(L);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* Properties whose getters only read what is there. */
static const PropDef *pure_property(const ClassDef *def, const char *name) {
  static const char *const pure[][2] = {
    { "Process", "pid" }, { "Process", "ppid" }, { "Process", "platform" }, { "Process", "arch" },
    { "Process", "version" }, { "Process", "execPath" }, { "Process", "argv0" }, { "Process", "exitCode" },
    { "ChildProcess", "pid" }, { "ChildProcess", "connected" }, { "ChildProcess", "killed" },
    { "ChildProcess", "exitCode" }, { "ChildProcess", "signalCode" }, { "ChildProcess", "spawnfile" },
  };
  bool found = false;
  for (; def && !found; def = found ? def : def->base) {
    for (size_t i = 0; i < sizeof pure / sizeof *pure && !found; i++)
      found = !strcmp(pure[i][0], def->name) && !strcmp(pure[i][1], name);
    if (found) break;
  }
  for (const PropDef *p = found ? def->props : NULL; p && p->name; p++)
    if (!strcmp(p->name, name)) return p;
  return NULL;
}

/* Field of an object of ours: (object, key) -> value. */
static void index_object(lua_State *L) {
  const Head *head = object_head(L, -2);
  const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  if (!head || !name) give_up(L);
  if (head->fields && lua_getiuservalue(L, -2, UV_FIELDS) == LUA_TTABLE) {
    lua_pushvalue(L, -2);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      lua_replace(L, -4);
      lua_pop(L, 2);
      return;
    }
    lua_pop(L, 2);
  }
  const PropDef *prop = pure_property(head->def, name);
  if (!prop || !head->self) give_up(L);
  lua_pushcfunction(L, prop->get);
  lua_pushvalue(L, -3);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) give_up(L);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* (table, key) -> value, raw, through tables behind __index. */
static void index_table(lua_State *L) {
  for (int depth = 0;; depth++) {
    lua_pushvalue(L, -1);
    if (lua_rawget(L, -3) != LUA_TNIL) break;
    if (luaL_getmetafield(L, -3, "__index") == LUA_TNIL) break;
    if (lua_type(L, -1) != LUA_TTABLE || depth == MOST_INDEX) give_up(L);
    lua_replace(L, -4); /* table key nil next -> next key */
    lua_pop(L, 1);
  }
  lua_replace(L, -3);
  lua_pop(L, 1);
}

static void index_value(Reading *r) {
  lua_State *L = r->L;
  if (r->skipped) lua_pop(L, 1);
  else if (lua_type(L, -2) == LUA_TTABLE) index_table(L);
  else if (lua_type(L, -2) == LUA_TUSERDATA) index_object(L);
  else give_up(L);
}

/* ---- literals ---- */

static void push_number(Reading *r) {
  char text[MOST_NUMBER];
  if (r->token.len >= sizeof text) give_up(r->L);
  memcpy(text, r->lex.text + r->token.start, r->token.len);
  text[r->token.len] = '\0';
  if (!lua_stringtonumber(r->L, text)) give_up(r->L);
}

/* [[text]] and [==[text]==] */
static void push_long_string(lua_State *L, const char *text, size_t len) {
  size_t level = 2;
  while (level < len && text[level - 1] == '=') level++;
  text += level;
  len -= 2 * level;
  if (len > 0 && *text == '\n') text++, len--;
  lua_pushlstring(L, text, len);
}

/* A quoted one; escapes of one letter only. */
static void push_string(Reading *r) {
  static const char letters[] = "ntr\\\"'abfv0", meant[] = "\n\t\r\\\"'\a\b\f\v";
  const char *text = r->lex.text + r->token.start;
  size_t len = r->token.len, size = 0;
  char plain[MOST_TEXT];
  if (r->token.open || len < 2) give_up(r->L);
  if (*text == '[') {
    push_long_string(r->L, text, len);
    return;
  }
  for (size_t i = 1; i + 1 < len; i++) {
    char c = text[i];
    if (c == '\\') {
      const char *at = strchr(letters, text[++i]);
      if (!at || !*at || (*at == '0' && text[i + 1] >= '0' && text[i + 1] <= '9')) give_up(r->L);
      c = *at == '0' ? '\0' : meant[at - letters];
    }
    plain[size++] = c;
  }
  lua_pushlstring(r->L, plain, size);
}

/* ---- operators ---- */

static bool both(lua_State *L, int type) { return lua_type(L, -2) == type && lua_type(L, -1) == type; }

static void compute(lua_State *L, int op) {
  if (!both(L, LUA_TNUMBER)) give_up(L); /* strings go through metamethods of theirs */
  lua_arith(L, op); /* may raise: division by zero, no integer */
}

/* Could a metamethod decide whether they are equal? */
static bool equal_by_method(lua_State *L) {
  if (lua_rawequal(L, -1, -2) || !(both(L, LUA_TTABLE) || both(L, LUA_TUSERDATA))) return false;
  for (int i = -2; i < 0; i++) {
    if (luaL_getmetafield(L, i, "__eq") == LUA_TNIL) continue;
    return true;
  }
  return false;
}

static bool too_long(lua_State *L) {
  return both(L, LUA_TSTRING) && (lua_rawlen(L, -1) > MOST_COMPARED || lua_rawlen(L, -2) > MOST_COMPARED);
}

static void replace_two(lua_State *L, bool answer) {
  lua_pop(L, 2);
  lua_pushboolean(L, answer);
}

static void compare_equal(lua_State *L, int wanted) {
  if (too_long(L) || equal_by_method(L)) give_up(L);
  replace_two(L, lua_rawequal(L, -2, -1) == wanted);
}

static void compare_order(lua_State *L, int which) {
  bool swapped = which >= 2; /* 0: <, 1: <=, 2: >, 3: >= */
  if (too_long(L) || !(both(L, LUA_TNUMBER) || both(L, LUA_TSTRING))) give_up(L);
  if (swapped) lua_insert(L, -2);
  replace_two(L, lua_compare(L, -2, -1, which % 2 ? LUA_OPLE : LUA_OPLT));
}

static void join(lua_State *L, int unused) {
  size_t size = 0;
  (void)unused;
  for (int i = -2; i < 0; i++) {
    if (lua_type(L, i) == LUA_TSTRING) size += lua_rawlen(L, i);
    else if (lua_type(L, i) != LUA_TNUMBER) give_up(L);
  }
  if (size > MOST_JOINED) give_up(L);
  lua_concat(L, 2);
}

typedef struct Operator {
  const char *text;
  int left, right; /* how strongly it binds, as in Lua's own table */
  void (*apply)(lua_State *L, int arg); /* NULL: and, or */
  int arg;
} Operator;

static const Operator operators[] = {
  { "or", 1, 1, NULL, 0 }, { "and", 2, 2, NULL, 0 },
  { "==", 3, 3, compare_equal, 1 }, { "~=", 3, 3, compare_equal, 0 }, { "<", 3, 3, compare_order, 0 },
  { "<=", 3, 3, compare_order, 1 }, { ">", 3, 3, compare_order, 2 }, { ">=", 3, 3, compare_order, 3 },
  { "|", 4, 4, compute, LUA_OPBOR }, { "~", 5, 5, compute, LUA_OPBXOR }, { "&", 6, 6, compute, LUA_OPBAND },
  { "<<", 7, 7, compute, LUA_OPSHL }, { ">>", 7, 7, compute, LUA_OPSHR }, { "..", 9, 8, join, 0 },
  { "+", 10, 10, compute, LUA_OPADD }, { "-", 10, 10, compute, LUA_OPSUB },
  { "*", 11, 11, compute, LUA_OPMUL }, { "/", 11, 11, compute, LUA_OPDIV },
  { "//", 11, 11, compute, LUA_OPIDIV }, { "%", 11, 11, compute, LUA_OPMOD },
  { "^", 14, 13, compute, LUA_OPPOW },
};

enum { UNARY = 12 };

static const Operator *operator_here(const Reading *r) {
  if (r->token.kind != TOKEN_OP && r->token.kind != TOKEN_KEYWORD) return NULL;
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (token_is(&r->lex, &r->token, operators[i].text)) return &operators[i];
  return NULL;
}

static void push_length(lua_State *L) {
  int type = lua_type(L, -1);
  if (type != LUA_TSTRING && type != LUA_TTABLE) give_up(L);
  if (type == LUA_TTABLE && luaL_getmetafield(L, -1, "__len") != LUA_TNIL) give_up(L);
  lua_Integer len = (lua_Integer)lua_rawlen(L, -1);
  lua_pop(L, 1);
  lua_pushinteger(L, len);
}

/* ---- expressions ---- */

static void read_expression(Reading *r, int least);

/* What a name or a bracket may be followed by. */
static void read_fields(Reading *r) {
  for (;;) {
    if (is_op(r, ".")) {
      advance(r);
      if (r->token.kind != TOKEN_NAME) give_up(r->L);
      lua_pushlstring(r->L, r->lex.text + r->token.start, r->token.len);
      advance(r);
    } else if (is_op(r, "[")) {
      advance(r);
      read_expression(r, 0);
      expect(r, "]");
    } else {
      return;
    }
    index_value(r);
  }
}

static void read_word(Reading *r) {
  lua_State *L = r->L;
  if (token_is(&r->lex, &r->token, "nil")) lua_pushnil(L);
  else if (token_is(&r->lex, &r->token, "true")) lua_pushboolean(L, true);
  else if (token_is(&r->lex, &r->token, "false")) lua_pushboolean(L, false);
  else give_up(L);
  advance(r);
}

static void read_simple(Reading *r) {
  lua_State *L = r->L;
  if (r->token.kind == TOKEN_NUMBER) {
    push_number(r);
    advance(r);
  } else if (r->token.kind == TOKEN_STRING) {
    push_string(r);
    advance(r);
  } else if (r->token.kind == TOKEN_KEYWORD) {
    read_word(r);
  } else if (r->token.kind == TOKEN_NAME) {
    if (r->skipped) lua_pushnil(L);
    else push_name(L, r->lex.text + r->token.start, r->token.len);
    advance(r);
    read_fields(r);
  } else {
    expect(r, "(");
    read_expression(r, 0);
    expect(r, ")");
    read_fields(r);
  }
}

/* `-x`, `not x`, `#x`, `~x`, or none of them. */
static void read_unary(Reading *r) {
  lua_State *L = r->L;
  bool minus = is_op(r, "-"), length = is_op(r, "#"), tilde = is_op(r, "~");
  bool not = r->token.kind == TOKEN_KEYWORD && token_is(&r->lex, &r->token, "not");
  if (!minus && !length && !tilde && !not) {
    read_simple(r);
    return;
  }
  advance(r);
  read_expression(r, UNARY);
  if (r->skipped) return;
  if (not) {
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    lua_pushboolean(L, !is);
  } else if (length) {
    push_length(L);
  } else {
    if (lua_type(L, -1) != LUA_TNUMBER) give_up(L);
    lua_arith(L, minus ? LUA_OPUNM : LUA_OPBNOT);
  }
}

/* `and` and `or`: the right side is computed only when it decides. */
static void read_logic(Reading *r, const Operator *op) {
  bool keeps = lua_toboolean(r->L, -1) == (*op->text == 'o');
  r->skipped += keeps;
  read_expression(r, op->right);
  r->skipped -= keeps;
  if (r->skipped || keeps) lua_pop(r->L, 1);
  else lua_remove(r->L, -2);
}

static void read_expression(Reading *r, int least) {
  const Operator *op;
  if (++r->depth > MOST_DEPTH) give_up(r->L);
  luaL_checkstack(r->L, 12, "preview");
  read_unary(r);
  while ((op = operator_here(r)) && op->left > least) {
    advance(r);
    if (!op->apply) {
      read_logic(r, op);
      continue;
    }
    read_expression(r, op->right);
    if (r->skipped) lua_pop(r->L, 1);
    else op->apply(r->L, op->arg);
  }
  r->depth--;
}

void preview_push(lua_State *L, const char *text, size_t len) {
  Reading r = { .L = L, .lex = lexer_of(text, len) };
  if (len > MOST_TEXT) give_up(L);
  advance(&r);
  read_expression(&r, 0);
  if (r.token.kind != TOKEN_END) give_up(L);
}
