/* SPDX-License-Identifier: MIT */
/* uv_stream.h - Socket: a Duplex over a libuv stream (pipe, tcp, tty).
 *
 * What child.stdout, process.stdin and a connection are. Reading stops in the kernel when the reader is
 * full or paused, so the other side feels it; written data is pinned until libuv is done with it. The
 * object is kept alive while it reads or a request is under way. Main-loop thread of its runtime only. */
#ifndef MOONFORK_UV_STREAM_H
#define MOONFORK_UV_STREAM_H

#include "stream.h"
#include "core/trace.h"

typedef struct Slab Slab;

/* Takes bytes in place of the reading half; n < 0: the end (UV_EOF) or an error, which then go on as
 * usual. self is the object. */
typedef void (*SocketConsumer)(lua_State *L, int self, const char *bytes, ssize_t n);

typedef struct Socket {
  Stream stream;
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
    uv_tty_t tty;
  } uv;
  Slab *slab;              /* borrows: what the sockets of this runtime read into */
  SocketConsumer consume;  /* NULL: the reading half gets the bytes */
  size_t read_most;        /* bytes of one read; 0: as many as there is room for */
  uint64_t bytes_read, bytes_written;
  uint64_t active;         /* uv_now when data last came or went */
  int requests;            /* writes, shutdowns, connects under way */
  int shared_fd, fd_flags; /* a descriptor that others use too, its flags are put back; -1: none */
  TracePipe told;          /* it is a child's standard stream, for the flight recorder */
  bool reading;            /* libuv reads */
  bool keep;               /* the object stays alive until it is closed, whatever is under way */
  bool had_error;          /* it was destroyed with one */
  bool lent;               /* a child has it as one of its stdio: what comes in is for the child */
} Socket;

extern const ClassDef socket_class;

/* How a Socket reads, writes and ends; for classes that look first. */
extern const StreamImpl socket_impl;

/* Pushes a Socket of the class (socket_class or derived) without a handle. size: of the struct that
 * begins with Socket. [+1] */
void *socket_new(lua_State *L, const ClassDef *cls, size_t size, int extra);

/* Pushes a Socket with an initialised uv_pipe_t, for uv_spawn, accept or connect. ipc: descriptors may
 * come with the bytes. Raises when that fails. [+1] */
Socket *socket_new_pipe(lua_State *L, bool ipc);

static inline uv_pipe_t *socket_pipe(Socket *k) { return &k->uv.pipe; }
static inline uv_stream_t *socket_stream(Socket *k) { return &k->uv.stream; }

/* Body of rt_enter with the Socket: its handle is closed. Emits `close`. */
int socket_closed(lua_State *L);

/* The uv stream inside k has been initialised: from now on it is closed with the Socket. */
void socket_opened(Socket *k);

/* The stream is connected: which halves there are. A readable one begins to read ahead, unless
 * paused. A Socket that never gets here (spawn failed) is let go with handle_close. */
void socket_start(lua_State *L, int self, bool readable, bool writable, bool paused);

/* Stops libuv's reading; the next read starts it again. */
void socket_read_stop(Socket *k);

/* Pushes a Buffer of bytes that the consumer has just been given, without a copy. [+1] */
void socket_push_chunk(lua_State *L, Socket *k, const char *bytes, size_t n);

/* A request that calls back has begun, is over: between them the object lives. */
void socket_request_begins(lua_State *L, Socket *k, int self);
void socket_request_ends(Socket *k);

/* The Socket at idx, NULL for anything else. */
Socket *socket_test(lua_State *L, int idx);

#endif
