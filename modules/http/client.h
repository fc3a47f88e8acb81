/* SPDX-License-Identifier: MIT */
/* client.h - what requests, their connections and agents know of each other. */
#ifndef MOONFORK_HTTP_CLIENT_H
#define MOONFORK_HTTP_CLIENT_H

#include "internal.h"

typedef struct ClientRequest {
  Outgoing base;
  lua_Number timeout;       /* of the options, ms; negative: none was given */
  lua_Integer max_head, max_headers; /* max_headers < 0: Node's 1000 */
  bool join;
  bool aborted, reused;
  bool ended;               /* the response has been read to its end */
  bool had_error;           /* an error was told for its socket */
  bool hears_timeout;       /* a timeout of the socket is one of the request */
  bool upgraded;
  bool responded;           /* UV_OUT_PEER is the response */
  bool is_connect, is_head;
} ClientRequest;

ClientRequest *request_test(lua_State *L, int idx);

/* Named values of a request: agent, path, host ... in UV_OUT_DATA. */
void request_push(lua_State *L, int req, const char *name); /* [+1] */
void request_set(lua_State *L, int req, const char *name);  /* [-1] */

/* The socket at `socket` (0: there is none, err tells why) is the request's, on the next tick. */
void request_on_socket(lua_State *L, int req, int socket, int err);

/* Emits `error` with the error on top. [-1] */
void request_emit_error(lua_State *L, int req);

void request_push_hang_up(lua_State *L); /* [+1] */

/* client.c: the request reads and writes on the socket from now on. */
void client_attach(lua_State *L, int req, int socket);
void client_request_finished(lua_State *L, int req);

/* agent.c */
void agent_add_request(lua_State *L, int agent, int req, int opts);
void agent_push_new(lua_State *L); /* Agent(). [+1] */
/* The answer on this socket has said how long it is kept: `timeout=5`. */
void agent_note_hint(lua_State *L, int agent, int socket, const char *text, size_t len);
bool agent_keeps(lua_State *L, int agent); /* keepAlive, or a limit of sockets */
bool agent_push_timeout(lua_State *L, int agent); /* options.timeout; false and nothing when 0. [+1|0] */

/* Pushes a shallow copy of the table at idx (nil: empty). [+1] */
void table_push_copy(lua_State *L, int idx);
void table_merge(lua_State *L, int into, int from); /* from may be nil */

/* Pushes a Socket that connects with the options at opts. [+1] */
void client_connect(lua_State *L, int opts);

#endif
