/* SPDX-License-Identifier: MIT */
/* message.c - see message.h.
 *
 * Packing goes in two steps, so that a failure changes nothing: first everything is written, moved Stores
 * as aliases of what is still here; then, when nothing can raise any more, what the transfer list names is
 * emptied here. Until then a userdata owns the message. */
#include "message.h"
#include "kinds.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/opts.h"

#include <stdlib.h>
#include <string.h>

static const CloneKind *const kinds[] = { &view_kind, &error_kind, &memory_kind, &port_kind, NULL };

/* ---- life ---- */

/* A Message with room for len bytes, not written yet; NULL when memory is short. */
static Message *message_make(int kind, size_t len) {
  Message *m = malloc(sizeof *m + len);
  if (!m) return NULL;
  *m = (Message){ .kind = kind, .bytes = m->room, .len = len };
  list_init(&m->link);
  return m;
}

Message *message_new(int kind, const void *bytes, size_t len) {
  Message *m = message_make(kind, len);
  if (m && len > 0) memcpy(m->room, bytes, len);
  return m;
}

Message *message_copy(const Message *m) {
  Message *copy = message_new(m->kind, m->bytes, m->len);
  if (!copy || m->nparts == 0) return copy;
  copy->parts = calloc(m->nparts, sizeof *copy->parts);
  if (!copy->parts) {
    message_free(copy);
    return NULL;
  }
  copy->nparts = m->nparts;
  for (size_t i = 0; i < m->nparts; i++) copy->parts[i].store = store_ref(m->parts[i].store);
  return copy;
}

static void free_parts(Part *parts, size_t n) {
  for (size_t i = 0; i < n; i++) {
    store_unref(parts[i].store);
    end_close(parts[i].end);
  }
  free(parts);
}

void message_free(Message *m) {
  if (!m) return;
  free_parts(m->parts, m->nparts);
  free(m->block);
  free(m->words);
  free(m);
}

/* ---- parts ---- */

bool packing_moves(CloneWriter *w, int idx) {
  const Packing *packing = w->ctx;
  if (packing->moves == 0) return false;
  lua_pushvalue(w->L, idx);
  bool moves = lua_rawget(w->L, packing->moves) != LUA_TNIL;
  lua_pop(w->L, 1);
  return moves;
}

Part *packing_add(CloneWriter *w) {
  Packing *packing = w->ctx;
  Part *parts = realloc(packing->parts, (packing->nparts + 1) * sizeof *parts);
  if (!parts) {
    luaL_error(w->L, "not enough memory");
    return NULL;
  }
  packing->parts = parts;
  clone_write_count(w, packing->nparts);
  parts[packing->nparts] = (Part){ NULL, NULL };
  return &parts[packing->nparts++];
}

Part *unpacking_part(CloneReader *r) {
  const Message *m = r->ctx;
  uint64_t n;
  return clone_read_count(r, &n) && n < m->nparts ? &m->parts[n] : NULL;
}

/* ---- the transfer list ---- */

/* Leaves the list at idx as the value on top: nil, a list, or { transfer = list }. [+1] */
static void push_list(lua_State *L, int idx) {
  if (idx == 0 || lua_isnoneornil(L, idx)) {
    lua_pushnil(L);
    return;
  }
  if (!lua_istable(L, idx))
    err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE", "Optional transferList argument must be an iterable");
  lua_getfield(L, idx, "transfer");
  if (!lua_isnil(L, -1)) arg_table(L, lua_gettop(L), "options.transfer");
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_pushvalue(L, idx);
}

static int refuse(lua_State *L, const char *text) {
  lua_pushstring(L, text);
  return data_clone_refuse(L);
}

/* Checks the object on top and enters it into the set at `moves`; the value number says where its part
 * is once it has one. [0] */
static void enter_move(lua_State *L, int moves, int source) {
  int item = lua_gettop(L);
  bool port = port_is(L, item);
  const Store *store = port ? NULL : memory_test(L, item);
  if (!port && (!store || store->shared))
    err_raise(L, &type_error_class, "ERR_INVALID_TRANSFER_OBJECT", "Found invalid object in transferList");
  if (port) port_check_transfer(L, item, source);
  lua_pushvalue(L, item);
  if (lua_rawget(L, moves) != LUA_TNIL)
    refuse(L, port ? "Transfer list contains duplicate MessagePort" : "Transfer list contains duplicate ArrayBuffer");
  lua_pop(L, 1);
  lua_pushvalue(L, item);
  lua_pushboolean(L, true);
  lua_rawset(L, moves);
}

/* Pushes the set { [object] = true } of the list at `list`. [+1] */
static int push_moves(lua_State *L, int list, int source) {
  lua_newtable(L);
  int moves = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, list, i);
    enter_move(L, moves, source);
    lua_settop(L, moves);
  }
  return moves;
}

/* Nothing raises here: what the list names leaves this state. */
static void commit(lua_State *L, Message *m, int moves) {
  for (lua_pushnil(L); lua_next(L, moves); lua_pop(L, 1)) {
    if (port_is(L, -2)) {
      End *end = port_take(L, -2);
      if (lua_isinteger(L, -1)) m->parts[lua_tointeger(L, -1)].end = end;
      else end_close(end); /* it is not in the message: nobody will have it */
    } else if (!memory_is_kept(L, -2)) {
      store_detach(memory_test(L, -2));
    }
  }
}

/* ---- packing ---- */

static const char packing_key = 0; /* registry: the Packing that waits for the next message */

static int packing_gc(lua_State *L) {
  Packing *packing = lua_touserdata(L, 1);
  strbuf_free(&packing->bytes);
  free_parts(packing->parts, packing->nparts);
  packing->parts = NULL;
  packing->nparts = 0;
  return 0;
}

static void push_new_packing(lua_State *L) {
  static const char meta = 0;
  memset(lua_newuserdatauv(L, sizeof(Packing), 0), 0, sizeof(Packing));
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &meta) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, packing_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &meta);
  }
  lua_setmetatable(L, -2);
}

/* Takes the state's Packing out of the registry: whoever packs meanwhile makes another, and one that was
 * left by an error is collected. [+1] */
static Packing *take_packing(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &packing_key) == LUA_TUSERDATA) {
    lua_pushboolean(L, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &packing_key);
  } else {
    lua_pop(L, 1);
    push_new_packing(L);
  }
  Packing *packing = lua_touserdata(L, -1);
  strbuf_clear(&packing->bytes);
  return packing;
}

/* Puts the one at idx back, without the block of a large message. [0] */
static void give_packing(lua_State *L, int idx) {
  enum { KEPT = 64 * 1024 };
  Packing *packing = lua_touserdata(L, idx);
  if (packing->bytes.cap > KEPT) strbuf_free(&packing->bytes);
  lua_pushvalue(L, idx);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &packing_key); /* the field is there: this takes no memory */
}

/* The message of what was packed; large ones take the block as it is. NULL when memory is short. */
static Message *finish(Packing *packing) {
  enum { LARGE = 4096 };
  bool large = packing->bytes.len > LARGE;
  Message *m = large ? message_make(0, 0) : message_new(0, packing->bytes.p, packing->bytes.len);
  if (!m) return NULL;
  if (large) {
    m->block = packing->bytes.p;
    m->bytes = m->block;
    m->len = packing->bytes.len;
    strbuf_init(&packing->bytes);
  }
  m->parts = packing->parts;
  m->nparts = packing->nparts;
  packing->parts = NULL;
  packing->nparts = 0;
  return m;
}

Message *message_pack(lua_State *L, int idx, int transfer, int source) {
  int top = lua_gettop(L);
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 16, "message");
  push_list(L, transfer);
  int moves = lua_isnil(L, -1) ? 0 : push_moves(L, top + 1, source);
  Packing *packing = take_packing(L);
  int at = lua_gettop(L);
  packing->moves = moves;
  if (clone_encode(L, idx, &packing->bytes, kinds, packing) != 0) data_clone_refuse(L);
  Message *m = packing->bytes.failed ? NULL : finish(packing);
  if (!m) luaL_error(L, "not enough memory");
  if (moves) commit(L, m, moves);
  give_packing(L, at);
  lua_settop(L, top);
  return m;
}

void message_unpack(lua_State *L, Message *m) {
  const char *error;
  if (!clone_decode(L, m->bytes, m->len, kinds, m, &error)) luaL_error(L, "%s", error);
}

static int unpack_body(lua_State *L) {
  message_unpack(L, lua_touserdata(L, 1));
  return 1;
}

bool message_try_unpack(lua_State *L, Message *m) {
  lua_pushcfunction(L, unpack_body);
  lua_pushlightuserdata(L, m);
  return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

void message_enter(Runtime *rt, lua_CFunction body, void *owner, Message *m) {
  Delivery d = { owner, m };
  (void)rt_enter(rt, body, &d);
  message_free(m);
}

bool message_deliver(Runtime *rt, End *end, lua_CFunction body, void *owner) {
  Message *m = rt->leaving ? NULL : message_take(rt, end);
  if (m) message_enter(rt, body, owner, m);
  return m != NULL;
}
