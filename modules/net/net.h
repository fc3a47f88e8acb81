/* SPDX-License-Identifier: MIT */
/* net.h - TCP and unix sockets: Server, Socket, and what http, ipc and cluster build on.
 *
 * A Socket is a Duplex over a libuv stream (stream/uv_stream.h) that is kept alive from the moment it
 * connects or is accepted until it is closed; a Server is kept alive while it listens. Both may get
 * another struct when they connect or listen again while the old handle still closes: take the pointer
 * from the object (net_server_test, net_socket_test) where it is needed, and keep none across Lua code.
 * Main-loop thread of its runtime only. self, server and socket are absolute stack indices. */
#ifndef MOONFORK_NET_H
#define MOONFORK_NET_H

#include <sys/socket.h>
#include "stream/uv_stream.h"

typedef struct NetTimer NetTimer;
typedef struct NetPlan NetPlan;
typedef struct NetSocket NetSocket;
typedef struct NetServer NetServer;

struct NetSocket {
  Socket base;
  size_t size;              /* of the whole struct */
  NetPlan *plan;            /* own: what connect has still to do; NULL: nothing */
  void *owner;              /* borrows: of whoever consumes what comes (net_socket_set_owner) */
  NetTimer *timer;          /* of setTimeout, owned; NULL: none yet */
  uint64_t timeout;         /* milliseconds, 0: none */
  uint64_t told_at;         /* base.active when `timeout` was emitted */
  size_t queued;            /* bytes in libuv's queue when the timer last looked */
  unsigned keep_delay;      /* seconds */
  struct sockaddr_storage *names; /* own: local and remote address, once asked for */
  bool has_local, has_remote;
  bool is_pipe;             /* a unix socket */
  bool connecting, waits_read, waits_write, waits_writev, waits_final;
  bool no_delay, keep_alive, unref_early, timeout_set;
  bool reset_on_connect;    /* resetAndDestroy was called while it was connecting */
  bool counted;             /* its server counts it as a connection */
};

/* A server in a cluster worker whose connections come from elsewhere. */
typedef struct NetRemote {
  struct sockaddr_storage address; /* ss_family 0: a path, or nothing is known */
  void (*closed)(lua_State *L, int server); /* close() was called: no more connections are wanted */
} NetRemote;

struct NetServer {
  Handle base;
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
    uv_timer_t timer;          /* remote: keeps the program running */
  } uv;
  size_t size;                 /* of the whole struct */
  lua_Integer max_connections; /* -1: no limit */
  size_t hwm;                  /* of its connections; SIZE_MAX: as for any stream */
  unsigned keep_delay;         /* seconds */
  int connections;             /* open ones in this process */
  int held;                    /* further reasons for `close` to wait: sockets in the hands of children */
  uint64_t listen_count;       /* tells a lookup whether listen or close was called meanwhile */
  bool listening, is_pipe, remote, unref_early;
  bool allow_half_open, pause_on_connect, no_delay, keep_alive;
  bool unlinks;                /* the path of its unix socket goes when it closes */
  int told_port;               /* what records of its connections say */
  int64_t told_inode;
  NetRemote away;              /* remote: where connections come from; closed: net_server_on_closed */
  /* Somebody holds connections elsewhere: asked at close() (then set held), and for getConnections, whose
   * callback is at `callback`, called with (err, count) by whoever sets this. */
  void (*closing)(lua_State *L, int server);
  void (*count)(lua_State *L, int server, int callback);
};

/* The user values that a class derived from Server in C may use begin here. */
enum { UV_NET_SERVER_FREE = UV_CLASS + 2 };

extern const ClassDef net_server_class, net_socket_class;
extern const ModuleDef net_module;

/* ---- sockets ---- */

NetSocket *net_socket_test(lua_State *L, int idx); /* NULL for anything else */

/* Pushes a Socket without a handle, of net_socket_class or a class derived in C. size: of the struct
 * that begins with NetSocket. [+1] */
NetSocket *net_socket_new(lua_State *L, const ClassDef *cls, size_t size, int extra);

/* Takes a connected TCP or unix socket and pushes a Socket that reads, unless paused. NULL and *err
 * otherwise: nothing is pushed and fd is left to the caller. [+1|0] */
NetSocket *net_socket_from_fd(lua_State *L, int fd, bool paused, int *err);

/* Gives a duplicate of the descriptor, non-blocking and close-on-exec, and lets the object go without
 * `end`: Node's way with a socket that is sent to another process. 0 or a uv error. */
int net_socket_detach(lua_State *L, int socket, int *fd);

int net_socket_fd(const NetSocket *s); /* -1: none */

/* Bytes, the end (UV_EOF) and errors go to read before anything else happens with them: bytes not at all
 * into the reading half, until read is NULL again. Runs under rt_enter and may raise. Bytes are only
 * borrowed; socket_push_chunk makes a Buffer of them without a copy. */
void net_socket_consume(NetSocket *s, SocketConsumer read);

/* Who consumes keeps a value in the socket, the one on top, and a pointer into it. [-1] */
void net_socket_set_owner(lua_State *L, int socket, void *owner);
void net_socket_push_owner(lua_State *L, int socket); /* that value, or nil. [+1] */

/* Connects as socket:connect(options, callback) does: options at opts. */
void net_socket_connect(lua_State *L, int socket, int opts);

/* setTimeout without a callback: `timeout` once nothing has happened for ms; 0: never. */
void net_socket_set_timeout(lua_State *L, int socket, uint64_t ms);

/* Pushes the Server that has accepted it, or nil. [+1] */
void net_socket_push_server(lua_State *L, int socket);

/* ---- servers ---- */

NetServer *net_server_test(lua_State *L, int idx);

/* Pushes a Server of the class. size: of the struct that begins with NetServer. [+1] */
NetServer *net_server_new(lua_State *L, const ClassDef *cls, size_t size, int extra);

/* Reads the options of createServer at opts (0: none). May raise. */
void net_server_options(lua_State *L, int server, int opts);

int net_server_fd(const NetServer *s); /* -1: none */

/* Takes a bound descriptor in every case, listens on it and accepts; `listening` or `error` come on the
 * next tick. backlog 0: 511. Returns 0 or a uv error. */
int net_server_listen_fd(lua_State *L, int server, int fd, int backlog);

/* It listens, but connections come by net_server_give. */
int net_server_listen_remote(lua_State *L, int server, const NetRemote *r);

/* It listens by one of these: closed is called once when close() stops that. */
void net_server_on_closed(lua_State *L, int server, void (*closed)(lua_State *L, int server));

/* Nobody can listen there: tells the flight recorder of the error on top; where TRACING. [0] */
void net_trace_failed(lua_State *L, bool udp);

/* listen has failed: `error` on the next tick. The error is on top. [-1] */
void net_server_listen_failed(lua_State *L, int server);

/* A connection as if accepted. True: taken. False, and fd is left to the caller: the server is closed
 * or full. */
bool net_server_give(lua_State *L, int server, int fd);

/* Something of `held` has changed: emits `close` when nothing is waited for any more. */
void net_server_drained(lua_State *L, int server);

/* Pushes `4:127.0.0.1:0`: family, address and port as listen was given them; nil before. [+1] */
void net_server_push_key(lua_State *L, int server);

/* What listen was asked for; strings are borrowed for the time of the call. */
typedef struct NetListen {
  const char *address;  /* NULL: none given, all of this machine */
  const char *path;     /* of a unix socket, else NULL */
  size_t path_len;
  int port;             /* -1 for a path */
  int address_type;     /* 4, 6, -1 for a path */
  int fd;               /* -1: none */
  unsigned flags;       /* UV_TCP_IPV6ONLY */
  bool reuse_port;      /* others may listen at the same port, each with a socket of its own */
  int backlog;          /* 0: not given */
  bool readable_all, writable_all;
} NetListen;

/* Every listen() that is not exclusive goes first to fn. True: fn has taken it over, and says by
 * net_server_listen_fd, _remote or _failed what came of it. Per runtime; NULL: no hook. */
typedef bool (*NetListenHook)(lua_State *L, int server, const NetListen *request);
void net_set_listen_hook(lua_State *L, NetListenHook fn);

/* ---- addresses ---- */

/* IP text (with %zone for IPv6) and port to an address; 0 or a uv error. */
int net_address(const char *ip, int port, struct sockaddr_storage *out);

/* The port, 0 for another family. */
int net_port_of(const struct sockaddr_storage *address);

/* Pushes { address, family = "IPv4"|"IPv6", port }, or an empty table for another family. [+1] */
void net_push_address(lua_State *L, const struct sockaddr_storage *address);

/* Pushes an Error of a failed syscall with address and port. words: `listen EADDRINUSE: address already
 * in use 127.0.0.1:80`, else `connect ECONNREFUSED 127.0.0.1:80`. address may be NULL; port < 0: none.
 * [+1] */
void net_push_error(lua_State *L, int status, const char *syscall, const char *address, int port,
                    bool words);

/* The port at idx as Node's validatePort takes it (integer or text of one). name as its error says it:
 * "options.port". */
int net_arg_port(lua_State *L, int idx, const char *name);
int net_arg_port_not_0(lua_State *L, int idx); /* "Port", from 1 on */

#endif
