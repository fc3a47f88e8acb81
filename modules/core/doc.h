/* SPDX-License-Identifier: MIT */
/* doc.h - the rows that register functions, properties, events, classes and modules.
 *
 * A row is the documentation too: help(), the API reference and the editor stubs are printed from
 * the very rows that registration walks, so every row carries its signature and its text. Tables
 * end with a row whose name is NULL. Rows are static const; nothing here owns memory. */
#ifndef MOONFORK_DOC_H
#define MOONFORK_DOC_H

#include <stdbool.h>
#include <lua.h>
#include <lauxlib.h>

/* One option of a function that takes an options table. */
typedef struct OptDef {
  const char *name, *type; /* type as in a signature: "string|Buffer" */
  const char *fallback;    /* the default as it would be typed, NULL when there is none */
  const char *doc;
} OptDef;

typedef enum FnKind { FN_METHOD, FN_STATIC } FnKind;

/* A function of a module (FN_STATIC), or a method or static function of a class.
 * sig: `name(a: string, b: integer?, ...: any): Result`. */
typedef struct FnDef {
  const char *name;
  lua_CFunction fn;
  FnKind kind;
  const char *sig, *doc;
  const OptDef *options;   /* NULL when it takes no options table */
  const char *example;     /* one line or a few that run by themselves, or NULL */
  const char *differs;     /* how it differs from Node, or NULL */
} FnDef;

/* A property of an object. get and set are called with self at 1 (and the value at 2). */
typedef struct PropDef {
  const char *name;
  lua_CFunction get, set;  /* set NULL: read-only */
  const char *type, *doc;
} PropDef;

/* An event: args as in a signature, "code: integer?, signal: string?". */
typedef struct EventDef {
  const char *name, *args, *doc;
} EventDef;

typedef struct ClassDef ClassDef;
struct ClassDef {
  const char *name;
  const ClassDef *base;
  const ClassDef *also;    /* a second base for methods and properties: a Duplex is a Writable too */
  lua_CFunction alloc;     /* () -> fresh instance; NULL: the base's. Run before init */
  lua_CFunction init;      /* (self, ...): the constructor; NULL: the base's */
  bool plain;              /* needs no C part: instances of classes that Lua derives are tables */
  bool abstract;           /* Lua code may neither call nor extend it */
  bool singleton;          /* its one instance drops out of the arguments: process.cwd() */
  bool bound;              /* so does each instance, by class_bind: console.log() */
  lua_CFunction gc;        /* (userdata); handles use handle_gc */
  lua_CFunction inspect;   /* (self) -> one line of text for the prompt and console.log, or NULL */
  lua_CFunction tostring;  /* NULL: `Name: 0x...` */
  const luaL_Reg *meta;    /* further metamethods: __len, __eq, __concat; __index here is asked last */
  /* Called after a listener of `event` was added to or removed from the object at idx; count is what
   * there is now. How a class starts reading, watching a signal, ... May raise. NULL: the base's. */
  void (*listeners)(lua_State *L, int idx, const char *event, int count);
  const FnDef *methods;
  const PropDef *props;
  const EventDef *events;
  const char *doc, *example;
};

/* A module as `require` gives it: open pushes its table (rt_open_module fills in functions,
 * constants and classes from the row first and passes it as argument 1). */
typedef struct ModuleDef {
  const char *name;
  const char *doc, *example;
  const FnDef *functions;
  const ClassDef *const *classes; /* ends with NULL; each is a field of the module */
  const ClassDef *const *objects; /* ends with NULL; further classes, whose objects it gives out */
  const PropDef *constants;       /* rows for documentation of values that open sets */
  lua_CFunction open;             /* (module) -> module value; NULL: the filled table itself */
} ModuleDef;

/* A global name, and where its value comes from: a field of a module (NULL: the module itself). Looked
 * up on first use. */
typedef struct GlobalDef {
  const char *name, *module, *field;
} GlobalDef;

#endif
