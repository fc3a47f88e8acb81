/* SPDX-License-Identifier: MIT */
/* globals.c - see globals.h. The rows without a function describe what stock Lua provides, where a
 * reader should know how it behaves here. A row's name with a dot is a field of a library. */
#include "globals.h"
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

#include <string.h>

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

static int json_parse(lua_State *L) {
  size_t len;
  JsonError err;
  const char *text = arg_string(L, 1, "text", &len);
  if (json_decode(L, text, len, &err)) return 1;
  return err_raise(L, &syntax_error_class, NULL, "%s", err.message);
}

/* The third argument of JSON.stringify: up to ten blanks, or text. */
static const char *read_indent(lua_State *L, int idx) {
  static const char blanks[] = "          ";
  if (lua_isnoneornil(L, idx)) return NULL;
  if (lua_type(L, idx) == LUA_TSTRING) return lua_pushfstring(L, "%s", lua_tostring(L, idx));
  lua_Integer n = arg_integer(L, idx, "space", 0, LUA_MAXINTEGER);
  return blanks + (n > 10 ? 0 : 10 - n);
}

static int json_stringify(lua_State *L) {
  lua_settop(L, 3);
  if (!lua_isnil(L, 2) && !json_is_null(L, 2))
    return err_arg_value(L, 2, "replacer", "must be nil: give the table that should be written");
  JsonOptions options = { .indent = read_indent(L, 3) };
  StrBuf *out = strbuf_new_lua(L);
  if (json_encode(L, 1, out, &options) != 0)
    return err_raise(L, &type_error_class, NULL, "%s", lua_tostring(L, -1));
  if (out->failed) return luaL_error(L, "not enough memory");
  if (out->len == 0) return 0; /* a function, nil: undefined in Node */
  lua_pushlstring(L, out->p, out->len);
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
  .constants = globals_constants, .open = globals_open,
  .doc = "What is there without require: errors, null and arrays, JSON, instanceof, and what to know of "
         "Lua's own functions. The classes and functions of modules that are global, too (process, "
         "Buffer, timers), are described with their modules.",
  .example = "print(JSON.stringify({ list = array {}, nothing = null }))"
};
