/* SPDX-License-Identifier: MIT */
/* link.h - one connection between a prompt and a door, at either end: frames over a unix socket.
 *
 * A frame is a length (u32, big-endian), a byte that says what it is, and its bytes; 1 MiB at most. Numbers
 * in it are u32, big-endian. The socket lies in the run's trace folder (0700, mode 0600) and is opened
 * through the folder's descriptor, so the folder's path may be of any length; each end asks the kernel who
 * the other one is. A Link frees itself once it is closed. No Lua; the thread of its loop only. */
#ifndef MOONFORK_INSIDE_LINK_H
#define MOONFORK_INSIDE_LINK_H

#include "../../modules/core/frame.h"
#include "../../modules/core/handle.h"
#include "../../modules/core/strbuf.h"

enum {
  LINK_LIMIT = 1 << 20,   /* bytes of a frame */
  LINK_PIECE = 64 * 1024, /* bytes of output in one frame */
  LINK_BACKLOG = 1 << 20, /* bytes that may wait to be written */
  LINK_NAME = 96
};

/* What frames are. */
enum {
  /* to the door */
  FRAME_HELLO = 'h',    /* colours, width, text: the guest's terminal */
  FRAME_EVAL = 'e',     /* serial, text: a line, or a dot command */
  FRAME_CANCEL = 'c',   /* serial: the line is not wanted any more */
  FRAME_COMPLETE = 't', /* serial, point, text */
  FRAME_SLOW = 's',     /* milliseconds; no HELLO is needed before it */
  /* from the door */
  FRAME_WELCOME = 'H',
  FRAME_REFUSED = 'R',  /* text: why */
  FRAME_BEGUN = 'b',    /* serial: the line runs now */
  FRAME_OUT = 'o',      /* fd, bytes */
  FRAME_DONE = 'd',     /* serial */
  FRAME_WORDS = 'w',    /* serial, start, words divided by NUL */
  FRAME_SLOWED = 'S'    /* milliseconds; text: why not, or nothing */
};

typedef struct Link Link;

struct Link {
  Handle base;
  uv_poll_t uv;
  int fd;
  int peer;             /* pid of the other end */
  Frame in;
  StrBuf out;           /* not written yet */
  size_t off;
  bool failed;          /* the other side is gone, or was thrown out */
  void (*frame)(Link *k, int kind, const char *bytes, size_t len);
  void (*gone)(Link *k); /* called once; the link is closing then */
  void *ctx;
};

/* The door's name in the folder. */
void link_name(char name[LINK_NAME], int pid, unsigned long long start, int tid);

/* Makes the socket that listens under the name; its descriptor, or a negative uv error. */
int link_listen(int dirfd, const char *name);

/* Connects to it: a descriptor, or a negative uv error; UV_EPERM: it is not this user's, or not of `pid`. */
int link_connect(int dirfd, const char *name, int pid);

/* The next connection of this user's; UV_EAGAIN: none waits. Others are closed. */
int link_accept(int listener, int *peer);

/* Takes the descriptor; NULL (fd is closed) without memory. The loop is not held. */
Link *link_new(Runtime *rt, int fd, int peer, void *ctx, void (*frame)(Link *, int, const char *, size_t),
               void (*gone)(Link *));
void link_close(Link *k);

/* Sends a frame of the bytes and, behind them, more. What the system does not take now is written later;
 * with too much of that the link fails. */
void link_send(Link *k, int kind, const void *bytes, size_t len, const void *more, size_t more_len);
void link_send_number(Link *k, int kind, uint32_t number, const char *text);

/* Writes what waits, waiting for the other side; false, and the link has failed, when that takes nothing for
 * `patience` ms. Ends early when *stop is not 0. */
bool link_drain(Link *k, int patience, const _Atomic int *stop);

/* Is a frame of the kind that begins with the number among those that came and were not handled yet? */
bool link_holds(const Link *k, int kind, uint32_t number);

/* Handles what comes within ms, or until *done. */
void link_pump(Link *k, int ms, const bool *done);

/* Numbers in frames. */
void link_put(char to[4], uint32_t number);
bool link_get(const char **bytes, size_t *len, uint32_t *number);

#endif
