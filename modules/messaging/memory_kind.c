/* SPDX-License-Identifier: MIT */
/* memory_kind.c - cloning ArrayBuffers and their views.
 *
 * The bytes of an ArrayBuffer are a part of the message: a copy, the shared Store itself, or what was
 * moved. A view is written as its window and its ArrayBuffer, so views that share memory share it after;
 * a view of a pool's memory takes its own bytes along and nothing of its neighbours. */
#include "kinds.h"
#include "../buffer/views.h"
#include "../core/error.h"

#include <string.h>

enum { TAG_MEMORY = CLONE_FIRST_KIND + 1, TAG_VIEW };
enum { AS_BUFFER = EL_BIGUINT64 + 1, AS_DATA_VIEW };      /* after the Elements */
enum { WITH_MEMORY, WITH_BYTES };

/* ---- ArrayBuffer ---- */

static bool is_memory(lua_State *L, int idx) { return memory_test(L, idx) != NULL; }

static Store *copy_of(const Store *store) {
  Store *copy = store_new(store->size);
  if (copy && store->size > 0) memcpy(copy->data, store->data, store->size);
  return copy;
}

static bool memory_write(CloneWriter *w, int idx) {
  Store *store = memory_test(w->L, idx);
  if (store->detached) return clone_refuse(w, "is an ArrayBuffer that is detached");
  bool move = packing_moves(w, idx) && !memory_is_kept(w->L, idx);
  Part *part = packing_add(w);
  part->store = store->shared ? store_ref(store) : move ? store_alias(store) : copy_of(store);
  if (!part->store) luaL_error(w->L, "not enough memory");
  return true;
}

static bool memory_read(CloneReader *r) {
  Part *part = unpacking_part(r);
  if (!part || !part->store) return false;
  memory_push(r->L, part->store);
  clone_made(r);
  store_press(r->L, part->store->size);
  return true;
}

const CloneKind memory_kind = { TAG_MEMORY, is_memory, memory_write, memory_read };

/* ---- views ---- */

static bool is_view(lua_State *L, int idx) { return any_view_test(L, idx) != NULL; }

static unsigned view_code(lua_State *L, int idx, const Buffer *v) {
  if (class_is(L, idx, &data_view_class)) return AS_DATA_VIEW;
  return class_is(L, idx, &buffer_class) ? AS_BUFFER : (unsigned)v->element;
}

static const ClassDef *class_of_code(uint64_t code) {
  if (code == AS_DATA_VIEW) return &data_view_class;
  return code == AS_BUFFER ? &buffer_class : element_classes[code];
}

static bool view_write(CloneWriter *w, int idx) {
  Buffer *v = any_view_test(w->L, idx);
  clone_write_count(w, view_code(w->L, idx, v));
  view_push_memory(w->L, idx, v);
  if (v->store->detached) return clone_refuse(w, "is a view of an ArrayBuffer that is detached");
  bool own = memory_is_kept(w->L, -1);
  clone_write_count(w, own ? WITH_BYTES : WITH_MEMORY);
  if (own) {
    clone_write_bytes(w, buffer_bytes(v), v->length);
    return true;
  }
  clone_write_count(w, v->offset);
  clone_write_count(w, v->length);
  return clone_write_field(w, "buffer");
}

/* Pushes the ArrayBuffer of the view, a new one for bytes of its own. */
static bool read_memory(CloneReader *r, uint64_t how, uint64_t *offset, uint64_t *length) {
  const char *bytes;
  size_t len;
  if (how == WITH_BYTES) {
    if (!clone_read_bytes(r, &bytes, &len)) return false;
    Store *store = memory_push_new(r->L, len, false, false);
    if (len > 0) memcpy(store->data, bytes, len);
    *offset = 0;
    *length = len;
    return true;
  }
  return clone_read_count(r, offset) && clone_read_count(r, length) && clone_read_value(r);
}

static bool view_read(CloneReader *r) {
  uint64_t code, how, offset, length;
  if (!clone_read_count(r, &code) || code > AS_DATA_VIEW || !clone_read_count(r, &how)) return false;
  Buffer *v = view_push(r->L, class_of_code(code), 0, 0, 0);
  clone_made(r);
  if (!read_memory(r, how, &offset, &length)) return false;
  Store *store = memory_test(r->L, -1);
  if (!store || offset > store->size || length > store->size - offset) return false;
  v->store = store;
  v->offset = (size_t)offset;
  v->length = (size_t)length;
  lua_setiuservalue(r->L, -2, UV_MEMORY);
  return true;
}

const CloneKind view_kind = { TAG_VIEW, is_view, view_write, view_read };
