/* SPDX-License-Identifier: MIT */
/* structured_clone.c - see structured_clone.h.
 *
 * An Error is cloned as its nearest class of Node's, with the fields that Errors are documented to have;
 * what else a script has set stays behind, as in Node. A Buffer's bytes are copied. */
#include "structured_clone.h"
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"
#include "core/strbuf.h"

#include <string.h>

enum { TAG_ERROR = CLONE_FIRST_KIND, TAG_BUFFER };

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

static const CloneKind error_kind = { TAG_ERROR, err_is, error_write, error_read };

/* ---- Buffers ---- */

static bool is_buffer(lua_State *L, int idx) { return buffer_test(L, idx) != NULL; }

static bool buffer_write_bytes(CloneWriter *w, int idx) {
  Buffer *b = buffer_test(w->L, idx);
  if (b->length > CLONE_MAX_SIZE) return clone_refuse(w, "makes the message too large");
  clone_write_bytes(w, buffer_bytes(b), b->length);
  return true;
}

static bool buffer_read_bytes(CloneReader *r) {
  const char *s;
  size_t len;
  if (!clone_read_bytes(r, &s, &len)) return false;
  buffer_push_copy(r->L, s, len);
  clone_made(r);
  return true;
}

static const CloneKind buffer_kind = { TAG_BUFFER, is_buffer, buffer_write_bytes, buffer_read_bytes };

const CloneKind *const clone_kinds[] = { &error_kind, &buffer_kind, NULL };

/* ---- the function ---- */


int structured_clone_refuse(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  name_class(L);
  err_push(L, &data_clone_error_class, NULL, "%s", text);
  lua_pushinteger(L, CLONE_ERROR_CODE);
  lua_setfield(L, -2, "code");
  return lua_error(L);
}

/* Nothing can be transferred yet to where it would be gone from here. */
static void refuse_transfer(lua_State *L, int options) {
  if (lua_isnoneornil(L, options)) return;
  arg_table(L, options, "options");
  if (opt_push(L, options, "transfer") != LUA_TNIL) {
    arg_table(L, -1, "options.transfer");
    if (lua_rawlen(L, -1) > 0)
      err_raise(L, &type_error_class, "ERR_INVALID_TRANSFER_OBJECT",
                "Found invalid object in transferList");
  }
  lua_pop(L, 1);
}

int structured_clone(lua_State *L) {
  const char *error;
  if (lua_isnone(L, 1))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The value argument must be specified");
  refuse_transfer(L, 2);
  lua_settop(L, 1);
  StrBuf *bytes = strbuf_new_lua(L);
  if (clone_encode(L, 1, bytes, clone_kinds, NULL) != 0) return structured_clone_refuse(L);
  if (bytes->failed) return luaL_error(L, "not enough memory");
  if (!clone_decode(L, bytes->p, bytes->len, clone_kinds, NULL, &error))
    return luaL_error(L, "%s", error); /* a kind reads other than it writes */
  strbuf_free(bytes);
  return 1;
}
