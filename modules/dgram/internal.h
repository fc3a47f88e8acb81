/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of the dgram module share among themselves. */
#ifndef MOONFORK_DGRAM_INTERNAL_H
#define MOONFORK_DGRAM_INTERNAL_H

#include "dgram.h"

/* User values of a Socket. */
enum { UV_QUEUE = UV_CLASS, UV_LOOKUP, UV_DGRAM_FREE };

DgramSocket *dgram_self(lua_State *L); /* the Socket at 1 */
DgramSocket *dgram_open(lua_State *L); /* the same, not closed; raises ERR_SOCKET_DGRAM_NOT_RUNNING */

/* Binds to any port where nothing was bound yet. */
void dgram_bind_any(lua_State *L, int self);

/* Queues the function on top until bind is over. [-1] */
void dgram_enqueue(lua_State *L, int self);

/* Calls the function on top with (err, ip) of the address at idx (nil: this machine), later. [-1] */
void dgram_look_up(lua_State *L, int self, int address);

/* bind.c */
int dgram_lua_bind(lua_State *L);
int dgram_lua_connect(lua_State *L);
int dgram_lua_disconnect(lua_State *L);
int dgram_lua_close(lua_State *L);
void dgram_resize(lua_State *L, DgramSocket *s, unsigned size, bool receive);

/* send.c */
int dgram_lua_send(lua_State *L);

#endif
