/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of the net module share among themselves. */
#ifndef MOONFORK_NET_INTERNAL_H
#define MOONFORK_NET_INTERNAL_H

#include "net.h"

/* User values of a net.Socket. */
enum {
  UV_NET_SERVER = UV_STREAM_FREE, /* the Server that has accepted it */
  UV_NET_DATA,                    /* table, made when needed: see the slots */
  UV_NET_OWNER,                   /* what the owner's pointer lies in */
  UV_NET_FREE
};
enum { NET_SOCKET_EXTRA = UV_NET_FREE - UV_STREAM_FREE };

/* User values of a net.Server. */
enum { UV_SERVER_PATH = UV_CLASS, UV_SERVER_KEY, UV_SERVER_FREE };
enum { NET_SERVER_EXTRA = UV_SERVER_FREE - UV_CLASS };
_Static_assert((int)UV_SERVER_FREE == (int)UV_NET_SERVER_FREE, "net.h tells where user values are free");

/* Slots of UV_NET_DATA. */
enum {
  NET_CHUNK = 1,   /* what was written before it was connected: a chunk, or a table of them */
  NET_ATTEMPTED,   /* autoSelectFamilyAttemptedAddresses */
  NET_ERRORS,      /* of the attempts so far */
  NET_TARGETS,     /* address, family in turn */
  NET_HOST,        /* the name that is looked up */
  NET_ON_CLOSE,    /* the listener of `close` that drops what was written too early */
  NET_ONREAD       /* options.onread */
};

void net_data_push(lua_State *L, int socket, int slot); /* [+1] */
void net_data_set(lua_State *L, int socket, int slot);  /* [-1] */

/* Queues fn(object at idx) for the next tick. */
void net_tick(lua_State *L, int idx, lua_CFunction fn);

/* Node's normalizeArgs: the arguments from first on become the options at first (those given, or new ones)
 * and the callback or nil at first + 1. *backlog (may be NULL): what listen finds behind the first one. */
void net_normalize(lua_State *L, int first, int *backlog);

/* timer.c */
void net_timer_stop(NetSocket *s);
void net_timer_free(NetSocket *s);
void net_timer_moved(NetSocket *s);       /* its struct is another one now */
void net_timer_touch(lua_State *L, NetSocket *s, int self); /* something happens: from now on */
int net_lua_set_timeout(lua_State *L);

/* connect.c */
int net_lua_connect(lua_State *L);          /* socket:connect(...) */
void net_connect_cancel(lua_State *L, int self);
void net_plan_free(NetSocket *s);
int net_lua_get_select(lua_State *L);
int net_lua_set_select(lua_State *L);
int net_lua_get_wait(lua_State *L);
int net_lua_set_wait(lua_State *L);

/* socket.c */
void net_connected(lua_State *L, int self); /* flags, `connect`, what has waited, `ready` */
void net_socket_opened(lua_State *L, int self); /* its uv handle is initialised: kept alive from now on */
int net_socket_init_handle(lua_State *L, int self, bool pipe); /* 0 or a uv error */
int net_socket_take_fd(lua_State *L, int self, int fd);        /* the same; then fd is left */
void net_socket_begin(lua_State *L, int self, bool paused);    /* it is connected: reads */
int net_socket_reset(NetSocket *s); /* closing it will send RST; 0 or a uv error */

/* server.c */
void net_server_lost(lua_State *L, int socket); /* the connection is gone */
void net_server_listen(lua_State *L, int server, const NetListen *request); /* here, no hook */
void net_server_stop(lua_State *L, int server); /* no more connections; not yet `close` */
int net_lua_close(lua_State *L);

bool net_option(lua_State *L, int opts, const char *key); /* is the option anything but nil and false? */

/* net_trace.c */
void net_trace_listening(lua_State *L, NetServer *v);
void net_trace_closing(const NetServer *v);
void net_trace_accepted(const NetServer *v, bool given); /* given: by the primary of a cluster */
void net_trace_lost(lua_State *L, int socket);

/* listen.c */
int net_lua_listen(lua_State *L);

/* functions of the module */
int net_lua_is_ip(lua_State *L);
int net_lua_is_ipv4(lua_State *L);
int net_lua_is_ipv6(lua_State *L);

extern const ClassDef net_block_list_class, net_socket_address_class;

#endif
