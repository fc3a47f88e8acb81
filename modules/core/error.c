/* SPDX-License-Identifier: MIT */
/* error.c - the Error classes and the words of errors. See error.h.
 *
 * An Error is a table; `message` and `stack` are set when it is made, the other fields by whoever
 * knows them. The texts for wrong arguments are Node's, with Lua's names of types. */
#include "error.h"
#include "number.h"
#include "runtime.h"
#include "source.h"
#include "strbuf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_LINES = 10, SHOWN_MAX = 128 };

/* ---- stacks ---- */

/* Has the call site a name for the function? Lua says "?" for t[k](), which tells nothing. */
static bool frame_is_named(const lua_Debug *ar) {
  return ar->name && *ar->namewhat && strcmp(ar->name, "?") != 0;
}

static void stack_add_frame(lua_State *L, luaL_Buffer *b, const lua_Debug *ar) {
  const char *where = *ar->source == '@' || *ar->source == '=' ? ar->source + 1 : ar->short_src;
  luaL_addstring(b, "\n    at ");
  if (frame_is_named(ar)) lua_pushfstring(L, "%s (%s:%d)", ar->name, where, ar->currentline);
  else lua_pushfstring(L, "%s:%d", where, ar->currentline);
  luaL_addvalue(b);
}

void err_push_stack(lua_State *L, lua_State *of, int level) {
  luaL_Buffer b;
  lua_Debug ar;
  luaL_buffinit(L, &b);
  for (int lines = 0; lines < STACK_LINES && lua_getstack(of, level, &ar); level++) {
    lua_getinfo(of, "Sln", &ar);
    if (*ar.what == 'C') continue; /* own and stock C functions say nothing to the reader */
    stack_add_frame(L, &b, &ar);
    lines++;
  }
  luaL_pushresult(&b);
}

/* Sets .stack of the Error at idx from level on of the coroutine `of`. */
static void err_set_stack(lua_State *L, int idx, lua_State *of, int level) {
  idx = lua_absindex(L, idx);
  luaL_tolstring(L, idx, NULL);
  err_push_stack(L, of, level);
  lua_concat(L, 2);
  lua_setfield(L, idx, "stack");
}

/* Puts the frames below the Error on top before those that it has. [-2, +1] */
static void err_insert_stack(lua_State *L) {
  lua_getfield(L, -1, "stack");
  luaL_tolstring(L, -2, NULL);
  size_t head = lua_rawlen(L, -1), len;
  const char *stack = lua_tolstring(L, -2, &len);
  lua_pushvalue(L, -4);
  lua_pushlstring(L, stack + head, len - head); /* a stack begins with the error as text */
  lua_concat(L, 3);
  lua_setfield(L, -3, "stack");
  lua_pop(L, 1);
  lua_remove(L, -2);
}

/* ---- the classes ---- */

/* Error(message, { cause = any }) */
static int error_init(lua_State *L) {
  lua_settop(L, 3);
  if (!lua_isnil(L, 2)) luaL_tolstring(L, 2, NULL);
  else lua_pushliteral(L, "");
  lua_setfield(L, 1, "message");
  if (lua_istable(L, 3) && lua_getfield(L, 3, "cause") != LUA_TNIL) lua_setfield(L, 1, "cause");
  err_set_stack(L, 1, L, 1);
  return 0;
}

/* AggregateError(errors, message) */
static int aggregate_init(lua_State *L) {
  lua_settop(L, 4);
  if (!lua_istable(L, 2)) return err_arg_type(L, 2, "errors", "of type table");
  lua_pushvalue(L, 2);
  lua_setfield(L, 1, "errors");
  lua_remove(L, 2);
  return error_init(L);
}

/* `Error: message`, `Error [CODE]: message` */
static int error_tostring(lua_State *L) {
  lua_settop(L, 1);
  if (lua_getfield(L, 1, "name") != LUA_TSTRING) lua_pushliteral(L, "Error");
  const char *name = lua_tostring(L, -1);
  lua_getfield(L, 1, "code");
  const char *code = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  lua_getfield(L, 1, "message");
  const char *message = luaL_tolstring(L, -1, NULL);
  bool shown = code && !strncmp(code, "ERR_", 4);
  lua_pushstring(L, name);
  if (shown) lua_pushfstring(L, " [%s]", code);
  else lua_pushliteral(L, "");
  lua_pushfstring(L, *message ? ": %s" : "%s", message);
  lua_concat(L, 3);
  return 1;
}

static int error_concat(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  luaL_tolstring(L, 2, NULL);
  lua_concat(L, 2);
  return 1;
}

/* Error:extend("MyError"): its instances bear the name. */
static int error_extend(lua_State *L) {
  class_extend(L);
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, "name");
  return 1;
}

static int error_is(lua_State *L) {
  lua_pushboolean(L, err_is(L, 1));
  return 1;
}

static int error_capture(lua_State *L) {
  lua_settop(L, 1);
  if (!lua_istable(L, 1)) return err_arg_type(L, 1, "targetObject", "of type table");
  err_set_stack(L, 1, L, 1);
  return 0;
}

static const luaL_Reg error_meta[] = { { "__concat", error_concat }, { NULL, NULL } };

static const FnDef error_methods[] = {
  { "extend", error_extend, FN_STATIC, "extend(name: string): class",
    "Makes a class of errors whose instances bear the name.", NULL,
    "local Refused = Error:extend(\"Refused\")\nprint(Refused \"no\")", NULL },
  { "isError", error_is, FN_STATIC, "isError(value: any): boolean",
    "Is the value an Error or of a class derived from it?", NULL, NULL,
    "Node has util.types.isNativeError for it." },
  { "captureStackTrace", error_capture, FN_STATIC, "captureStackTrace(targetObject: table)",
    "Sets targetObject.stack to the place of the call.", NULL, NULL, NULL },
  { 0 }
};

static const char error_doc[] =
    "What is thrown and what callbacks get first: an object with name, message and stack, and where "
    "they apply code, errno, syscall, path, dest, address, port and cause. Further fields may be set. "
    "It joins with .. and prints as text.";

const ClassDef error_class = {
  .name = "Error", .init = error_init, .tostring = error_tostring, .meta = error_meta,
  .methods = error_methods, .doc = error_doc,
  .example = "local ok, e = pcall(error, Error(\"no\", { cause = \"rain\" }))\nprint(e, e.cause)"
};
const ClassDef type_error_class = { .name = "TypeError", .base = &error_class,
  .doc = "A value of the wrong kind.",
  .example = "print(pcall(error, TypeError \"a number is wanted\"))" };
const ClassDef range_error_class = { .name = "RangeError", .base = &error_class,
  .doc = "A value outside what is allowed.",
  .example = "print(pcall(Buffer.alloc, -1))" };
const ClassDef syntax_error_class = { .name = "SyntaxError", .base = &error_class,
  .doc = "Text that cannot be parsed.", .example = "print(pcall(JSON.parse, \"{\"))" };
const ClassDef aggregate_error_class = { .name = "AggregateError", .base = &error_class,
  .init = aggregate_init, .doc = "Several errors as one: AggregateError(errors, message).",
  .example = "print(#AggregateError({ Error \"a\", Error \"b\" }, \"both\").errors)" };
const ClassDef abort_error_class = { .name = "AbortError", .base = &error_class,
  .doc = "An operation was ended by an AbortSignal." };

/* ---- building ---- */

/* Turns the message on top into an Error of the class. level: where its stack in `of` begins. [-1, +1] */
static void err_build_from(lua_State *L, const ClassDef *cls, const char *code, lua_State *of,
                           int level) {
  lua_createtable(L, 0, 4);
  class_push_meta(L, cls ? cls : &error_class);
  lua_setmetatable(L, -2);
  lua_insert(L, -2);
  lua_setfield(L, -2, "message");
  if (code) {
    lua_pushstring(L, code);
    lua_setfield(L, -2, "code");
  }
  err_set_stack(L, -1, of, level);
}

static void err_build(lua_State *L, const ClassDef *cls, const char *code, int level) {
  err_build_from(L, cls, code, L, level);
}

static void err_vpush(lua_State *L, const ClassDef *cls, const char *code, const char *fmt, va_list ap) {
  luaL_checkstack(L, 12, "error");
  lua_pushvfstring(L, fmt, ap);
  err_build(L, cls, code, 1);
}

void err_push(lua_State *L, const ClassDef *cls, const char *code, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  err_vpush(L, cls, code, fmt, ap);
  va_end(ap);
}

int err_raise(lua_State *L, const ClassDef *cls, const char *code, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  err_vpush(L, cls, code, fmt, ap);
  va_end(ap);
  return lua_error(L);
}

static void err_set_uv(lua_State *L, int status, const char *syscall) {
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, uv_err_name(status));
  lua_setfield(L, -2, "code");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
}

void err_push_uv(lua_State *L, int status, const char *syscall) {
  luaL_checkstack(L, 12, "error");
  lua_pushfstring(L, "%s %s", syscall, uv_err_name(status));
  err_build(L, NULL, NULL, 1);
  err_set_uv(L, status, syscall);
}

int err_raise_uv(lua_State *L, int status, const char *syscall) {
  err_push_uv(L, status, syscall);
  return lua_error(L);
}

void err_push_path(lua_State *L, int status, const char *syscall, const char *path, const char *dest) {
  luaL_checkstack(L, 12, "error");
  lua_pushfstring(L, "%s: %s, %s", uv_err_name(status), uv_strerror(status), syscall);
  if (path) {
    lua_pushfstring(L, " '%s'", path);
    lua_concat(L, 2);
  }
  if (dest) {
    lua_pushfstring(L, " -> '%s'", dest);
    lua_concat(L, 2);
  }
  err_build(L, NULL, NULL, 1);
  err_set_uv(L, status, syscall);
  if (path) {
    lua_pushstring(L, path);
    lua_setfield(L, -2, "path");
  }
  if (dest) {
    lua_pushstring(L, dest);
    lua_setfield(L, -2, "dest");
  }
}

/* ---- wrong arguments ---- */

/* Pushes a string quoted with ' and cut to 25 bytes as Node does. [+1] */
static void push_quoted(lua_State *L, int idx) {
  size_t len;
  const char *s = lua_tolstring(L, idx, &len);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addchar(&b, '\'');
  for (size_t i = 0; i < len && i < 25; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c == '\n') luaL_addstring(&b, "\\n");
    else if (c < 32 || c == 127) {
      char hex[8];
      snprintf(hex, sizeof hex, "\\x%02X", c);
      luaL_addstring(&b, hex);
    } else luaL_addchar(&b, (char)c);
  }
  luaL_addstring(&b, len > 25 ? "...'" : "'");
  luaL_pushresult(&b);
}

/* A number as Node shows it: as JavaScript writes it, with _ between thousands of a large whole one. [+1] */
static void push_number(lua_State *L, int idx) {
  char text[NUMBER_TEXT];
  luaL_Buffer out;
  size_t len;
  if (lua_isinteger(L, idx))
    len = (size_t)snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, idx));
  else len = number_format(lua_tonumber(L, idx), text);
  size_t sign = *text == '-', digits = strspn(text + sign, "0123456789");
  bool large = digits == len - sign && fabs(lua_tonumber(L, idx)) > 4294967296.0;
  luaL_buffinit(L, &out);
  for (size_t i = 0; i < len; i++) {
    if (large && i > sign && (len - i) % 3 == 0) luaL_addchar(&out, '_');
    luaL_addchar(&out, text[i]);
  }
  luaL_pushresult(&out);
}

void err_push_received(lua_State *L, int idx) {
  luaL_checkstack(L, 8, "error");
  idx = lua_absindex(L, idx);
  switch (lua_type(L, idx)) {
  case LUA_TNONE:
  case LUA_TNIL: lua_pushliteral(L, "nil"); return;
  case LUA_TSTRING:
    push_quoted(L, idx);
    lua_pushfstring(L, "type string (%s)", lua_tostring(L, -1));
    lua_replace(L, -2);
    return;
  case LUA_TNUMBER:
    if (!isfinite(lua_tonumber(L, idx))) {
      push_number(L, idx);
      lua_pushfstring(L, "type number (%s)", lua_tostring(L, -1));
      lua_replace(L, -2);
      return;
    } /* fall through */
  case LUA_TBOOLEAN:
    lua_pushfstring(L, "type %s (%s)", luaL_typename(L, idx), luaL_tolstring(L, idx, NULL));
    lua_replace(L, -2);
    return;
  default:
    if (class_push_name(L, idx)) {
      lua_pushfstring(L, "an instance of %s", lua_tostring(L, -1));
      lua_replace(L, -2);
      return;
    }
    if (luaL_getmetafield(L, idx, "__name") == LUA_TSTRING) return; /* null, FILE*, a class */
    lua_pushfstring(L, "type %s", luaL_typename(L, idx));
  }
}

/* `The "x" argument`, `The "options.x" property` */
static const char *name_kind(const char *name) { return strchr(name, '.') ? "property" : "argument"; }

int err_arg_type(lua_State *L, int idx, const char *name, const char *expected) {
  err_push_received(L, idx);
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                   "The \"%s\" %s must be %s. Received %s", name, name_kind(name), expected,
                   lua_tostring(L, -1));
}

/* The text on top, cut to what Node shows of a value. [-1, +1] */
static void cut_shown(lua_State *L) {
  size_t len, end = SHOWN_MAX;
  const char *text = lua_tolstring(L, -1, &len);
  if (len <= SHOWN_MAX) return;
  while (end > 0 && (text[end] & 0xC0) == 0x80) end--; /* no half of a character */
  lua_pushlstring(L, text, end);
  lua_pushliteral(L, "...");
  lua_concat(L, 2);
  lua_remove(L, -2);
}

void err_push_shown(lua_State *L, int idx) {
  const Runtime *rt = rt_of(L);
  bool object = lua_istable(L, idx) || lua_isuserdata(L, idx);
  if (lua_type(L, idx) == LUA_TSTRING) {
    push_quoted(L, idx);
  } else if (object && rt->inspect) {
    rt->inspect(L, idx);
    cut_shown(L);
  } else {
    luaL_tolstring(L, idx, NULL);
  }
}

int err_arg_value(lua_State *L, int idx, const char *name, const char *reason) {
  err_push_shown(L, lua_absindex(L, idx));
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE", "The %s '%s' %s. Received %s",
                   name_kind(name), name, reason, lua_tostring(L, -1));
}

int err_range(lua_State *L, int idx, const char *name, const char *expected) {
  idx = lua_absindex(L, idx);
  if (lua_type(L, idx) == LUA_TNUMBER) push_number(L, idx);
  else err_push_shown(L, idx);
  return err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE",
                   "The value of \"%s\" is out of range. It must be %s. Received %s", name, expected,
                   lua_tostring(L, -1));
}

/* ---- recognising and wrapping ---- */

bool err_is(lua_State *L, int idx) { return class_is(L, idx, &error_class); }

void err_wrap_from(lua_State *L, lua_State *of, int level) {
  luaL_checkstack(L, 12, "error");
  if (lua_type(L, -1) == LUA_TSTRING) {
    bool noted = err_push_note(L, -1);
    if (noted) lua_insert(L, -2);
    err_build_from(L, NULL, NULL, of, level);
    if (noted) err_insert_stack(L);
  } else if (err_is(L, -1)) {
    lua_pushliteral(L, "stack");
    if (lua_rawget(L, -2) == LUA_TNIL) {
      lua_pop(L, 1);
      err_set_stack(L, -1, of, level);
    } else {
      lua_pop(L, 1);
    }
  } else {
    err_push_stack(L, of, level);
    if (lua_rawlen(L, -1) > 0) err_note(L, -2);
    else lua_pop(L, 1); /* passed on by C code: the note of its coroutine stays */
  }
}

void err_wrap(lua_State *L, int level) { err_wrap_from(L, L, level); }

void err_open(lua_State *L) {
  static const ClassDef *const named[] = { &error_class,        &type_error_class,
                                           &range_error_class,  &syntax_error_class,
                                           &aggregate_error_class, &abort_error_class };
  for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
    class_push(L, named[i]);
    lua_pushstring(L, named[i]->name);
    lua_setfield(L, -2, "name");
    lua_pop(L, 1);
  }
}
