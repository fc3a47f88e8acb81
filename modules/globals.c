/* SPDX-License-Identifier: MIT */
/* globals.c - the Error classes, null, array, instanceof and JSON. */
#include "globals.h"
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

#include <stdio.h>
#include <string.h>

enum { MAX_INDENT = 10 };

/* array(t): marks t as an array and returns it; array() is a new one. */
static int globals_array(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  arg_table(L, 1, "t");
  bool marked = json_is_array(L, 1);
  if (lua_getmetatable(L, 1)) {
    if (!marked) return err_arg_value(L, 1, "t", "must be a table without a metatable");
    return lua_settop(L, 1), 1;
  }
  json_mark_array(L, 1);
  return 1;
}

/* Neither a function nor a list of keys is taken where Node has a reviver or a replacer. */
static void refuse_filter(lua_State *L, int idx, const char *name) {
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx)) return;
  err_arg_value(L, idx, name, "is not supported: change the tables instead");
}

static int json_parse(lua_State *L) {
  JsonError error;
  size_t len;
  const char *s = arg_string(L, 1, "text", &len);
  refuse_filter(L, 2, "reviver");
  if (!json_decode(L, s, len, &error))
    return err_raise(L, &syntax_error_class, NULL, "%s", error.message);
  return 1;
}

/* The indent of stringify: a number of blanks up to ten, or a text of which ten bytes count. */
static void read_indent(lua_State *L, int idx, char out[MAX_INDENT + 1]) {
  size_t len = 0;
  if (lua_type(L, idx) == LUA_TNUMBER) {
    lua_Number n = lua_tonumber(L, idx);
    len = n >= MAX_INDENT ? MAX_INDENT : n >= 1 ? (size_t)n : 0;
    memset(out, ' ', len);
  } else if (lua_type(L, idx) == LUA_TSTRING) {
    const char *s = lua_tolstring(L, idx, &len);
    if (len > MAX_INDENT) len = MAX_INDENT;
    memcpy(out, s, len);
  } else if (!lua_isnoneornil(L, idx) && !json_is_null(L, idx)) {
    err_arg_type(L, idx, "indent", "of type number or string");
  }
  out[len] = '\0';
}

static int json_stringify(lua_State *L) {
  char indent[MAX_INDENT + 1];
  JsonOptions opt = { .indent = indent };
  lua_settop(L, 3);
  refuse_filter(L, 2, "replacer");
  read_indent(L, 3, indent);
  StrBuf *out = strbuf_new_lua(L);
  if (json_encode(L, 1, out, &opt)) return err_raise(L, &type_error_class, NULL, "%s", lua_tostring(L, -1));
  if (out->failed) return luaL_error(L, "not enough memory");
  if (out->len == 0) lua_pushnil(L);
  else lua_pushlstring(L, out->p, out->len);
  strbuf_free(out);
  return 1;
}

static const FnDef json_functions[] = {
  { "parse", json_parse, FN_STATIC, "parse(text: string): any",
    "The value of a JSON text: objects and arrays as tables, arrays marked, null as `null`; 3 is an "
    "integer, 3.0 a float. Raises a SyntaxError.",
    NULL, "print(JSON.parse('{\"a\": [1, 2]}').a[2])", "No reviver." },
  { "stringify", json_stringify, FN_STATIC,
    "stringify(value: any, replacer: nil, indent: integer|string?): string?",
    "The JSON text of a value; sequences and array{} as arrays, other tables as objects. nil when JSON "
    "has no word for it.",
    NULL, "print(JSON.stringify({ a = { 1, 2 } }, nil, 2))", "No replacer; keys are sorted." },
  { 0 }
};

static const FnDef globals_functions[] = {
  { "array", globals_array, FN_STATIC, "array(t: table?): table",
    "Marks a table as an array, so that an empty one stays one in JSON and messages; returns it.", NULL,
    "print(JSON.stringify({ list = array {} }))", "Only here: JavaScript's arrays need no mark." },
  { "instanceof", class_instanceof, FN_STATIC, "instanceof(value: any, class: table): boolean",
    "Is the value an object of the class or of one derived from it?", NULL,
    "print(instanceof(Error \"no\", Error))", "An operator in JavaScript." },
  { 0 }
};

static const ClassDef *const globals_classes[] = { &error_class, &type_error_class, &range_error_class,
                                                   &syntax_error_class, &aggregate_error_class, NULL };

static const PropDef globals_constants[] = {
  { "null", NULL, NULL, "any", "Stands where JSON and messages have null; nil would leave a hole." },
  { "JSON", NULL, NULL, "table", "JSON.parse(text) and JSON.stringify(value, nil, indent)." },
  { 0 }
};

static int globals_open(lua_State *L) {
  lua_settop(L, 1);
  json_push_null(L);
  lua_setfield(L, 1, "null");
  lua_newtable(L);
  class_set_functions(L, json_functions);
  lua_setfield(L, 1, "JSON");
  return 1;
}

const ModuleDef globals_module = {
  .name = "globals", .functions = globals_functions, .classes = globals_classes,
  .constants = globals_constants, .open = globals_open,
  .doc = "What is there without require and belongs to no other module."
};
