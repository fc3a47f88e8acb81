/* SPDX-License-Identifier: MIT */
/* error_kind.c - cloning Errors, and the Error of what cannot be cloned.
 *
 * An Error is cloned as its nearest class of Node's, with the fields that Errors are documented to have;
 * what else a script has set stays behind, as in Node. */
#include "kinds.h"
#include "../core/error.h"

#include <string.h>

enum { TAG_ERROR = CLONE_FIRST_KIND };

static const ClassDef *const error_classes[] = {
  &error_class, &type_error_class, &range_error_class, &syntax_error_class, &aggregate_error_class,
  &abort_error_class, &data_clone_error_class
};

static const char *const error_fields[] = { "name",    "message", "stack",   "code",   "errno",
                                            "syscall", "path",    "dest",    "address", "port",
                                            "cause",   "errors" };

enum {
  ERROR_CLASSES = sizeof error_classes / sizeof *error_classes,
  ERROR_FIELDS = sizeof error_fields / sizeof *error_fields
};

/* ---- Errors ---- */

const ClassDef data_clone_error_class = {
  .name = "DataCloneError", .base = &error_class,
  .doc = "A value cannot be cloned; the message names where in it the trouble lies. Its code is 25."
};

/* The core names only its own classes of errors. */
static void name_class(lua_State *L) {
  class_push(L, &data_clone_error_class);
  lua_pushstring(L, data_clone_error_class.name);
  lua_setfield(L, -2, "name");
  lua_pop(L, 1);
}

static uint64_t error_class_number(lua_State *L, int idx) {
  for (const ClassDef *def = class_of(L, idx); def; def = def->base) {
    for (uint64_t i = 0; i < ERROR_CLASSES; i++) {
      if (error_classes[i] == def) return i;
    }
  }
  return 0;
}

/* Pushes field i of the Error; a class derived in Lua lives on in the name. [+1] */
static void push_error_field(lua_State *L, int idx, size_t i, uint64_t number) {
  lua_pushstring(L, error_fields[i]);
  if (lua_rawget(L, idx) != LUA_TNIL || i > 0) return;
  lua_pop(L, 1);
  if (!class_push_name(L, idx)) lua_pushnil(L);
  else if (!strcmp(lua_tostring(L, -1), error_classes[number]->name)) {
    lua_pop(L, 1);
    lua_pushnil(L);
  }
}

static bool error_write(CloneWriter *w, int idx) {
  uint64_t number = error_class_number(w->L, idx);
  clone_write_count(w, number);
  for (size_t i = 0; i < ERROR_FIELDS; i++) {
    push_error_field(w->L, idx, i, number);
    if (lua_isnil(w->L, -1)) {
      lua_pop(w->L, 1);
      continue;
    }
    clone_write_count(w, i);
    if (!clone_write_field(w, error_fields[i])) return false;
  }
  clone_write_count(w, ERROR_FIELDS);
  return true;
}

static bool error_read(CloneReader *r) {
  uint64_t number, field;
  if (!clone_read_count(r, &number) || number >= ERROR_CLASSES) return false;
  if (error_classes[number] == &data_clone_error_class) name_class(r->L);
  lua_createtable(r->L, 0, 4);
  class_push_meta(r->L, error_classes[number]);
  lua_setmetatable(r->L, -2);
  clone_made(r);
  for (;;) {
    if (!clone_read_count(r, &field) || field > ERROR_FIELDS) return false;
    if (field == ERROR_FIELDS) return true;
    lua_pushstring(r->L, error_fields[field]);
    if (!clone_read_value(r)) return false;
    lua_rawset(r->L, -3);
  }
}

const CloneKind error_kind = { TAG_ERROR, err_is, error_write, error_read };

int data_clone_refuse(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  name_class(L);
  err_push(L, &data_clone_error_class, NULL, "%s", text);
  lua_pushinteger(L, CLONE_ERROR_CODE);
  lua_setfield(L, -2, "code");
  return lua_error(L);
}
