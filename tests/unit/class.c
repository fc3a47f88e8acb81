/* SPDX-License-Identifier: MIT */
/* class.c - unit test of classes: self, bases, properties, fields, memory, forged objects. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/core/class.h"
#include "../../modules/core/error.h"
#include "../../modules/core/runtime.h"

typedef struct Point {
  int x, y;
} Point;

static int freed;

static const ClassDef shape_class, point_class, other_class;

static int point_alloc(lua_State *L) {
  Point *p = class_new(L, &point_class, sizeof *p, 1);
  p->x = 1;
  return 1;
}

static int point_init(lua_State *L) {
  Point *p = class_check(L, 1, &point_class);
  p->x = (int)luaL_checkinteger(L, 2);
  p->y = (int)luaL_checkinteger(L, 3);
  return 0;
}

static int point_gc(lua_State *L) {
  if (class_test(L, 1, &point_class)) freed++;
  return 0;
}

static int shape_kind(lua_State *L) {
  (void)class_check(L, 1, &shape_class);
  lua_pushliteral(L, "shape");
  return 1;
}

static int point_sum(lua_State *L) {
  Point *p = class_check(L, 1, &point_class);
  lua_pushinteger(L, p->x + p->y);
  return 1;
}

static int point_get_x(lua_State *L) {
  lua_pushinteger(L, ((Point *)class_check(L, 1, &point_class))->x);
  return 1;
}

static int point_set_x(lua_State *L) {
  ((Point *)class_check(L, 1, &point_class))->x = (int)luaL_checkinteger(L, 2);
  return 0;
}

static const FnDef shape_methods[] = { { .name = "kind", .fn = shape_kind }, { 0 } };
static const FnDef point_methods[] = { { .name = "sum", .fn = point_sum }, { 0 } };
static const PropDef point_props[] = { { "x", point_get_x, point_set_x, "integer", "" },
                                       { "fixed", point_get_x, NULL, "integer", "" },
                                       { 0 } };
static const ClassDef shape_class = { .name = "Shape", .abstract = true, .methods = shape_methods };
static const ClassDef point_class = { .name = "Point", .base = &shape_class, .alloc = point_alloc,
                                      .init = point_init, .gc = point_gc, .methods = point_methods,
                                      .props = point_props };
static const ClassDef other_class = { .name = "Other", .alloc = point_alloc };

/* Runs the chunk with the classes as globals; its result is text. */
static const char *run(lua_State *L, const char *code) {
  lua_settop(L, 0);
  if (luaL_loadstring(L, code) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK) {
    (void)luaL_tolstring(L, -1, NULL);
    return lua_tostring(L, -1);
  }
  return luaL_tolstring(L, -1, NULL);
}

static void test_objects(lua_State *L) {
  is_text(run(L, "return Point(2, 3):sum()"), "5", "init and a method");
  is_text(run(L, "return Point(2, 3):kind()"), "shape", "a method of the base");
  is_text(run(L, "local p = Point(2, 3) p.x = 7 return p.x + p:sum()"), "17", "a property");
  ok(strstr(run(L, "Point(2, 3).fixed = 1"), "only a getter"), "read-only");
  is_text(run(L, "local p = Point(1, 1) p.tag = 'a' p.other = 'b' return p.tag .. p.other"), "ab",
          "extra fields");
  ok(strstr(run(L, "return Shape()"), "ERR_ILLEGAL_CONSTRUCTOR"), "an abstract class is not called");
  ok(strstr(run(L, "Point.sum(io.stdout)"), "ERR_INVALID_THIS"), "a foreign userdata is no self");
  ok(strstr(run(L, "Point.sum({})"), "ERR_INVALID_THIS"), "nor is a table");
  is_text(run(L, "local Q = Point:extend 'Q' function Q:twice() return self:sum() * 2 end "
                 "local q = Q(1, 2) return q:twice() .. q.x .. tostring(q):match '^%w+'"),
          "61Q", "a class derived in Lua is a userdata, too");
  is_text(run(L, "local Q = Point:extend 'Q' function Q:init() Point.init(self, 4, 5) end "
                 "return Q():sum()"), "9", "its init calls the base's");
}

static void test_memory(lua_State *L) {
  lua_settop(L, 0);
  (void)lua_gc(L, LUA_GCCOLLECT);
  freed = 0;
  (void)run(L, "for i = 1, 100 do Point(i, i).self = true end");
  lua_settop(L, 0);
  (void)lua_gc(L, LUA_GCCOLLECT);
  ok(freed == 100, "every object is freed once (%d)", freed);
}

static void test_checks(lua_State *L) {
  lua_settop(L, 0);
  (void)lua_newuserdatauv(L, 8, 0);
  lua_pushlightuserdata(L, L);
  lua_pushinteger(L, 1);
  for (int i = 1; i <= 5; i++) ok(!class_test(L, i, &point_class), "what is no object: index %d", i);
  (void)class_new(L, &other_class, sizeof(Point), 0);
  ok(!class_test(L, -1, &point_class), "an object of another class");
  ok(class_of(L, -1) == &other_class, "its class is known");
}

int main(void) {
  Runtime *rt = rt_new(builtin_modules);
  lua_State *L = rt->L;
  const ClassDef *const all[] = { &shape_class, &point_class };
  for (int i = 0; i < 2; i++) {
    class_push(L, all[i]);
    lua_setglobal(L, all[i]->name);
  }
  test_objects(L);
  test_memory(L);
  test_checks(L);
  lua_settop(L, 0);
  (void)rt_end(rt);
  return tap_end();
}
