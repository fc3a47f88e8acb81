/* SPDX-License-Identifier: MIT */
/* class.c - classes from rows: tables of methods, metatables, construction, extension in Lua.
 *
 * Registry of a state: [def] = class table, [meta_key(def)] = metatable of its instances, [&classes] =
 * list of all ClassDefs seen.
 * A class table T holds the methods of its bases and its own (no chain to walk); its metatable has
 * [&class_def], [&instance_meta] and, for classes made in Lua, [&class_base] = parent's T.
 * An instance metatable M has [&object_def] and [&object_class] = T; a userdata has its ClassDef in its head too. The addresses of the statics
 * below are the keys, so no name can clash and no other library can forge an object. */
#include "class.h"
#include "error.h"
#include "runtime.h"

#include <string.h>

static const char classes = 0, class_def = 0, class_base = 0, instance_meta = 0, object_def = 0,
                  object_class = 0, singleton_object = 0;

/* ---- recognising objects ---- */

const ClassDef *class_of(lua_State *L, int idx) {
  int type = lua_type(L, idx);
  if (type == LUA_TUSERDATA) {
    const Head *head = object_head(L, idx);
    return head ? head->def : NULL;
  }
  if (type != LUA_TTABLE || !lua_getmetatable(L, idx)) return NULL;
  lua_rawgetp(L, -1, &object_def);
  const ClassDef *def = lua_touserdata(L, -1);
  lua_pop(L, 2);
  return def;
}

static bool class_derives(const ClassDef *def, const ClassDef *from) {
  for (; def != from && def; def = def->base)
    if (def->also && class_derives(def->also, from)) return true;
  return def != NULL;
}

bool class_is(lua_State *L, int idx, const ClassDef *def) {
  return class_derives(class_of(L, idx), def);
}

void *class_test(lua_State *L, int idx, const ClassDef *def) {
  const Head *head = object_head(L, idx);
  return head && class_derives(head->def, def) ? head->self : NULL;
}

void *class_check(lua_State *L, int arg, const ClassDef *def) {
  void *self = class_test(L, arg, def);
  if (self) return self;
  if (arg == 1) {
    err_push_received(L, arg);
    err_raise(L, &type_error_class, "ERR_INVALID_THIS",
              "%s expected as self (call it as obj:name(), with a colon). Received %s", def->name,
              lua_tostring(L, -1));
  }
  err_arg_type(L, arg, "argument", lua_pushfstring(L, "an instance of %s", def->name));
  return NULL;
}

bool class_push_name(lua_State *L, int idx) {
  if (!lua_getmetatable(L, idx)) return false;
  if (lua_rawgetp(L, -1, &object_def) == LUA_TNIL) {
    lua_pop(L, 2);
    return false;
  }
  lua_pop(L, 1);
  lua_getfield(L, -1, "__name");
  lua_remove(L, -2);
  return true;
}

/* ---- metamethods of every object ---- */

/* How the fields of a class's userdata are found; a userdata in the upvalue IX_HOW of both functions. */
typedef struct Access {
  lua_CFunction index, newindex; /* the class's own, or NULL; numbers are asked of them first */
  bool flat;                     /* made in C: T itself has the methods of its bases */
  bool props_first;              /* several functions of the class have the names of properties */
} Access;

/* Upvalues: the class table T, an Access, the properties by name, the one property whose name a function
 * of the class has, too (Buffer.byteLength), or nil. */
enum { IX_CLASS = 1, IX_HOW, IX_PROPS, IX_HIDING, IX_COUNT = IX_HIDING };

static const Access *object_access(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(IX_HOW));
}

/* The property named by the key at 2. -1: there is none. */
static int object_property(lua_State *L) {
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(IX_PROPS)) != LUA_TLIGHTUSERDATA) return -1;
  const PropDef *prop = lua_touserdata(L, -1);
  lua_settop(L, 1);
  return prop->get(L);
}

/* Field of a userdata: an element by number, extra field, method, property, what scripts have added to
 * base classes, the class's own __index. This is the way of every method call: the usual case does least. */
static int object_index(lua_State *L) {
  const Access *how = object_access(L);
  const Head *head = object_head(L, 1);
  int got;
  if (!head) return 0;
  if (how->index && lua_type(L, 2) == LUA_TNUMBER && (got = how->index(L)) > 0) return got;
  if (head->fields) {
    lua_getiuservalue(L, 1, UV_FIELDS);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  }
  if (!how->props_first && !lua_rawequal(L, 2, lua_upvalueindex(IX_HIDING))) {
    lua_pushvalue(L, 2);
    int type = how->flat ? lua_rawget(L, lua_upvalueindex(IX_CLASS))
                         : lua_gettable(L, lua_upvalueindex(IX_CLASS));
    if (type != LUA_TNIL) return 1;
  }
  if ((got = object_property(L)) >= 0) return got;
  lua_pushvalue(L, 2);
  if (lua_gettable(L, lua_upvalueindex(IX_CLASS)) != LUA_TNIL) return 1;
  if (!how->index) return 0;
  lua_settop(L, 2);
  return how->index(L);
}

static int object_newindex(lua_State *L) {
  const Access *how = object_access(L);
  Head *head = object_head(L, 1);
  if (!head) return 0;
  lua_settop(L, 3);
  if (how->newindex && lua_type(L, 2) == LUA_TNUMBER && how->newindex(L) > 0) return 0; /* an element */
  lua_settop(L, 3);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(IX_PROPS)) == LUA_TLIGHTUSERDATA) {
    const PropDef *prop = lua_touserdata(L, -1);
    if (!prop->set)
      return err_raise(L, &type_error_class, NULL, "Cannot set property %s, which has only a getter",
                       prop->name);
    lua_settop(L, 3);
    lua_remove(L, 2);
    return prop->set(L);
  }
  lua_settop(L, 3);
  if (how->newindex) {
    if (how->newindex(L) > 0) return 0; /* it took the assignment */
    lua_settop(L, 3);
  }
  if (lua_getiuservalue(L, 1, UV_FIELDS) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, UV_FIELDS);
    head->fields = true;
  }
  lua_insert(L, 2);
  lua_rawset(L, 2);
  return 0;
}

/* The first extra field of an object: from now on it has the full metatable (upvalue). */
static int object_first_field(lua_State *L) {
  Head *head = object_head(L, 1);
  if (!head) return 0; /* somebody else's, by way of the library debug */
  lua_settop(L, 3);
  lua_createtable(L, 0, 2);
  lua_insert(L, 2);
  lua_rawset(L, 2);
  lua_setiuservalue(L, 1, UV_FIELDS);
  head->fields = true;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setmetatable(L, 1);
  return 0;
}

static int object_tostring(lua_State *L) {
  if (!class_push_name(L, 1)) lua_pushstring(L, luaL_typename(L, 1));
  lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, 1));
  return 1;
}

/* ---- singletons ---- */

/* upvalues: the method, light ClassDef. process.cwd() as process:cwd(). */
static int singleton_call(lua_State *L) {
  const ClassDef *def = lua_touserdata(L, lua_upvalueindex(2));
  if (!class_is(L, 1, def)) {
    class_push_meta(L, def);
    lua_rawgetp(L, -1, &singleton_object);
    lua_replace(L, -2);
    lua_insert(L, 1);
  }
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void class_set_singleton(lua_State *L, const ClassDef *def, int idx) {
  idx = lua_absindex(L, idx);
  class_push_meta(L, def);
  lua_pushvalue(L, idx);
  lua_rawsetp(L, -2, &singleton_object);
  lua_pop(L, 1);
}

static int bound_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  return lua_gettop(L);
}

/* upvalues: the method, its object */
static int bound_call(lua_State *L) {
  if (!lua_rawequal(L, 1, lua_upvalueindex(2))) {
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
  }
  lua_CFunction fn = lua_tocfunction(L, lua_upvalueindex(1));
  if (fn && !lua_getupvalue(L, lua_upvalueindex(1), 1)) return fn(L);
  if (fn) lua_pop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, bound_finish);
  return lua_gettop(L);
}

void class_bind(lua_State *L, const ClassDef *def, int idx) {
  idx = lua_absindex(L, idx);
  for (; def; def = def->base) {
    for (const FnDef *f = def->methods; f && f->name; f++) {
      if (f->kind != FN_METHOD || f->fn == def->init) continue;
      lua_getfield(L, idx, f->name);
      lua_pushvalue(L, idx);
      lua_pushcclosure(L, bound_call, 2);
      lua_setfield(L, idx, f->name);
    }
  }
}

/* ---- building a class ---- */

static const ClassDef *class_find_alloc(const ClassDef *def) {
  while (def && !def->alloc) def = def->base;
  return def;
}

/* Adds the methods and properties of def, bases first, to T at t and P at p. */
static void class_flatten(lua_State *L, const ClassDef *def, int t, int p) {
  if (def->also) class_flatten(L, def->also, t, p);
  if (def->base) class_flatten(L, def->base, t, p);
  for (const FnDef *f = def->methods; f && f->name; f++) {
    lua_pushcfunction(L, f->fn);
    lua_setfield(L, t, f->name);
  }
  for (const PropDef *prop = def->props; prop && prop->name; prop++) {
    lua_pushlightuserdata(L, (void *)prop);
    lua_setfield(L, p, prop->name);
  }
  if (def->init) {
    lua_pushcfunction(L, def->init);
    lua_setfield(L, t, "init");
  }
}

static void class_wrap_singleton(lua_State *L, const ClassDef *def, int t) {
  for (const ClassDef *d = def; d; d = d->base) {
    for (const FnDef *f = d->methods; f && f->name; f++) {
      lua_getfield(L, t, f->name);
      lua_CFunction plain = lua_tocfunction(L, -1);
      lua_pop(L, 1);
      if (plain == singleton_call) continue; /* an override of a base's method */
      lua_pushcfunction(L, plain);
      lua_pushlightuserdata(L, (void *)def);
      lua_pushcclosure(L, singleton_call, 2);
      lua_setfield(L, t, f->name);
    }
  }
}

static lua_CFunction class_meta_row(const ClassDef *def, const char *name) {
  for (; def; def = def->base)
    for (const luaL_Reg *r = def->meta; r && r->name; r++)
      if (!strcmp(r->name, name)) return r->func;
  return NULL;
}

/* The nearest non-NULL tostring and gc of a class and its bases. */
static lua_CFunction class_tostring(const ClassDef *def) {
  for (; def; def = def->base)
    if (def->tostring) return def->tostring;
  return object_tostring;
}

static lua_CFunction class_gc(const ClassDef *def) {
  while (def && !def->gc) def = def->base;
  return def && def->gc != class_no_gc ? def->gc : NULL;
}

int class_no_gc(lua_State *L) {
  (void)L;
  return 0;
}

/* Are instances of the class tables? Those of what Lua derives from a plain class are, too. */
static bool class_makes_tables(const ClassDef *def, bool in_lua) {
  return !def->abstract && (!class_find_alloc(def) || (in_lua && def->plain));
}

/* Fills in what every instance metatable at m has. */
static void meta_common(lua_State *L, const ClassDef *def, const char *name, int t, int m) {
  for (const ClassDef *d = def; d; d = d->base)
    for (const luaL_Reg *r = d->meta; r && r->name; r++) {
      if (lua_getfield(L, m, r->name) == LUA_TNIL) {
        lua_pushcfunction(L, r->func);
        lua_setfield(L, m, r->name);
      }
      lua_pop(L, 1);
    }
  lua_pushstring(L, name);
  lua_setfield(L, m, "__name");
  lua_pushlightuserdata(L, (void *)def);
  lua_rawsetp(L, m, &object_def);
  lua_pushvalue(L, t);
  lua_rawsetp(L, m, &object_class);
  lua_pushvalue(L, t);
  lua_setfield(L, m, "__metatable"); /* getmetatable(obj) is its class; the real one stays ours */
  lua_pushcfunction(L, class_tostring(def));
  lua_setfield(L, m, "__tostring");
}

/* Replaces the metatable on top by one for objects that have no extra fields yet: without properties
 * __index is T itself, which halves the cost of a method call. The first assignment of a field puts the
 * full one in place. */
static void meta_make_lean(lua_State *L, int t) {
  int full = lua_gettop(L);
  lua_createtable(L, 0, 12);
  for (lua_pushnil(L); lua_next(L, full);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, full + 1);
  }
  lua_pushvalue(L, t);
  lua_setfield(L, full + 1, "__index");
  lua_insert(L, full);
  lua_pushcclosure(L, object_first_field, 1);
  lua_setfield(L, full, "__newindex");
}

/* Pushes the name of the property that a function of the class has, too; nil when there is none or
 * several, which *several tells. [+1] */
static void push_hiding(lua_State *L, const ClassDef *def, int props, bool *several) {
  lua_pushnil(L);
  for (; def; def = def->base)
    for (const FnDef *f = def->methods; f && f->name; f++) {
      lua_pushstring(L, f->name);
      lua_pushvalue(L, -1);
      if (lua_rawget(L, props) != LUA_TNIL && !lua_rawequal(L, -2, -3)) {
        *several = !lua_isnil(L, -3);
        lua_copy(L, -2, -3);
      }
      lua_pop(L, 2);
    }
}

/* Pushes the upvalues of object_index. [+IX_COUNT] */
static void push_access(lua_State *L, const ClassDef *def, bool in_lua, int t, int props) {
  lua_pushvalue(L, t);
  Access *how = lua_newuserdatauv(L, sizeof *how, 0);
  *how = (Access){ class_meta_row(def, "__index"), class_meta_row(def, "__newindex"), !in_lua, false };
  lua_pushvalue(L, props);
  push_hiding(L, def, props, &how->props_first);
}

/* Pushes the metatable of instances of the class table at t. props: index of P. [+1] */
static void class_make_meta(lua_State *L, const ClassDef *def, const char *name, int t, int props) {
  bool in_lua = name != def->name;
  lua_createtable(L, 0, 12);
  int m = lua_gettop(L);
  meta_common(L, def, name, t, m);
  if (class_makes_tables(def, in_lua)) {
    lua_pushvalue(L, t);
    lua_setfield(L, m, "__index");
    return;
  }
  push_access(L, def, in_lua, t, props);
  for (int i = 0; i < IX_COUNT; i++) lua_pushvalue(L, -IX_COUNT);
  lua_pushcclosure(L, object_index, IX_COUNT);
  lua_setfield(L, m, "__index");
  lua_pushcclosure(L, object_newindex, IX_COUNT);
  lua_setfield(L, m, "__newindex");
  if (class_gc(def)) {
    lua_pushcfunction(L, class_gc(def));
    lua_setfield(L, m, "__gc");
  }
  lua_pushnil(L);
  bool has_props = lua_next(L, props) != 0;
  lua_settop(L, m);
  if (!has_props && !class_meta_row(def, "__index") && !class_meta_row(def, "__newindex"))
    meta_make_lean(L, t);
}

static int class_call(lua_State *L);
static int class_name_tostring(lua_State *L);

/* Gives the class table at t its own metatable. Stack top: M; base table or nil below it. [-2] */
static void class_seal(lua_State *L, const ClassDef *def, const char *name, int t) {
  lua_createtable(L, 0, 6);
  lua_insert(L, -3); /* meta base M */
  lua_rawsetp(L, -3, &instance_meta);
  if (!lua_isnil(L, -1)) {
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__index");
  }
  lua_rawsetp(L, -2, &class_base);
  lua_pushlightuserdata(L, (void *)def);
  lua_rawsetp(L, -2, &class_def);
  lua_pushfstring(L, "class %s", name);
  lua_setfield(L, -2, "__name");
  lua_pushcfunction(L, class_call);
  lua_setfield(L, -2, "__call");
  lua_pushcfunction(L, class_name_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, t);
}

static void class_remember(lua_State *L, const ClassDef *def) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &classes) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 32, 0);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &classes);
  }
  lua_pushlightuserdata(L, (void *)def);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

static void class_build(lua_State *L, const ClassDef *def) {
  luaL_checkstack(L, 20, "class");
  if (def->base) {
    class_push(L, def->base);
    lua_pop(L, 1);
  }
  lua_createtable(L, 0, 16);
  int t = lua_gettop(L);
  lua_newtable(L);
  int p = lua_gettop(L);
  class_flatten(L, def, t, p);
  if (def->singleton) class_wrap_singleton(L, def, t);
  lua_pushliteral(L, "extend"); /* unless it has a way of its own */
  if (!def->abstract && lua_rawget(L, t) == LUA_TNIL) {
    lua_pushcfunction(L, class_extend);
    lua_setfield(L, t, "extend");
  }
  lua_pop(L, 1);
  if (def->base) {
    class_push(L, def->base);
  } else {
    lua_pushnil(L);
  }
  class_make_meta(L, def, def->name, t, p);
  class_seal(L, def, def->name, t);
  lua_remove(L, p);
  lua_pushvalue(L, t);
  lua_rawsetp(L, LUA_REGISTRYINDEX, def);
  class_remember(L, def);
}

void class_push(lua_State *L, const ClassDef *def) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, def) == LUA_TTABLE) return;
  lua_pop(L, 1);
  class_build(L, def);
}

/* The registry's key of the metatable of def's instances: an address inside def. */
static const void *meta_key(const ClassDef *def) { return (const char *)def + 1; }

void class_push_meta(lua_State *L, const ClassDef *def) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, meta_key(def)) == LUA_TTABLE) return;
  lua_pop(L, 1);
  class_push(L, def);
  lua_getmetatable(L, -1);
  lua_rawgetp(L, -1, &instance_meta);
  lua_replace(L, -3);
  lua_pop(L, 1);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, meta_key(def));
}

void class_each(lua_State *L, void (*fn)(const ClassDef *def, void *ctx), void *ctx) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &classes) == LUA_TTABLE) {
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, -1, i);
      const ClassDef *def = lua_touserdata(L, -1);
      lua_pop(L, 1);
      fn(def, ctx);
    }
  }
  lua_pop(L, 1);
}

/* ---- making objects ---- */

static Head *head_new(lua_State *L, const ClassDef *def, size_t size, int extra) {
  Head *head = lua_newuserdatauv(L, sizeof *head + size, UV_CLASS - 1 + extra);
  memset(head, 0, sizeof *head + size);
  head->def = def;
  head->mark = HEAD_MARK;
  class_push_meta(L, def);
  lua_setmetatable(L, -2);
  return head;
}

void *class_new(lua_State *L, const ClassDef *def, size_t size, int extra) {
  Head *head = head_new(L, def, size, extra);
  return head->self = head + 1;
}

void **class_new_box(lua_State *L, const ClassDef *def, int extra) {
  return &head_new(L, def, 0, extra)->self;
}

/* The metatable of the class table at t: its ClassDef, or NULL when t is no class. [+1 when found] */
static const ClassDef *class_open_table(lua_State *L, int t) {
  if (!lua_getmetatable(L, t)) return NULL;
  lua_rawgetp(L, -1, &class_def);
  const ClassDef *def = lua_touserdata(L, -1);
  lua_pop(L, 1);
  if (!def) lua_pop(L, 1);
  return def;
}

/* Class(...): fresh object, then its init. */
static int class_call(lua_State *L) {
  const ClassDef *def = class_open_table(L, 1);
  if (!def) return err_raise(L, &type_error_class, NULL, "a class is called as Class(...)");
  if (def->abstract)
    return err_raise(L, &type_error_class, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor: %s",
                     def->name);
  lua_rawgetp(L, -1, &instance_meta);
  lua_replace(L, -2); /* ... M */
  const ClassDef *allocator = class_find_alloc(def);
  lua_rawgetp(L, -1, &object_class);
  class_push(L, def);
  bool tables = class_makes_tables(def, !lua_rawequal(L, -1, -2));
  lua_pop(L, 2);
  if (!tables) {
    int top = lua_gettop(L);
    if (allocator->alloc(L) != 1 || lua_gettop(L) != top + 1) lua_settop(L, top + 1);
  } else {
    lua_createtable(L, 0, 4);
  }
  lua_insert(L, -2);
  lua_setmetatable(L, -2); /* ... object */
  lua_getfield(L, 1, "init");
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return 1;
  }
  lua_replace(L, 1); /* init args... object */
  lua_pushvalue(L, -1);
  lua_insert(L, 1); /* object init args... object */
  lua_insert(L, 3); /* object init object args... */
  lua_call(L, lua_gettop(L) - 2, 0);
  lua_settop(L, 1);
  return 1;
}

void class_construct(lua_State *L, const ClassDef *def, int nargs) {
  class_push(L, def);
  lua_insert(L, -nargs - 1);
  lua_call(L, nargs, 1);
}

static int class_name_tostring(lua_State *L) {
  if (luaL_getmetafield(L, 1, "__name") != LUA_TSTRING) lua_pushliteral(L, "class");
  return 1;
}

/* Adds the properties of def and its bases to the table at p; what is there already wins. */
static void class_collect_props(lua_State *L, const ClassDef *def, int p) {
  for (const ClassDef *d = def; d; d = d->base) {
    for (const PropDef *prop = d->props; prop && prop->name; prop++) {
      if (lua_getfield(L, p, prop->name) == LUA_TNIL) {
        lua_pushlightuserdata(L, (void *)prop);
        lua_setfield(L, p, prop->name);
      }
      lua_pop(L, 1);
    }
    if (d->also) class_collect_props(L, d->also, p);
  }
}

int class_extend(lua_State *L) {
  const ClassDef *def = lua_istable(L, 1) ? class_open_table(L, 1) : NULL;
  if (!def)
    return err_raise(L, &type_error_class, "ERR_INVALID_THIS",
                     "extend is called on a class: local A = EventEmitter:extend(\"A\")");
  if (lua_type(L, 2) != LUA_TSTRING) return err_arg_type(L, 2, "name", "of type string");
  const char *name = lua_tostring(L, 2);
  lua_settop(L, 2);
  lua_newtable(L); /* 3: the new class */
  lua_newtable(L); /* 4: its properties */
  class_collect_props(L, def, 4);
  lua_pushvalue(L, 1);
  class_make_meta(L, def, name, 3, 4);
  class_seal(L, def, name, 3);
  lua_settop(L, 3);
  return 1;
}

/* A name for the class in the table at t: its field `name`, else "anonymous". [+1] */
static const char *class_push_own_name(lua_State *L, int t) {
  lua_pushliteral(L, "name");
  if (lua_rawget(L, t) == LUA_TSTRING) return lua_tostring(L, -1);
  lua_pop(L, 1);
  lua_pushliteral(L, "anonymous");
  return lua_tostring(L, -1);
}

bool class_inherit(lua_State *L, int t, int super) {
  luaL_checkstack(L, 20, "class");
  t = lua_absindex(L, t);
  super = lua_absindex(L, super);
  int top = lua_gettop(L);
  const ClassDef *def = class_open_table(L, super);
  if (!def) return false;
  if (def->abstract)
    err_raise(L, &type_error_class, "ERR_ILLEGAL_CONSTRUCTOR", "%s cannot be derived from", def->name);
  const char *name = class_push_own_name(L, t);
  lua_newtable(L);
  int props = lua_gettop(L);
  class_collect_props(L, def, props);
  lua_pushvalue(L, super);
  class_make_meta(L, def, name, t, props);
  class_seal(L, def, name, t);
  if (class_makes_tables(def, true)) { /* setmetatable({}, A) makes an instance too */
    lua_pushlightuserdata(L, (void *)def);
    lua_rawsetp(L, t, &object_def);
    lua_pushvalue(L, t);
    lua_rawsetp(L, t, &object_class);
    lua_pushstring(L, name);
    lua_setfield(L, t, "__name");
  }
  lua_settop(L, top);
  return true;
}

/* instanceof(x, Class): a class in C knows its kind; else walks the class tables from the object's own. */
int class_instanceof(lua_State *L) {
  lua_settop(L, 2);
  const ClassDef *def = lua_istable(L, 2) ? class_open_table(L, 2) : NULL;
  if (!def) return err_arg_type(L, 2, "class", "a class");
  class_push(L, def);
  if (lua_rawequal(L, -1, 2)) {
    lua_pushboolean(L, class_is(L, 1, def));
    return 1;
  }
  lua_settop(L, 2);
  if (!lua_getmetatable(L, 1) || lua_rawgetp(L, -1, &object_class) != LUA_TTABLE) {
    lua_pushboolean(L, false);
    return 1;
  }
  while (lua_istable(L, -1)) {
    if (lua_rawequal(L, -1, 2)) {
      lua_pushboolean(L, true);
      return 1;
    }
    if (!lua_getmetatable(L, -1)) break;
    lua_rawgetp(L, -1, &class_base);
    lua_replace(L, 3);
    lua_settop(L, 3);
  }
  lua_pushboolean(L, false);
  return 1;
}

void class_set_functions(lua_State *L, const FnDef *rows) {
  for (const FnDef *f = rows; f && f->name; f++) {
    if (!f->fn) continue; /* a row that only describes */
    lua_pushcfunction(L, f->fn);
    lua_setfield(L, -2, f->name);
  }
}

int class_get_method(lua_State *L, int idx, const char *name) {
  const Head *head = object_head(L, idx);
  if (!head) return lua_getfield(L, idx, name);
  int type = LUA_TNIL, found = lua_gettop(L) + 1;
  if (head->fields) {
    lua_getiuservalue(L, idx, UV_FIELDS);
    type = lua_getfield(L, -1, name);
  }
  if (type == LUA_TNIL) {
    lua_getmetatable(L, idx);
    lua_rawgetp(L, -1, &object_class);
    type = lua_getfield(L, -1, name);
  }
  lua_replace(L, found);
  lua_settop(L, found);
  return type;
}

void class_call_method(lua_State *L, int idx, const char *name, int nargs, int nres) {
  idx = lua_absindex(L, idx);
  lua_getfield(L, idx, name);
  lua_insert(L, -nargs - 1);
  lua_pushvalue(L, idx);
  lua_insert(L, -nargs - 1);
  lua_call(L, nargs + 1, nres);
}
