/* SPDX-License-Identifier: MIT */
/* handle.c - see handle.h.
 *
 * Pins are slots of the array rt->pins; free slots form a list through the array itself (slot 1 holds
 * the first free one), so pinning neither hashes nor grows the registry. */
#include "handle.h"
#include "error.h"

#include <stdlib.h>
#include <string.h>

/* ---- pins ---- */

int rt_pin(lua_State *L) {
  Runtime *rt = rt_of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rt->pins);
  lua_insert(L, -2); /* pins value */
  lua_rawgeti(L, -2, 1);
  int slot = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (slot) {
    lua_rawgeti(L, -2, slot); /* the next free one */
    lua_rawseti(L, -3, 1);
  } else {
    slot = (int)lua_rawlen(L, -2) + 1;
  }
  lua_rawseti(L, -2, slot);
  lua_pop(L, 1);
  return slot;
}

void rt_push_pinned(lua_State *L, Runtime *rt, int slot) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, rt->pins);
  lua_rawgeti(L, -1, slot);
  lua_remove(L, -2);
}

/* Existing array slots are overwritten, so nothing here allocates or raises. */
void rt_unpin(Runtime *rt, int slot) {
  lua_State *L = rt->L;
  lua_checkstack(L, 4);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rt->pins);
  lua_rawgeti(L, -1, 1);
  lua_rawseti(L, -2, slot);
  lua_pushinteger(L, slot);
  lua_rawseti(L, -2, 1);
  lua_pop(L, 1);
}

/* ---- life ---- */

void *handle_new(lua_State *L, const ClassDef *cls, size_t size, int extra) {
  rt_check_open(L);
  void **box = class_new_box(L, cls, extra);
  Handle *h = calloc(1, size);
  if (!h) {
    luaL_error(L, "not enough memory");
    return NULL;
  }
  h->rt = rt_of(L);
  h->cls = cls;
  h->box = box;
  list_init(&h->link);
  *box = h;
  return h;
}

void *handle_new_internal(Runtime *rt, size_t size) {
  Handle *h = calloc(1, size);
  if (!h) return NULL;
  h->rt = rt;
  h->internal = true;
  list_init(&h->link);
  return h;
}

void handle_opened(Handle *h, uv_handle_t *uv) {
  h->uv = uv;
  h->state = HANDLE_OPEN;
  uv->data = h;
  list_append(&h->rt->handles, &h->link);
}

static void handle_free(Handle *h) {
  if (h->release) h->release(h);
  free(h);
}

void handle_pin(lua_State *L, Handle *h, int idx) {
  if (h->pin) return;
  lua_pushvalue(L, idx);
  h->pin = rt_pin(L);
}

void handle_unpin(Handle *h) {
  if (!h->pin) return;
  int slot = h->pin;
  h->pin = 0;
  rt_unpin(h->rt, slot);
}

int handle_push(lua_State *L, Handle *h) {
  if (h->pin) rt_push_pinned(L, h->rt, h->pin);
  else lua_pushnil(L);
  return lua_gettop(L);
}

static void on_closed(uv_handle_t *uv) {
  Handle *h = uv->data;
  h->state = HANDLE_CLOSED;
  list_remove(&h->link);
  h->busy = true;
  if (h->closed && h->box) rt_enter(h->rt, h->closed, h);
  h->busy = false;
  handle_unpin(h); /* a renewed one has taken the pin along */
  if (!h->box) handle_free(h);
}

void handle_close(Handle *h) {
  if (h->state != HANDLE_OPEN) return;
  h->state = HANDLE_CLOSING;
  uv_close(h->uv, on_closed);
}

void *handle_renew(lua_State *L, int idx, size_t size) {
  Handle *old = handle_test(L, idx);
  if (!old || old->state == HANDLE_INIT) return old;
  Handle *h = malloc(size);
  if (!h) return NULL;
  memcpy(h, old, size);
  list_init(&h->link);
  h->uv = NULL;
  h->state = HANDLE_INIT;
  *h->box = h;
  old->box = NULL;
  old->pin = 0;
  old->closed = NULL;
  old->release = NULL;
  if (old->state == HANDLE_CLOSED && !old->busy) handle_free(old);
  return h;
}

/* A class whose nearest gc is handle_gc has a Handle as self; no other object gets past this. */
static bool is_handle_class(const ClassDef *def) {
  while (def && !def->gc) def = def->base;
  return def && def->gc == handle_gc;
}

Handle *handle_test(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TUSERDATA || !is_handle_class(class_of(L, idx))) return NULL;
  return *(void **)lua_touserdata(L, idx);
}

int handle_gc(lua_State *L) {
  Handle *h = handle_test(L, 1);
  if (!h) return 0;
  void **box = lua_touserdata(L, 1);
  *box = NULL;
  h->box = NULL;
  if (h->state == HANDLE_INIT || (h->state == HANDLE_CLOSED && !h->busy)) handle_free(h);
  else handle_close(h);
  return 0;
}

/* ---- what all handles offer ---- */

static Handle *handle_self(lua_State *L) {
  Handle *h = handle_test(L, 1);
  if (!h) err_arg_type(L, 1, "self", "an instance of a class with a handle (call it with a colon)");
  return h;
}

int handle_lua_ref(lua_State *L) {
  Handle *h = handle_self(L);
  if (h->state == HANDLE_OPEN) uv_ref(h->uv);
  lua_settop(L, 1);
  return 1;
}

int handle_lua_unref(lua_State *L) {
  Handle *h = handle_self(L);
  if (h->state == HANDLE_OPEN) uv_unref(h->uv);
  lua_settop(L, 1);
  return 1;
}

int handle_lua_has_ref(lua_State *L) {
  Handle *h = handle_self(L);
  lua_pushboolean(L, h->state == HANDLE_OPEN && uv_has_ref(h->uv));
  return 1;
}

void handle_close_all(Runtime *rt) {
  for (List *l = rt->handles.next; l != &rt->handles;) {
    Handle *h = list_entry(l, Handle, link);
    l = l->next;
    handle_close(h);
  }
  while (!list_empty(&rt->handles)) uv_run(&rt->loop, UV_RUN_ONCE);
}
