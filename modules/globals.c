/* SPDX-License-Identifier: MIT */
/* globals.c - see globals.h. The rows without a function describe what stock Lua provides, where a
 * reader should know how it behaves here. A row's name with a dot is a field of a library. */
#include "globals.h"
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "messaging/kinds.h"
#include "messaging/structured_clone.h"

#include <string.h>

enum { MAX_INDENT = 10 }; /* as in Node */

/* ---- values ---- */

static int global_array(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  arg_table(L, 1, "table");
  if (json_is_array(L, 1) && lua_getmetatable(L, 1)) {
    lua_settop(L, 1);
    return 1;
  }
  if (lua_getmetatable(L, 1))
    return err_arg_value(L, 1, "table", "must be a table without a metatable");
  json_mark_array(L, 1);
  return 1;
}

/* ---- JSON ---- */

/* Neither a function nor a list of keys is taken where Node has a reviver or a replacer. */
static void refuse_filter(lua_State *L, int idx, const char *name) {
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx)) return;
  err_arg_value(L, idx, name, "is not supported: change the tables instead");
}

static int json_parse(lua_State *L) {
  size_t len;
  JsonError err;
  const char *text = arg_string(L, 1, "text", &len);
  refuse_filter(L, 2, "reviver");
  if (json_decode(L, text, len, &err)) return 1;
  return err_raise(L, &syntax_error_class, NULL, "%s", err.message);
}

/* The indent of stringify: a number of blanks up to ten, or a text of which ten bytes count. */
static void read_indent(lua_State *L, int idx, char out[MAX_INDENT + 1]) {
  size_t len = 0;
  if (lua_type(L, idx) == LUA_TNUMBER) {
    lua_Number n = lua_tonumber(L, idx);
    len = n >= MAX_INDENT ? MAX_INDENT : n >= 1 ? (size_t)n : 0;
    memset(out, ' ', len);
  } else if (lua_type(L, idx) == LUA_TSTRING) {
    const char *text = lua_tolstring(L, idx, &len);
    if (len > MAX_INDENT) len = MAX_INDENT;
    memcpy(out, text, len);
  } else if (!lua_isnoneornil(L, idx) && !json_is_null(L, idx)) {
    err_arg_type(L, idx, "space", "of type number or string");
  }
  out[len] = '\0';
}

static int json_stringify(lua_State *L) {
  char indent[MAX_INDENT + 1];
  JsonOptions options = { .indent = indent };
  lua_settop(L, 3);
  refuse_filter(L, 2, "replacer");
  read_indent(L, 3, indent);
  StrBuf *out = strbuf_new_lua(L);
  if (json_encode(L, 1, out, &options) != 0)
    return err_raise(L, &type_error_class, NULL, "%s", lua_tostring(L, -1));
  if (out->failed) return luaL_error(L, "not enough memory");
  if (out->len > 0) lua_pushlstring(L, out->p, out->len);
  else lua_pushnil(L); /* a function, nil: undefined in Node */
  strbuf_free(out);
  return 1;
}

/* ---- rows ---- */

static const FnDef globals_functions[] = {
  { "JSON.parse", json_parse, FN_STATIC, "JSON.parse(text: string): any",
    "Reads JSON text. 3 becomes the integer 3, 3.0 the float; null becomes `null`; an array carries the "
    "mark of `array`, so that an empty one stays an array.", NULL,
    "print(JSON.parse('{\"list\":[1,2]}').list[2])", "There is no reviver." },
  { "JSON.stringify", json_stringify, FN_STATIC,
    "JSON.stringify(value: any, replacer: nil, space: string|integer?): string?",
    "Writes a value as JSON; space indents it. Keys are sorted. A sequence and a table marked by `array` "
    "are arrays, any other table is an object; functions are left out.", NULL,
    "print(JSON.stringify({ 1, 2, { a = null } }))", "There is no replacer; keys are sorted." },
  { "array", global_array, FN_STATIC, "array(table: table?): table",
    "Marks a table (a new one without argument) as an array for JSON and messages, and returns it: only "
    "an empty table needs that.", NULL, "print(JSON.stringify({ list = array {} }))", "Only here." },
  { "dofile", NULL, FN_STATIC, "dofile(filename: string?): any",
    "Stock Lua: runs a file. require is the better way to load one: it finds files beside the one that "
    "asks, and runs each once.", NULL, NULL, NULL },
  { "instanceof", class_instanceof, FN_STATIC, "instanceof(value: any, class: table): boolean",
    "Is the value an object of the class, or of one that was derived from it?", NULL,
    "print(instanceof(Error \"x\", Error), instanceof({}, Error))", "An operator in JavaScript." },
  { "io.write", NULL, FN_STATIC, "io.write(...: string|number): file*",
    "Stock Lua: writes to standard output, in order with print, console.log and process.stdout.", NULL,
    NULL, NULL },
  { "print", NULL, FN_STATIC, "print(...: any)",
    "Stock Lua: writes its arguments, separated by tabs, with a line end, in order with io.write, "
    "console.log and process.stdout. console.log shows what is in tables.", NULL, "print(\"a\", 1)",
    NULL },
  { "require", NULL, FN_STATIC, "require(id: string): any",
    "Gives a built-in module, or loads a file once: `./x`, `../x` and `/x` are files, beside the file that "
    "asks; any other name goes through package.path. See the module `module`.", NULL,
    "local events = require \"events\"", "What a file returns is its exports." },
  { "structuredClone", structured_clone, FN_STATIC, "structuredClone(value: any, options: table?): any",
    "A deep copy: tables with cycles and shared parts, numbers, strings, Errors and Buffers. Metatables are "
    "dropped; a function in it raises a DataCloneError that says where it is.", NULL,
    "local t = { list = { 1 } }\nt.self = t\nlocal c = structuredClone(t)\nprint(c ~= t, c.self == c)",
    "Nothing can be transferred." },
  { 0 }
};

static const PropDef globals_constants[] = {
  { "__dirname", NULL, NULL, "string?", "The folder of the file that asks; nil at the prompt." },
  { "__filename", NULL, NULL, "string?", "The absolute path of the file that asks; nil at the prompt." },
  { "arg", NULL, NULL, "string[]", "Stock Lua: the arguments of the script; the script itself at 0." },
  { "null", NULL, NULL, "userdata", "The null of JSON and of messages. It is not nil, and counts as true." },
  { 0 }
};

static const ClassDef *const globals_classes[] = { &error_class, &type_error_class, &range_error_class,
                                                   &syntax_error_class, &aggregate_error_class, NULL };

static const ClassDef *const globals_objects[] = { &data_clone_error_class, NULL };

/* Sets what is on top as a global; what a script has put there under the name stays. [-1] */
static void set_global(lua_State *L, const char *name) {
  lua_pushglobaltable(L);
  lua_pushstring(L, name);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pushstring(L, name);
    lua_pushvalue(L, -4);
    lua_rawset(L, -4);
  }
  lua_pop(L, 3);
}

/* The value is the table of globals itself. */
static int globals_open(lua_State *L) {
  for (const FnDef *row = globals_functions; row->name; row++) {
    if (!row->fn || strchr(row->name, '.')) continue; /* a library's function */
    lua_pushcfunction(L, row->fn);
    set_global(L, row->name);
  }
  for (const ClassDef *const *c = globals_classes; *c; c++) {
    class_push(L, *c);
    set_global(L, (*c)->name);
  }
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, json_parse);
  lua_setfield(L, -2, "parse");
  lua_pushcfunction(L, json_stringify);
  lua_setfield(L, -2, "stringify");
  set_global(L, "JSON");
  json_push_null(L);
  set_global(L, "null");
  lua_pushglobaltable(L);
  return 1;
}

const ModuleDef globals_module = {
  .name = "_G", .functions = globals_functions, .classes = globals_classes,
  .objects = globals_objects, .constants = globals_constants, .open = globals_open,
  .doc = "What is there without require: errors, null and arrays, JSON, instanceof, and what to know of "
         "Lua's own functions. The classes and functions of modules that are global, too (process, "
         "Buffer, timers), are described with their modules.",
  .example = "print(JSON.stringify({ list = array {}, nothing = null }))"
};
