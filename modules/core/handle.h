/* SPDX-License-Identifier: MIT */
/* handle.h - the one way to own a libuv handle from Lua.
 *
 * A Handle lies first in a malloc'd struct together with its uv handle; a class userdata (box) points to
 * it. States OPEN -> CLOSING -> CLOSED, plus finalized (the box was collected). The memory is freed in
 * exactly one place, when it is both CLOSED and finalized. While an operation can call back the object
 * is pinned, so nobody has to store it. handle_close is the only caller of uv_close. */
#ifndef MOONFORK_HANDLE_H
#define MOONFORK_HANDLE_H

#include "runtime.h"
#include "class.h"

typedef struct Handle Handle;

typedef enum HandleState { HANDLE_INIT, HANDLE_OPEN, HANDLE_CLOSING, HANDLE_CLOSED } HandleState;

struct Handle {
  Runtime *rt;
  const ClassDef *cls;
  List link;              /* in rt->handles from open to closed */
  uv_handle_t *uv;        /* borrows: the uv handle inside the outer struct */
  void **box;             /* the userdata's slot, NULL once finalized */
  int pin;                /* slot in rt->pins, 0 when not pinned */
  HandleState state;
  bool busy;              /* on_closed runs its body: it frees the memory afterwards */
  bool internal;          /* of the program itself: not shown in .handles */
  lua_CFunction closed;   /* body run by rt_enter once closed, with the Handle: emits `close`; may be NULL */
  void (*release)(Handle *h); /* frees what the outer struct owns besides itself; may be NULL */
};

/* Creates box and zeroed struct of size bytes (Handle first): the object is at the top, state INIT: a
 * failing uv_*_init leaves it so, and the collector frees it. [+1] */
void *handle_new(lua_State *L, const ClassDef *cls, size_t size, int extra);

/* The same for the program's own handles: no object, freed once closed. NULL when memory is short. */
void *handle_new_internal(Runtime *rt, size_t size);

/* The Handle of the object at idx, NULL for anything else. */
Handle *handle_test(lua_State *L, int idx);

/* The uv handle is initialised: h joins the runtime's list, uv->data = h. */
void handle_opened(Handle *h, uv_handle_t *uv);

/* The object is at idx: keeps it alive until handle_unpin. Pinning twice is one pin. */
void handle_pin(lua_State *L, Handle *h, int idx);
void handle_unpin(Handle *h);

/* Pushes the object of a pinned handle; nil when it is not pinned. Returns its index. [+1] */
int handle_push(lua_State *L, Handle *h);

/* Starts closing; idempotent. A pinned object stays pinned until it is closed. */
void handle_close(Handle *h);

/* A handle that was closed, or closes, is to be used once more: gives the object at idx a fresh copy of its
 * struct (size bytes) in state INIT, whose uv part has to be initialised anew. What the old one owns
 * (release) and the pin are the new one's; the old one goes when it is closed and says nothing. Returns the
 * new struct, which is the old one where nothing was opened; NULL when memory is short. */
void *handle_renew(lua_State *L, int idx, size_t size);

/* __gc of every class of handles. */
int handle_gc(lua_State *L);

static inline bool handle_is_open(const Handle *h) { return h->state == HANDLE_OPEN; }

/* ref, unref, hasRef rows share these. self at 1. */
int handle_lua_ref(lua_State *L);
int handle_lua_unref(lua_State *L);
int handle_lua_has_ref(lua_State *L);

/* Closes every handle and runs the loop until all are closed (teardown). */
void handle_close_all(Runtime *rt);

/* Pins any Lua value in rt->pins: for requests and the like. Returns its slot. [-1] */
int rt_pin(lua_State *L);
void rt_push_pinned(lua_State *L, Runtime *rt, int slot); /* [+1] */
void rt_unpin(Runtime *rt, int slot);

#endif
