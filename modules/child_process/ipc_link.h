/* SPDX-License-Identifier: MIT */
/* ipc_link.h - the socket of a channel: bytes both ways, and descriptors that travel with them.
 *
 * An IpcLink owns its descriptor, what waits to be written and what has arrived and is not taken yet.
 * It knows no Lua. Received bytes go straight into the frame; received descriptors wait in the order
 * they came. */
#ifndef MOONFORK_IPC_LINK_H
#define MOONFORK_IPC_LINK_H

#include "../core/frame.h"
#include "../core/list.h"
#include "../core/strbuf.h"

#include <sys/types.h>
#include <uv.h>

enum { LINK_FDS = 32 }; /* received descriptors that may wait */

/* A message that the kernel has not taken whole. */
typedef struct LinkOut {
  List link;
  StrBuf bytes;
  size_t off;
  unsigned frames; /* messages in it */
  int fd;       /* goes with the first byte; owned; -1: none */
  int callback; /* pin of the sender's, 0: none */
} LinkOut;

typedef struct IpcLink {
  uv_poll_t poll;
  int fd;              /* -1 once closed */
  int watched;         /* events that poll waits for */
  bool reading;
  Frame frame;
  List out;            /* of LinkOut */
  size_t queued;       /* bytes in it */
  unsigned frames;     /* messages in it; one counts until its whole item has gone */
  int fds[LINK_FDS];   /* received, the oldest first */
  int nfds;
  bool fds_lost;       /* more came than can wait */
} IpcLink;

/* Takes the descriptor, which it makes non-blocking; 0 or a uv error, and then fd is still the caller's.
 * On success link->poll is an initialised handle, which the caller closes before ipc_link_close. */
int ipc_link_open(IpcLink *k, uv_loop_t *loop, int fd, FrameKind kind);

/* Closes what it owns; items in out are left to be freed by the caller. May be called twice, and on a
 * zeroed link whose fd is -1. */
void ipc_link_close(IpcLink *k);

/* Begins to read, or brings the events that are waited for in step with what there is to write. */
int ipc_link_watch(IpcLink *k, uv_poll_cb cb);

/* One read into the frame: how many bytes, 0: nothing there now, else UV_EOF or another uv error. */
ssize_t ipc_link_read(IpcLink *k, bool *drained);

/* The oldest descriptor received, now the caller's; -1: none. */
int ipc_link_take_fd(IpcLink *k);

/* Offers the bytes, with fd (-1: none, borrowed) to go with the first of them, to the kernel: how many it
 * took (fd has gone when there are any), 0: none now, or a uv error. Nothing may be waiting. */
ssize_t ipc_link_offer(IpcLink *k, const char *bytes, size_t len, int fd);

/* Queues an item, which is taken. */
void ipc_link_queue(IpcLink *k, LinkOut *item);

/* Adds a copy of the bytes to the last item that waits, when that has no callback and is not large
 * already: the item, else NULL. */
LinkOut *ipc_link_append(IpcLink *k, const char *bytes, size_t len);

/* Writes what the kernel takes; finished items move to done. 0 or a uv error. */
int ipc_link_flush(IpcLink *k, List *done);

/* An item that takes the memory of bytes; NULL, and bytes untouched, when memory is short. */
LinkOut *ipc_out_new(StrBuf *bytes);
void ipc_out_free(LinkOut *item);

#endif
