/* SPDX-License-Identifier: MIT */
/* parse_args.c - util.parseArgs: the words of a command line as options and what else there is.
 *
 * First the words are cut into tokens, whatever the options say of them; then each token is checked
 * (strict) and stored. Everything lies in Lua tables at fixed places of the stack. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../core/utf8.h"

#include <string.h>

/* Where things lie. */
enum { AT_CONFIG = 1, AT_ARGS, AT_OPTIONS, AT_TOKENS, AT_VALUES, AT_POSITIONALS, AT_TOP = AT_POSITIONALS };

typedef struct Parse {
  lua_State *L;
  lua_Integer count, next; /* words, and the one that is read next */
  bool strict, positionals, negative, tokens;
} Parse;

/* ---- the description of the options ---- */

/* Pushes the field of the option at idx named by the string on top; nil: it has none. [-1, +1] */
static void option_field(lua_State *L, int name, const char *key) {
  name = lua_absindex(L, name);
  lua_pushvalue(L, name);
  if (lua_rawget(L, AT_OPTIONS) == LUA_TTABLE) {
    lua_getfield(L, -1, key);
    lua_remove(L, -2);
  } else {
    lua_pop(L, 1);
    lua_pushnil(L);
  }
}

static bool option_is(lua_State *L, int name, const char *type) {
  option_field(L, name, "type");
  bool is = lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), type);
  lua_pop(L, 1);
  return is;
}

static size_t char_length(const char *s, size_t len) {
  uint32_t cp;
  int n = utf8_decode(s, len, &cp);
  return n > 0 ? (size_t)n : len > 0;
}

/* Pushes the long name of the option with that letter, or the letter itself. [+1] */
static void push_long_name(lua_State *L, const char *letter, size_t len) {
  for (lua_pushnil(L); lua_next(L, AT_OPTIONS); lua_pop(L, 1)) {
    if (lua_getfield(L, -1, "short") == LUA_TSTRING) {
      size_t n;
      const char *s = lua_tolstring(L, -1, &n);
      if (n == len && !memcmp(s, letter, len)) {
        lua_pop(L, 2);
        return;
      }
    }
    lua_pop(L, 1);
  }
  lua_pushlstring(L, letter, len);
}

/* A default of an option that may be given many times: a list of values of the type. */
static void check_default_list(lua_State *L, int idx, bool text, const char *label) {
  if (!lua_istable(L, idx)) err_arg_type(L, idx, label, "an instance of Array");
  for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, idx); i++) {
    lua_rawgeti(L, idx, i);
    const char *item = lua_pushfstring(L, "%s[%I]", label, i);
    if (text) (void)arg_string(L, -2, item, NULL);
    else (void)arg_boolean(L, -2, item);
    lua_pop(L, 2);
  }
}

/* The option at `idx`, called `name`. */
static void check_option(lua_State *L, int idx, const char *name) {
  const char *label = lua_pushfstring(L, "options.%s", name);
  arg_table(L, idx, label);
  label = lua_pushfstring(L, "options.%s.type", name);
  lua_getfield(L, idx, "type");
  const char *type = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  bool text = !strcmp(type, "string");
  if (!text && strcmp(type, "boolean") != 0) {
    err_push_received(L, -1);
    err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
              "The \"%s\" property must be ('string|boolean'). Received %s", label,
              lua_tostring(L, -1));
  }
  if (lua_getfield(L, idx, "short") != LUA_TNIL) {
    size_t len;
    label = lua_pushfstring(L, "options.%s.short", name);
    const char *s = arg_string(L, -2, label, &len);
    if (len == 0 || char_length(s, len) != len) err_arg_value(L, -2, label, "must be a single character");
  }
  bool many = false;
  if (lua_getfield(L, idx, "multiple") != LUA_TNIL) {
    label = lua_pushfstring(L, "options.%s.multiple", name);
    many = arg_boolean(L, -2, label);
  }
  if (lua_getfield(L, idx, "default") != LUA_TNIL) {
    int at = lua_gettop(L);
    label = lua_pushfstring(L, "options.%s.default", name);
    if (many) check_default_list(L, at, text, label);
    else if (text) (void)arg_string(L, at, label, NULL);
    else (void)arg_boolean(L, at, label);
  }
}

static void check_options(lua_State *L) {
  luaL_checkstack(L, 24, "parseArgs");
  for (lua_pushnil(L); lua_next(L, AT_OPTIONS);) {
    int value = lua_gettop(L);
    if (lua_type(L, value - 1) != LUA_TSTRING) err_arg_type(L, value - 1, "options", "a table with string keys");
    check_option(L, value, lua_tostring(L, value - 1));
    lua_settop(L, value - 1);
  }
}

/* ---- words to tokens ---- */

/* Pushes word i as a string; nil behind the last. [+1] */
static const char *push_word(Parse *p, lua_Integer i, size_t *len) {
  if (i > p->count) {
    lua_pushnil(p->L);
    return NULL;
  }
  lua_rawgeti(p->L, AT_ARGS, i);
  return lua_tolstring(p->L, -1, len);
}

static void add_token(Parse *p) {
  lua_rawseti(p->L, AT_TOKENS, (lua_Integer)lua_rawlen(p->L, AT_TOKENS) + 1);
}

/* Pushes a token of the kind. [+1] */
static void push_token(Parse *p, const char *kind, lua_Integer index) {
  lua_createtable(p->L, 0, 6);
  lua_pushstring(p->L, kind);
  lua_setfield(p->L, -2, "kind");
  lua_pushinteger(p->L, index);
  lua_setfield(p->L, -2, "index");
}

/* The token of an option: on top its name, its name as typed, its value (nil: none). [-3] */
static void add_option(Parse *p, lua_Integer index, bool inline_value) {
  lua_State *L = p->L;
  int value = lua_gettop(L);
  push_token(p, "option", index);
  lua_pushvalue(L, value - 2);
  lua_setfield(L, -2, "name");
  lua_pushvalue(L, value - 1);
  lua_setfield(L, -2, "rawName");
  if (!lua_isnil(L, value)) {
    lua_pushvalue(L, value);
    lua_setfield(L, -2, "value");
    lua_pushboolean(L, inline_value);
    lua_setfield(L, -2, "inlineValue");
  }
  add_token(p);
  lua_settop(L, value - 3);
}

/* Pushes the next word as the value of the option whose name is at `name`, when that wants one; else
 * nil. [+1] */
static void push_value_word(Parse *p, int name) {
  size_t len;
  name = lua_absindex(p->L, name);
  if (!option_is(p->L, name, "string")) lua_pushnil(p->L);
  else if (push_word(p, p->next, &len)) p->next++;
}

/* `-x`, `-xyz`, `-xVALUE` */
static void read_short(Parse *p, const char *word, size_t len, lua_Integer index) {
  lua_State *L = p->L;
  size_t i = 1;
  while (i < len) {
    size_t n = char_length(word + i, len - i);
    push_long_name(L, word + i, n);
    lua_pushliteral(L, "-");
    lua_pushlstring(L, word + i, n);
    lua_concat(L, 2);
    bool rest = i + n < len && option_is(L, -2, "string");
    if (rest) lua_pushlstring(L, word + i + n, len - i - n);
    else if (i + n == len) push_value_word(p, -2);
    else lua_pushnil(L);
    add_option(p, index, rest);
    if (rest) return;
    i += n;
  }
}

/* `--name`, `--name=value` */
static void read_long(Parse *p, const char *word, size_t len, lua_Integer index) {
  lua_State *L = p->L;
  const char *equals = len > 3 ? memchr(word + 3, '=', len - 3) : NULL;
  size_t end = equals ? (size_t)(equals - word) : len;
  lua_pushlstring(L, word + 2, end - 2);
  lua_pushlstring(L, word, end);
  if (equals) lua_pushlstring(L, equals + 1, len - end - 1);
  else push_value_word(p, -2);
  add_option(p, index, equals != NULL);
}

static void add_positional(Parse *p, lua_Integer index) {
  size_t len;
  push_token(p, "positional", index);
  (void)push_word(p, index, &len);
  lua_setfield(p->L, -2, "value");
  add_token(p);
}

static void read_words(Parse *p) {
  while (p->next <= p->count) {
    size_t len;
    lua_Integer index = p->next++;
    const char *word = push_word(p, index, &len);
    if (len == 2 && !memcmp(word, "--", 2)) {
      push_token(p, "option-terminator", index);
      add_token(p);
      while (p->next <= p->count) add_positional(p, p->next++);
    } else if (len > 2 && !memcmp(word, "--", 2)) {
      read_long(p, word, len, index);
    } else if (len > 1 && word[0] == '-') {
      read_short(p, word, len, index);
    } else {
      add_positional(p, index);
    }
    lua_settop(p->L, AT_TOP);
  }
}

/* ---- tokens to values ---- */

/* Pushes `-f, --file`, the option's names. name: its long one. [+1] */
static void push_names(lua_State *L, int name) {
  name = lua_absindex(L, name);
  option_field(L, name, "short");
  if (lua_isnil(L, -1)) lua_pushfstring(L, "--%s", lua_tostring(L, name));
  else lua_pushfstring(L, "-%s, --%s", lua_tostring(L, -1), lua_tostring(L, name));
  lua_remove(L, -2);
}

static int refuse_unknown(Parse *p, const char *raw) {
  lua_State *L = p->L;
  if (p->positionals)
    return err_raise(L, &type_error_class, "ERR_PARSE_ARGS_UNKNOWN_OPTION",
                     "Unknown option '%s'. To specify a positional argument starting with a '-', place it at "
                     "the end of the command after '--', as in '-- \"%s\"", raw, raw);
  return err_raise(L, &type_error_class, "ERR_PARSE_ARGS_UNKNOWN_OPTION", "Unknown option '%s'", raw);
}

/* Was a word that looks like an option taken for a value? raw: as typed; name, value: stack indices */
static void check_like_option(lua_State *L, const char *raw, int name, int value) {
  size_t len;
  const char *s = lua_tolstring(L, value, &len);
  if (!s || len < 2 || *s != '-') return;
  if (!strncmp(raw, "--", 2)) lua_pushfstring(L, "'%s=-XYZ'", raw);
  else lua_pushfstring(L, "'--%s=-XYZ' or '%s-XYZ'", lua_tostring(L, name), raw);
  err_raise(L, &type_error_class, "ERR_PARSE_ARGS_INVALID_OPTION_VALUE",
            "Option '%s' argument is ambiguous.\nDid you forget to specify the option argument for '%s'?\n"
            "To specify an option argument starting with a dash use %s.", raw, raw, lua_tostring(L, -1));
}

/* The token on top is an option that strict mode allows. */
static void check_usage(Parse *p) {
  lua_State *L = p->L;
  int token = lua_gettop(L), name = token + 1, value = token + 2;
  lua_getfield(L, token, "name");
  lua_getfield(L, token, "value");
  lua_getfield(L, token, "rawName");
  const char *raw = lua_tostring(L, -1), *typed = lua_tostring(L, name);
  bool text = option_is(L, name, "string"), flag = option_is(L, name, "boolean");
  if (!text && !flag && p->negative && !strncmp(typed, "no-", 3)) {
    lua_pushstring(L, typed + 3);
    lua_replace(L, name);
    flag = option_is(L, name, "boolean");
  }
  if (!text && !flag) (void)refuse_unknown(p, raw);
  push_names(L, name);
  if (text && lua_isnil(L, value))
    err_raise(L, &type_error_class, "ERR_PARSE_ARGS_INVALID_OPTION_VALUE",
              "Option '%s <value>' argument missing", lua_tostring(L, -1));
  if (flag && !lua_isnil(L, value))
    err_raise(L, &type_error_class, "ERR_PARSE_ARGS_INVALID_OPTION_VALUE",
              "Option '%s' does not take an argument", lua_tostring(L, -1));
  lua_getfield(L, token, "inlineValue");
  if (!lua_toboolean(L, -1)) check_like_option(L, raw, name, value);
  lua_settop(L, token);
}

/* Stores the option of the token on top. */
static void store_option(Parse *p) {
  lua_State *L = p->L;
  int token = lua_gettop(L), name = token + 1, value = token + 2;
  lua_getfield(L, token, "name");
  if (lua_getfield(L, token, "value") == LUA_TNIL) {
    const char *typed = lua_tostring(L, name);
    bool off = p->negative && !strncmp(typed, "no-", 3);
    lua_pushboolean(L, !off);
    lua_replace(L, value);
    if (off) {
      lua_pushstring(L, typed + 3);
      lua_pushvalue(L, -1);
      lua_setfield(L, token, "name");
      lua_replace(L, name);
    }
  }
  option_field(L, name, "multiple");
  if (lua_toboolean(L, -1)) {
    lua_pushvalue(L, name);
    if (lua_rawget(L, AT_VALUES) != LUA_TTABLE) {
      lua_newtable(L);
      json_mark_array(L, -1);
      lua_pushvalue(L, name);
      lua_pushvalue(L, -2);
      lua_rawset(L, AT_VALUES);
    }
    lua_pushvalue(L, value);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  } else {
    lua_pushvalue(L, name);
    lua_pushvalue(L, value);
    lua_rawset(L, AT_VALUES);
  }
  lua_settop(L, token);
}

static void use_token(Parse *p) {
  lua_State *L = p->L;
  int token = lua_gettop(L);
  lua_getfield(L, token, "kind");
  const char *kind = lua_tostring(L, -1);
  lua_pop(L, 1);
  if (!strcmp(kind, "option")) {
    if (p->strict) check_usage(p);
    store_option(p);
  } else if (!strcmp(kind, "positional")) {
    lua_getfield(L, token, "value");
    if (!p->positionals)
      err_raise(L, &type_error_class, "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
                "Unexpected argument '%s'. This command does not take positional arguments",
                lua_tostring(L, -1));
    lua_rawseti(L, AT_POSITIONALS, (lua_Integer)lua_rawlen(L, AT_POSITIONALS) + 1);
  }
}

static void store_defaults(lua_State *L) {
  for (lua_pushnil(L); lua_next(L, AT_OPTIONS); lua_settop(L, AT_TOP + 1)) {
    lua_pushvalue(L, AT_TOP + 1);
    if (lua_rawget(L, AT_VALUES) != LUA_TNIL || lua_getfield(L, AT_TOP + 2, "default") == LUA_TNIL) continue;
    lua_pushvalue(L, AT_TOP + 1);
    lua_insert(L, -2);
    lua_rawset(L, AT_VALUES);
  }
}

/* ---- the function ---- */

/* Pushes the program's own arguments behind the script. [+1] */
static void push_main_args(lua_State *L) {
  const Settings *settings = rt_of(L)->settings;
  lua_newtable(L);
  int list = lua_gettop(L);
  lua_Integer skip = settings->script ? 2 : 1, n = 0;
  if (!rt_require_builtin(L, "process")) return;
  if (lua_getfield(L, -1, "argv") == LUA_TTABLE) {
    lua_Integer last = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = skip + 1; i <= last; i++) {
      lua_rawgeti(L, -1, i);
      lua_rawseti(L, list, ++n);
    }
  }
  lua_settop(L, list);
}

/* Each word must be a text; numbers become one in a copy of the list, which is left. [-1, +1] */
static lua_Integer take_words(lua_State *L) {
  int given = lua_gettop(L);
  arg_table(L, given, "args");
  lua_Integer n = (lua_Integer)lua_rawlen(L, given);
  lua_newtable(L);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, given, i);
    const char *label = lua_pushfstring(L, "args[%I]", i);
    (void)arg_string(L, -2, label, NULL);
    lua_pop(L, 1);
    lua_rawseti(L, -2, i);
  }
  lua_replace(L, given);
  return n;
}

static bool flag_of(lua_State *L, const char *key, bool fallback) {
  if (opt_push(L, AT_CONFIG, key) != LUA_TNIL) fallback = arg_boolean(L, -1, key);
  lua_pop(L, 1);
  return fallback;
}

int util_parse_args(lua_State *L) {
  lua_settop(L, 1);
  if (!lua_isnil(L, 1)) arg_table(L, 1, "config");
  Parse p = { .L = L, .next = 1 };
  if (opt_push(L, AT_CONFIG, "args") == LUA_TNIL) {
    lua_pop(L, 1);
    push_main_args(L);
  }
  p.count = take_words(L);
  p.strict = flag_of(L, "strict", true);
  p.positionals = flag_of(L, "allowPositionals", !p.strict);
  p.tokens = flag_of(L, "tokens", false);
  p.negative = flag_of(L, "allowNegative", false);
  if (opt_push(L, AT_CONFIG, "options") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  arg_table(L, AT_OPTIONS, "options");
  check_options(L);
  lua_newtable(L);
  lua_newtable(L);
  lua_newtable(L);
  json_mark_array(L, AT_TOKENS);
  json_mark_array(L, AT_POSITIONALS);
  read_words(&p);
  for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, AT_TOKENS); i++) {
    lua_rawgeti(L, AT_TOKENS, i);
    use_token(&p);
    lua_settop(L, AT_TOP);
  }
  store_defaults(L);
  lua_createtable(L, 0, 3);
  if (p.tokens) {
    lua_pushvalue(L, AT_TOKENS);
    lua_setfield(L, -2, "tokens");
  }
  lua_pushvalue(L, AT_VALUES);
  lua_setfield(L, -2, "values");
  lua_pushvalue(L, AT_POSITIONALS);
  lua_setfield(L, -2, "positionals");
  return 1;
}

const OptDef parse_args_options[] = {
  { "args", "string[]", "the program's own", "The words." },
  { "options", "table", NULL,
    "By their long names: type (\"boolean\" or \"string\"), short (a letter), multiple, default." },
  { "strict", "boolean", "true", "Raises for what is not described." },
  { "allowPositionals", "boolean", "not strict", "Other words may be there, too." },
  { "allowNegative", "boolean", "false", "--no-NAME sets a boolean to false." },
  { "tokens", "boolean", "false", "Gives the words as tokens, too; their index counts from 1." },
  { 0 }
};
