/* SPDX-License-Identifier: MIT */
/* class.h - the one way to make a class and to recognise its objects.
 *
 * class_push builds a class from its ClassDef on first use, parents first, in the state's registry:
 * one table that holds all methods (the exported class: callable, extensible) and one metatable.
 *
 * Native objects are full userdata: a head whose first word is self, then
 * the inline struct if there is one. User value FIELDS holds extra fields that scripts assign (made on first assignment), LISTENERS the listener table of an
 * emitter, the following ones belong to the class. Objects of classes without a C part, and of what
 * Lua code derives from them, are tables. */
#ifndef MOONFORK_CLASS_H
#define MOONFORK_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lua.h>
#include <lauxlib.h>
#include "doc.h"

enum { UV_FIELDS = 1, UV_LISTENERS = 2, UV_CLASS = 3 }; /* user values; UV_CLASS: first free one */

/* What every userdata of ours begins with. self stays first: a void ** to the block is a void ** to it.
 * The mark tells our blocks from any other library's without a look-up. */
typedef struct Head {
  void *self;
  const ClassDef *def;
  uint64_t mark;
  bool fields; /* there are extra fields: saves the look into UV_FIELDS */
} Head;

static const uint64_t HEAD_MARK = 0x6d6f6f6e666f726b; /* "moonfork" */

/* The head of an object of ours, NULL for any other value. */
static inline Head *object_head(lua_State *L, int idx) {
  Head *head = lua_touserdata(L, idx);
  if (!head || lua_rawlen(L, idx) < sizeof(Head)) return NULL; /* light, or a small one */
  return head->mark == HEAD_MARK ? head : NULL;
}

/* Pushes the class table (registers the class when needed). [+1] */
void class_push(lua_State *L, const ClassDef *def);

/* Pushes the metatable of its instances. [+1] */
void class_push_meta(lua_State *L, const ClassDef *def);

/* Pushes a new userdata of the class with `size` zeroed bytes, whose address is returned and which
 * self points to. extra: user values beyond LISTENERS. [+1] */
void *class_new(lua_State *L, const ClassDef *def, size_t size, int extra);

/* The same with self NULL: the caller hangs in memory that it owns (see handle.h). Returns the slot. [+1] */
void **class_new_box(lua_State *L, const ClassDef *def, int extra);

/* self of the object at idx when it is of def or derived from it, else NULL. Also NULL for an object
 * whose self is gone. Any thread's state, no errors, no stack change. */
void *class_test(lua_State *L, int idx, const ClassDef *def);

/* As class_test; raises ERR_INVALID_ARG_TYPE naming the class (ERR_INVALID_THIS with the hint about
 * the colon for argument 1). */
void *class_check(lua_State *L, int arg, const ClassDef *def);

/* Is the value at idx an instance of def, userdata or table, made here or derived in Lua? */
bool class_is(lua_State *L, int idx, const ClassDef *def);

/* The ClassDef of the nearest native class of the object at idx, NULL for anything else. */
const ClassDef *class_of(lua_State *L, int idx);

/* Pushes the name of the value's class ("Server", a derived "Chat"); false and nothing pushed when it
 * is no object of a class. [+1|0] */
bool class_push_name(lua_State *L, int idx);

/* Creates an instance as `Class(...)` does: stack has nargs arguments on top. [-nargs, +1] */
void class_construct(lua_State *L, const ClassDef *def, int nargs);

/* As gc of a class: its objects need no finalizer, although those of its base do. */
int class_no_gc(lua_State *L);

/* Class:extend(name) and instanceof(x, Class), for classes of EventEmitter, Error, ... */
int class_extend(lua_State *L);
int class_instanceof(lua_State *L);

/* Makes the plain table at t a class derived from the class at super (util.inherits); false when super
 * is none. [0] */
bool class_inherit(lua_State *L, int t, int super);

/* Declares the object at idx to be the one instance of a singleton class. [0] */
void class_set_singleton(lua_State *L, const ClassDef *def, int idx);

/* Gives the object at idx its methods (of def and its bases, or what Lua code put in their place) as
 * fields of its own that know it: they are called with a dot or a colon, and may be passed around. [0] */
void class_bind(lua_State *L, const ClassDef *def, int idx);

/* Sets functions of rows as fields of the table on top. [0] */
void class_set_functions(lua_State *L, const FnDef *rows);

/* Calls method `name` of the object at idx with the nargs values on top: looks it up as obj[name]
 * does, so that Lua code may override. [-nargs, +nres] */
void class_call_method(lua_State *L, int idx, const char *name, int nargs, int nres);

/* Pushes the method `name` of the object at idx (an absolute one) as obj[name] does, in a shorter way: its
 * type is returned. name is no property. [+1] */
int class_get_method(lua_State *L, int idx, const char *name);

/* Visits every ClassDef registered in this state so far (for documentation and completion). */
void class_each(lua_State *L, void (*fn)(const ClassDef *def, void *ctx), void *ctx);

#endif
