/* SPDX-License-Identifier: MIT */
/* dgram.h - UDP sockets, and what ipc and cluster need of them.
 *
 * A Socket owns a uv_udp_t from the start and is kept alive from bind to close. Main-loop thread of its
 * runtime only. self is an absolute stack index. */
#ifndef MOONFORK_DGRAM_H
#define MOONFORK_DGRAM_H

#include "core/handle.h"

typedef enum DgramBound { DGRAM_UNBOUND, DGRAM_BINDING, DGRAM_BOUND } DgramBound;
typedef enum DgramPeer { DGRAM_DISCONNECTED, DGRAM_CONNECTING, DGRAM_CONNECTED } DgramPeer;

typedef struct DgramSocket {
  Handle base;
  uv_udp_t uv;
  DgramBound bound;
  DgramPeer peer;
  unsigned recv_size, send_size; /* asked for before bind; 0: as the system has it */
  bool udp6, reuse_addr, ipv6_only;
  bool queueing;                 /* UV_QUEUE: what waits for the end of bind */
  void (*closed)(lua_State *L, int self); /* close() was called; NULL: nobody wants to know */
} DgramSocket;

extern const ClassDef dgram_socket_class;
extern const ModuleDef dgram_module;

DgramSocket *dgram_socket_test(lua_State *L, int idx); /* NULL for anything else */

/* Pushes a new Socket, udp6 or udp4. [+1] */
DgramSocket *dgram_socket_new(lua_State *L, bool udp6);

int dgram_socket_fd(const DgramSocket *s); /* -1: none yet, or closed */

/* The Socket, not bound yet, takes a bound UDP descriptor: it receives, and `listening` is emitted now. 0,
 * or a uv error, and fd is left to the caller. */
int dgram_bind_fd(lua_State *L, int self, int fd);

/* A bind that a hook has taken over failed: emits the error on top. [-1] */
void dgram_bind_failed(lua_State *L, int self);

/* What bind was asked for; strings are borrowed for the time of the call. */
typedef struct DgramBind {
  const char *address; /* an IP address; NULL with fd */
  const char *type;    /* "udp4", "udp6" */
  int port;            /* -1 with fd */
  int fd;              /* -1: none */
  unsigned flags;      /* UV_UDP_REUSEADDR, UV_UDP_IPV6ONLY */
} DgramBind;

/* Every bind that is not exclusive goes first to fn. True: fn has taken it over, and says by dgram_bind_fd
 * or dgram_bind_failed what came of it. Per runtime; NULL: no hook. */
typedef bool (*DgramBindHook)(lua_State *L, int self, const DgramBind *request);
void dgram_set_bind_hook(lua_State *L, DgramBindHook fn);

#endif
