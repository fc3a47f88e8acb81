/* SPDX-License-Identifier: MIT */
/* assert.c - the module assert: a table of checks that can be called itself.
 *
 * Each check reads its values at 1 and 2 and the message at 3; a message that is an Error is raised as it
 * is, any other becomes the message of an AssertionError. */
#include "assert.h"
#include "message.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/source.h"
#include "../inspect/inspect.h"
#include "../promise/promise.h"
#include "../util/util.h"

#include <math.h>
#include <string.h>

/* ---- AssertionError ---- */

static void set_from(lua_State *L, int idx, const char *name) {
  lua_pushvalue(L, idx);
  lua_setfield(L, -2, name);
}

/* Pushes the AssertionError with the message on top. actual, expected: stack indices, 0: none. [-1, +1] */
static void push_failure(lua_State *L, const char *op, int actual, int expected, bool generated) {
  err_push(L, &assertion_error_class, "ERR_ASSERTION", "%s", lua_tostring(L, -1));
  lua_remove(L, -2);
  lua_pushboolean(L, generated);
  lua_setfield(L, -2, "generatedMessage");
  if (actual) set_from(L, actual, "actual");
  if (expected) set_from(L, expected, "expected");
  lua_pushstring(L, op);
  lua_setfield(L, -2, "operator");
}

/* Raises the user's message at idx; returns when there is none. */
static void fail_with(lua_State *L, int idx, const char *op, int actual, int expected) {
  if (lua_isnoneornil(L, idx)) return;
  lua_pushvalue(L, idx);
  if (!err_is(L, -1)) {
    luaL_tolstring(L, -1, NULL);
    push_failure(L, op, actual, expected, false);
  }
  lua_error(L);
}

/* The check of the values at 1 and 2 has failed; the user's message is at 3. */
static int fail(lua_State *L, const char *op) {
  fail_with(L, 3, op, 1, 2);
  message_push(L, op, 1, 2);
  push_failure(L, op, 1, 2, true);
  return lua_error(L);
}

/* AssertionError { message =, actual =, expected =, operator = } */
static int assertion_error_init(lua_State *L) {
  lua_settop(L, 2);
  if (!err_is(L, 1)) return err_arg_type(L, 1, "self", "an instance of AssertionError");
  arg_table(L, 2, "options");
  bool own = opt_push(L, 2, "message") != LUA_TNIL;
  const char *op = opt_string(L, 2, "operator", "deepStrictEqual");
  lua_getfield(L, 2, "actual");
  lua_getfield(L, 2, "expected"); /* message 3, actual 4, expected 5 */
  if (own) luaL_tolstring(L, 3, NULL);
  else message_push(L, op, 4, 5);
  push_failure(L, op, 4, 5, !own);
  for (lua_pushnil(L); lua_next(L, 6); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
  }
  return 0;
}

const ClassDef assertion_error_class = {
  .name = "AssertionError", .base = &error_class, .init = assertion_error_init,
  .doc = "A check has failed: an Error with actual, expected, operator, generatedMessage and the code "
         "ERR_ASSERTION.",
  .example = "print(pcall(require(\"assert\").equal, 1, 2))"
};

/* ---- truth ---- */

/* Pushes the line of the program that called. */
static void push_expression(lua_State *L) {
  lua_Debug ar;
  lua_pushliteral(L, "The expression evaluated to a falsy value:\n\n  ");
  if (lua_getstack(L, 1, &ar) && lua_getinfo(L, "Sl", &ar) && ar.currentline > 0 &&
      source_push_line(L, ar.source, ar.currentline)) {
    size_t len;
    const char *s = lua_tolstring(L, -1, &len);
    while (len > 0 && strchr(" \t", *s)) s++, len--;
    lua_pushlstring(L, s, len);
    lua_remove(L, -2);
  } else {
    lua_pushliteral(L, "assert.ok(value)");
  }
  lua_pushliteral(L, "\n");
  lua_concat(L, 3);
}

static int assert_ok(lua_State *L) {
  bool none = lua_gettop(L) == 0;
  if (lua_toboolean(L, 1)) return 0;
  lua_settop(L, 2);
  lua_pushboolean(L, true); /* 3: what was expected */
  fail_with(L, 2, "==", 1, 3);
  if (none) lua_pushliteral(L, "No value argument passed to `assert.ok()`");
  else push_expression(L);
  push_failure(L, "==", 1, 3, true);
  return lua_error(L);
}

static int assert_call(lua_State *L) {
  lua_remove(L, 1);
  return assert_ok(L);
}

static int assert_fail(lua_State *L) {
  lua_settop(L, 1);
  fail_with(L, 1, "fail", 0, 0);
  lua_pushliteral(L, "Failed");
  push_failure(L, "fail", 0, 0, true);
  return lua_error(L);
}

static int assert_if_error(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) return 0;
  if (err_is(L, 1) && lua_getfield(L, 1, "message") == LUA_TSTRING)
    lua_pushfstring(L, "ifError got unwanted exception: %s", lua_tostring(L, -1));
  else {
    inspect_push(L, 1, NULL);
    lua_pushfstring(L, "ifError got unwanted exception: %s", lua_tostring(L, -1));
  }
  push_failure(L, "ifError", 1, 0, false);
  return lua_error(L);
}

/* ---- equality ---- */

static void need_two(lua_State *L) {
  if (lua_gettop(L) < 2)
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
              "The \"actual\" and \"expected\" arguments must be specified");
  lua_settop(L, 3);
}

static bool is_nan(lua_State *L, int idx) {
  return lua_type(L, idx) == LUA_TNUMBER && !lua_isinteger(L, idx) && isnan(lua_tonumber(L, idx));
}

/* As == in Lua, __eq included; not-a-numbers are equal. */
static bool is_equal(lua_State *L) {
  return (is_nan(L, 1) && is_nan(L, 2)) || lua_compare(L, 1, 2, LUA_OPEQ);
}

/* One value: the same object, the same number with its sign. */
static bool is_same(lua_State *L) {
  return lua_type(L, 1) == LUA_TNUMBER ? util_deep_equal(L, 1, 2) : lua_rawequal(L, 1, 2);
}

static int assert_equal(lua_State *L) {
  need_two(L);
  return is_equal(L) ? 0 : fail(L, "==");
}

static int assert_not_equal(lua_State *L) {
  need_two(L);
  return is_equal(L) ? fail(L, "!=") : 0;
}

static int assert_strict_equal(lua_State *L) {
  need_two(L);
  return is_same(L) ? 0 : fail(L, "strictEqual");
}

static int assert_not_strict_equal(lua_State *L) {
  need_two(L);
  return is_same(L) ? fail(L, "notStrictEqual") : 0;
}

static int assert_deep_equal(lua_State *L) {
  need_two(L);
  return util_deep_equal_loose(L, 1, 2) ? 0 : fail(L, "deepEqual");
}

static int assert_not_deep_equal(lua_State *L) {
  need_two(L);
  return util_deep_equal_loose(L, 1, 2) ? fail(L, "notDeepEqual") : 0;
}

static int assert_deep_strict_equal(lua_State *L) {
  need_two(L);
  return util_deep_equal(L, 1, 2) ? 0 : fail(L, "deepStrictEqual");
}

static int assert_not_deep_strict_equal(lua_State *L) {
  need_two(L);
  return util_deep_equal(L, 1, 2) ? fail(L, "notDeepStrictEqual") : 0;
}

/* ---- patterns ---- */

/* string at 1, pattern at 2 */
static int check_pattern(lua_State *L, bool wanted) {
  const char *op = wanted ? "match" : "doesNotMatch";
  lua_settop(L, 3);
  (void)arg_string(L, 2, "regexp", NULL);
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, "string");
    lua_getfield(L, -1, "find");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    if (lua_isnil(L, -1) != wanted) return 0;
  }
  fail_with(L, 3, op, 1, 2);
  inspect_push(L, 1, NULL);
  inspect_push(L, 2, NULL);
  if (lua_type(L, 1) != LUA_TSTRING) {
    err_push_received(L, 1);
    lua_pushfstring(L, "The \"string\" argument must be of type string. Received %s", lua_tostring(L, -1));
  } else {
    lua_pushfstring(L, "The input %s the pattern %s. Input:\n\n%s\n",
                    wanted ? "did not match" : "was expected to not match", lua_tostring(L, -1),
                    lua_tostring(L, -2));
  }
  push_failure(L, op, 1, 2, true);
  return lua_error(L);
}

static int assert_match(lua_State *L) { return check_pattern(L, true); }
static int assert_does_not_match(lua_State *L) { return check_pattern(L, false); }

/* ---- errors ---- */

/* A class is a table that can be called. */
static bool is_class(lua_State *L, int idx) {
  return lua_istable(L, idx) && !err_is(L, idx) && arg_is_callable(L, idx);
}

/* expected at idx, message behind it: a string in place of expected is the message. */
static void read_expected(lua_State *L, int idx, const char *name) {
  if (lua_type(L, idx) == LUA_TSTRING && lua_isnil(L, idx + 1)) {
    lua_insert(L, idx);
    return;
  }
  if (lua_isnil(L, idx) || lua_isfunction(L, idx)) return;
  if (!lua_istable(L, idx)) err_arg_type(L, idx, name, "of type function or an instance of Error or table");
  lua_pushnil(L);
  if (!is_class(L, idx) && !lua_next(L, idx))
    err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
              "The argument '%s' may not be an empty table. Received {}", name);
  lua_settop(L, idx + 1);
}

/* The error at 1 has not the fields of the table (or Error) at 2: pushes both as tables. */
static bool has_fields(lua_State *L) {
  lua_newtable(L);
  lua_newtable(L);
  int got = lua_gettop(L) - 1, want = got + 1;
  for (lua_pushnil(L); lua_next(L, 2); lua_settop(L, want + 1)) {
    if (lua_type(L, want + 1) == LUA_TSTRING && err_is(L, 2) && !strcmp(lua_tostring(L, want + 1), "stack"))
      continue;
    lua_pushvalue(L, want + 1);
    lua_pushvalue(L, want + 2);
    lua_rawset(L, want);
    lua_pushvalue(L, want + 1);
    lua_pushvalue(L, want + 1);
    lua_gettable(L, 1);
    lua_rawset(L, got);
  }
  return util_deep_equal(L, got, want);
}

static int refuse_class(lua_State *L, const char *op) {
  lua_getfield(L, 2, "name");
  if (lua_type(L, -1) != LUA_TSTRING) lua_pushliteral(L, "class");
  const char *want = lua_tostring(L, -1);
  if (!class_push_name(L, 1)) lua_pushliteral(L, "Error");
  const char *got = lua_tostring(L, -1);
  lua_getfield(L, 1, "message");
  lua_pushfstring(L, "The error is expected to be an instance of \"%s\". Received \"%s\"\n\nError message:\n\n%s",
                  want, got, luaL_tolstring(L, -1, NULL));
  push_failure(L, op, 1, 2, true);
  return lua_error(L);
}

static int refuse_validation(lua_State *L, const char *op) {
  inspect_push(L, -1, NULL);
  luaL_tolstring(L, 1, NULL);
  lua_pushfstring(L, "The validation function is expected to return \"true\". Received %s\n\nCaught error:\n\n%s",
                  lua_tostring(L, -2), lua_tostring(L, -1));
  push_failure(L, op, 1, 2, true);
  return lua_error(L);
}

/* (error, expected, message, operator): raises when the error is not as expected. */
static int check_error(lua_State *L) {
  const char *op = lua_tostring(L, 4);
  if (lua_isnil(L, 2)) {
    if (lua_type(L, 3) == LUA_TSTRING && err_is(L, 1) && lua_getfield(L, 1, "message") &&
        lua_rawequal(L, -1, 3))
      return err_raise(L, &type_error_class, "ERR_AMBIGUOUS_ARGUMENT",
                       "The \"error/message\" argument is ambiguous. The error message \"%s\" is identical "
                       "to the message.", lua_tostring(L, 3));
    return 0;
  }
  if (lua_isfunction(L, 2)) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isboolean(L, -1) && lua_toboolean(L, -1)) return 0;
    fail_with(L, 3, op, 1, 2);
    return refuse_validation(L, op);
  }
  if (is_class(L, 2)) {
    lua_pushcfunction(L, class_instanceof);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    if (lua_toboolean(L, -1)) return 0;
    fail_with(L, 3, op, 1, 2);
    return refuse_class(L, op);
  }
  if (has_fields(L)) return 0;
  fail_with(L, 3, op, 1, 2);
  int want = lua_gettop(L);
  message_push_comparison(L, want - 1, want);
  push_failure(L, op, 1, 2, true);
  return lua_error(L);
}

/* Nothing was raised. expected at 2, message at 3. */
static int refuse_none(lua_State *L, const char *op, const char *what) {
  if (err_is(L, 3)) {
    lua_settop(L, 3);
    return lua_error(L);
  }
  lua_pushfstring(L, "Missing expected %s", what);
  if (is_class(L, 2) && lua_getfield(L, 2, "name") == LUA_TSTRING) {
    lua_pushfstring(L, " (%s)", lua_tostring(L, -1));
    lua_remove(L, -2);
    lua_concat(L, 2);
  }
  if (lua_isnil(L, 3)) lua_pushliteral(L, ".");
  else lua_pushfstring(L, ": %s", luaL_tolstring(L, 3, NULL)), lua_remove(L, -2);
  lua_concat(L, 2);
  push_failure(L, op, 0, 2, false);
  return lua_error(L);
}

/* (error, message): the error was not wanted. */
static int refuse_error(lua_State *L, const char *op, const char *what) {
  if (lua_isnil(L, 2)) lua_pushliteral(L, ".");
  else lua_pushfstring(L, ": %s", luaL_tolstring(L, 2, NULL));
  const char *own = lua_tostring(L, -1);
  lua_getfield(L, 1, "message");
  const char *message = luaL_tolstring(L, -1, NULL);
  lua_pushfstring(L, "Got unwanted %s%s\nActual message: \"%s\"", what, own, message);
  push_failure(L, op, 1, 0, false);
  return lua_error(L);
}

/* fn, expected, message; when it has raised: the value on top */
static int throws_done(lua_State *L, int status, lua_KContext ctx) {
  (void)ctx;
  if (status == LUA_OK || status == LUA_YIELD) {
    lua_settop(L, 3);
    return refuse_none(L, "throws", "exception");
  }
  err_wrap(L, 1);
  lua_replace(L, 1);
  lua_settop(L, 3);
  lua_pushliteral(L, "throws");
  (void)check_error(L);
  return 0;
}

static int assert_throws(lua_State *L) {
  lua_settop(L, 3);
  arg_function(L, 1, "fn");
  read_expected(L, 2, "error");
  lua_settop(L, 3);
  lua_pushvalue(L, 1);
  return throws_done(L, lua_pcallk(L, 0, 0, 0, 0, throws_done), 0);
}

static int not_throws_done(lua_State *L, int status, lua_KContext ctx) {
  (void)ctx;
  if (status == LUA_OK || status == LUA_YIELD) return 0;
  err_wrap(L, 1);
  lua_replace(L, 1);
  lua_replace(L, 2); /* the message, which was last */
  lua_settop(L, 2);
  return refuse_error(L, "doesNotThrow", "exception");
}

static int assert_does_not_throw(lua_State *L) {
  lua_settop(L, 3);
  arg_function(L, 1, "fn");
  read_expected(L, 2, "error");
  lua_settop(L, 3);
  lua_pushvalue(L, 1);
  return not_throws_done(L, lua_pcallk(L, 0, 0, 0, 0, not_throws_done), 0);
}

/* ---- promises ---- */

/* (promiseFn) -> its promise; raises what it raises */
static int call_for_promise(lua_State *L) {
  lua_call(L, 0, 1);
  if (!promise_is(L, -1)) {
    err_push_received(L, -1);
    return err_raise(L, &type_error_class, "ERR_INVALID_RETURN_VALUE",
                     "Expected instance of Promise to be returned from the \"promiseFn\" function but got %s.",
                     lua_tostring(L, -1));
  }
  return 1;
}

/* Settles the promise at upvalue 1 by what fn makes of the arguments on top. [-nargs] */
static int settle_by(lua_State *L, lua_CFunction fn, int nargs) {
  lua_pushcfunction(L, fn);
  lua_insert(L, -nargs - 1);
  bool good = lua_pcall(L, nargs, 0, 0) == LUA_OK;
  if (good) {
    lua_pushnil(L);
    promise_resolve(L, lua_upvalueindex(1));
  } else {
    promise_reject(L, lua_upvalueindex(1));
  }
  return 0;
}

static int missing_rejection(lua_State *L) { return refuse_none(L, "rejects", "rejection"); }
static int unwanted_rejection(lua_State *L) { return refuse_error(L, "doesNotReject", "rejection"); }

/* upvalues of the four: the promise that was given out, expected, message */
static int rejects_fulfilled(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_pushvalue(L, lua_upvalueindex(3));
  return settle_by(L, missing_rejection, 3);
}

static int rejects_rejected(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_pushliteral(L, "rejects");
  return settle_by(L, check_error, 4);
}

static int not_rejects_fulfilled(lua_State *L) {
  lua_pushnil(L);
  promise_resolve(L, lua_upvalueindex(1));
  return 0;
}

static int not_rejects_rejected(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(3));
  return settle_by(L, unwanted_rejection, 2);
}

/* (promiseFn, expected, message, fulfilled, rejected): the two are pointers to C functions */
static int watch_promise(lua_State *L) {
  lua_CFunction fulfilled = lua_tocfunction(L, 4), rejected = lua_tocfunction(L, 5);
  lua_settop(L, 3);
  if (!promise_is(L, 1) && !lua_isfunction(L, 1))
    err_arg_type(L, 1, "promiseFn", "of type function or an instance of Promise");
  read_expected(L, 2, "expected");
  lua_settop(L, 3);
  promise_new(L); /* 4: given out */
  lua_pushvalue(L, 1);
  if (lua_isfunction(L, 5)) {
    lua_pushcfunction(L, call_for_promise);
    lua_insert(L, 5);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) { /* the function itself has failed */
      promise_reject(L, 4);
      return 1;
    }
  }
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, 4);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_pushcclosure(L, i == 0 ? fulfilled : rejected, 3);
  }
  promise_on(L, 5);
  lua_settop(L, 4);
  return 1;
}

/* A wrong argument, too, is told by the promise. */
static int start_watching(lua_State *L, lua_CFunction fulfilled, lua_CFunction rejected) {
  lua_settop(L, 3);
  lua_pushcfunction(L, watch_promise);
  lua_insert(L, 1);
  lua_pushcfunction(L, fulfilled);
  lua_pushcfunction(L, rejected);
  if (lua_pcall(L, 5, 1, 0) != LUA_OK) promise_rejected(L);
  return 1;
}

static int assert_rejects(lua_State *L) { return start_watching(L, rejects_fulfilled, rejects_rejected); }
static int assert_does_not_reject(lua_State *L) {
  return start_watching(L, not_rejects_fulfilled, not_rejects_rejected);
}

/* ---- rows ---- */

static const FnDef assert_functions[] = {
  { "ok", assert_ok, FN_STATIC, "ok(value: any, message: string|Error?)",
    "The value must be true: neither nil nor false. assert(value) is the same.", NULL,
    "local assert = require \"assert\"\nassert.ok(0)", "0 and \"\" are true in Lua." },
  { "equal", assert_equal, FN_STATIC, "equal(actual: any, expected: any, message: string|Error?)",
    "They must be equal by ==.", NULL, NULL, "\"1\" and 1 differ, as they do in Lua." },
  { "notEqual", assert_not_equal, FN_STATIC, "notEqual(actual: any, expected: any, message: string|Error?)",
    "They must differ by ~=.", NULL, NULL, NULL },
  { "strictEqual", assert_strict_equal, FN_STATIC,
    "strictEqual(actual: any, expected: any, message: string|Error?)",
    "They must be one object, or equal values; metatables are not asked.", NULL, NULL,
    "1 and 1.0 are equal." },
  { "notStrictEqual", assert_not_strict_equal, FN_STATIC,
    "notStrictEqual(actual: any, expected: any, message: string|Error?)", "The opposite of strictEqual.",
    NULL, NULL, NULL },
  { "deepEqual", assert_deep_equal, FN_STATIC, "deepEqual(actual: any, expected: any, message: string|Error?)",
    "They must be equal in all their parts, whatever their metatables.", NULL, NULL, NULL },
  { "notDeepEqual", assert_not_deep_equal, FN_STATIC,
    "notDeepEqual(actual: any, expected: any, message: string|Error?)", "The opposite of deepEqual.", NULL,
    NULL, NULL },
  { "deepStrictEqual", assert_deep_strict_equal, FN_STATIC,
    "deepStrictEqual(actual: any, expected: any, message: string|Error?)",
    "They must be equal in all their parts, metatables too. The message shows the lines that differ.", NULL,
    "print(pcall(require(\"assert\").deepStrictEqual, { 1, 2 }, { 1, 3 }))", NULL },
  { "notDeepStrictEqual", assert_not_deep_strict_equal, FN_STATIC,
    "notDeepStrictEqual(actual: any, expected: any, message: string|Error?)",
    "The opposite of deepStrictEqual.", NULL, NULL, NULL },
  { "throws", assert_throws, FN_STATIC,
    "throws(fn: function, error: table|function?, message: string|Error?)",
    "fn must raise: an error of the class, with the fields of the table, or for which the function returns "
    "true.", NULL, "require(\"assert\").throws(function() error \"no\" end, Error)",
    "A raised string is an Error with that message. There are no regular expressions: use a function." },
  { "doesNotThrow", assert_does_not_throw, FN_STATIC,
    "doesNotThrow(fn: function, error: table|function?, message: string?)", "fn must not raise.", NULL, NULL,
    NULL },
  { "rejects", assert_rejects, FN_STATIC,
    "rejects(promiseFn: Promise|function, error: table|function?, message: string|Error?): Promise",
    "The promise, or that of the function, must be rejected, as throws says.", NULL, NULL, NULL },
  { "doesNotReject", assert_does_not_reject, FN_STATIC,
    "doesNotReject(promiseFn: Promise|function, error: table|function?, message: string?): Promise",
    "The promise must not be rejected.", NULL, NULL, NULL },
  { "match", assert_match, FN_STATIC, "match(string: string, regexp: string, message: string|Error?)",
    "The string must match the Lua pattern.", NULL, NULL, "A Lua pattern in place of a regular expression." },
  { "doesNotMatch", assert_does_not_match, FN_STATIC,
    "doesNotMatch(string: string, regexp: string, message: string|Error?)",
    "The string must not match the Lua pattern.", NULL, NULL, "A Lua pattern." },
  { "fail", assert_fail, FN_STATIC, "fail(message: string|Error?)", "Fails.", NULL, NULL, NULL },
  { "ifError", assert_if_error, FN_STATIC, "ifError(value: any)",
    "The value, the first argument of a callback, must be nil.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef assert_constants[] = {
  { "strict", NULL, NULL, "table", "The same checks, where equal and deepEqual are the strict ones." },
  { 0 }
};

static const ClassDef *const assert_classes[] = { &assertion_error_class, NULL };

static void set_call(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, assert_call);
  lua_setfield(L, -2, "__call");
  lua_setmetatable(L, -2);
}

static void push_strict(lua_State *L) {
  static const char *const names[][2] = { { "equal", "strictEqual" },
                                          { "notEqual", "notStrictEqual" },
                                          { "deepEqual", "deepStrictEqual" },
                                          { "notDeepEqual", "notDeepStrictEqual" } };
  lua_newtable(L);
  class_set_functions(L, assert_functions);
  lua_getfield(L, 1, "AssertionError");
  lua_setfield(L, -2, "AssertionError");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, 1, names[i][1]);
    lua_setfield(L, -2, names[i][0]);
  }
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "strict");
  set_call(L);
}

static int assert_open(lua_State *L) {
  lua_settop(L, 1);
  class_push(L, &assertion_error_class);
  lua_pushstring(L, assertion_error_class.name);
  lua_setfield(L, -2, "name");
  lua_settop(L, 1);
  push_strict(L);
  lua_setfield(L, 1, "strict");
  set_call(L);
  return 1;
}

const ModuleDef assert_module = {
  .name = "assert", .functions = assert_functions, .classes = assert_classes,
  .constants = assert_constants, .open = assert_open,
  .doc = "Checks that raise an AssertionError when they fail. The module is a function, too: "
         "assert(value, message). The global assert stays that of Lua.",
  .example = "local assert = require \"assert\"\nassert.deepEqual({ 1, { 2 } }, { 1, { 2 } })"
};
