/* SPDX-License-Identifier: MIT */
/* ipc_link.c - see ipc_link.h. */
#include "ipc_link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  READ_LEAST = 64 * 1024, /* room for each read */
  READ_MOST = 512 * 1024,
  WRITE_ITEMS = 32,       /* items of one write */
  APPEND_MOST = 64 * 1024 /* bytes of small messages that share an item */
};

/* Room for the control message of n descriptors. */
#define FD_ROOM(n) CMSG_SPACE((n) * sizeof(int))

int ipc_link_open(IpcLink *k, uv_loop_t *loop, int fd, FrameKind kind) {
  int err = uv_poll_init(loop, &k->poll, fd); /* makes it non-blocking */
  if (err) return err;
  k->fd = fd;
  k->watched = 0;
  frame_init(&k->frame, kind);
  list_init(&k->out);
  return 0;
}

void ipc_link_close(IpcLink *k) {
  if (k->fd >= 0) (void)close(k->fd);
  k->fd = -1;
  while (k->nfds > 0) (void)close(k->fds[--k->nfds]);
  frame_free(&k->frame);
}

int ipc_link_watch(IpcLink *k, uv_poll_cb cb) {
  int events = (k->reading ? UV_READABLE : 0) | (list_empty(&k->out) ? 0 : UV_WRITABLE);
  if (events == k->watched) return 0;
  k->watched = events;
  return events ? uv_poll_start(&k->poll, events, cb) : uv_poll_stop(&k->poll);
}

/* ---- reading ---- */

static void keep_fds(IpcLink *k, struct msghdr *msg) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < n; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      if (k->nfds < LINK_FDS) {
        k->fds[k->nfds++] = fd;
      } else {
        (void)close(fd);
        k->fds_lost = true;
      }
    }
  }
}

ssize_t ipc_link_read(IpcLink *k, bool *drained) {
  union {
    struct cmsghdr align;
    char bytes[FD_ROOM(LINK_FDS)];
  } control;
  struct iovec iov;
  char *p;
  *drained = true;
  if (!frame_space(&k->frame, READ_LEAST, &p, &iov.iov_len)) return UV_ENOMEM;
  iov.iov_base = p;
  if (iov.iov_len > READ_MOST) iov.iov_len = READ_MOST;
  struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
                        .msg_controllen = sizeof control.bytes };
  ssize_t n;
  do n = recvmsg(k->fd, &msg, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n < 0) return errno == EAGAIN ? 0 : -errno;
  if (n == 0) return UV_EOF;
  *drained = (size_t)n < iov.iov_len;
  frame_commit(&k->frame, (size_t)n);
  if (msg.msg_controllen > 0) {
    *drained = false; /* a descriptor ends a read early */
    keep_fds(k, &msg);
  }
  return n;
}

int ipc_link_take_fd(IpcLink *k) {
  if (k->nfds == 0) return -1;
  int fd = k->fds[0];
  memmove(k->fds, k->fds + 1, (size_t)--k->nfds * sizeof *k->fds);
  return fd;
}

/* ---- writing ---- */

static ssize_t put(IpcLink *k, struct iovec *iov, int n, int fd) {
  union {
    struct cmsghdr align;
    char bytes[FD_ROOM(1)];
  } control = { 0 };
  struct msghdr msg = { .msg_iov = iov, .msg_iovlen = (size_t)n };
  if (fd >= 0) {
    msg.msg_control = control.bytes;
    msg.msg_controllen = sizeof control.bytes;
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
  }
  ssize_t got;
  do got = sendmsg(k->fd, &msg, MSG_NOSIGNAL);
  while (got < 0 && errno == EINTR);
  if (got < 0) return errno == EAGAIN ? 0 : -errno;
  return got;
}

ssize_t ipc_link_offer(IpcLink *k, const char *bytes, size_t len, int fd) {
  struct iovec iov = { (char *)bytes, len };
  return put(k, &iov, 1, fd);
}

LinkOut *ipc_out_new(StrBuf *bytes) {
  LinkOut *item = calloc(1, sizeof *item);
  if (!item) return NULL;
  list_init(&item->link);
  item->bytes = *bytes;
  strbuf_init(bytes);
  item->fd = -1;
  item->frames = 1;
  return item;
}

void ipc_out_free(LinkOut *item) {
  if (item->fd >= 0) (void)close(item->fd);
  strbuf_free(&item->bytes);
  free(item);
}

void ipc_link_queue(IpcLink *k, LinkOut *item) {
  list_append(&k->out, &item->link);
  k->queued += item->bytes.len - item->off;
  k->frames += item->frames;
}

LinkOut *ipc_link_append(IpcLink *k, const char *bytes, size_t len) {
  if (list_empty(&k->out)) return NULL;
  LinkOut *item = list_entry(k->out.prev, LinkOut, link);
  if (item->callback || item->bytes.len + len > APPEND_MOST || !strbuf_reserve(&item->bytes, len))
    return NULL;
  strbuf_add(&item->bytes, bytes, len);
  k->queued += len;
  item->frames++;
  k->frames++;
  return item;
}

/* The first items as one write: as many as carry no descriptor, or start with one. */
static int gather(IpcLink *k, struct iovec *iov, size_t *bytes) {
  int n = 0;
  *bytes = 0;
  for (List *l = k->out.next; l != &k->out && n < WRITE_ITEMS; l = l->next) {
    LinkOut *item = list_entry(l, LinkOut, link);
    if (n > 0 && item->fd >= 0) break;
    iov[n] = (struct iovec){ item->bytes.p + item->off, item->bytes.len - item->off };
    *bytes += iov[n++].iov_len;
  }
  return n;
}

/* n bytes have gone. */
static void advance(IpcLink *k, size_t n, List *done) {
  k->queued -= n;
  while (n > 0) {
    LinkOut *item = list_entry(k->out.next, LinkOut, link);
    size_t left = item->bytes.len - item->off;
    if (item->fd >= 0) (void)close(item->fd);
    item->fd = -1;
    if (n < left) {
      item->off += n;
      return;
    }
    n -= left;
    k->frames -= item->frames;
    list_remove(&item->link);
    list_append(done, &item->link);
  }
}

int ipc_link_flush(IpcLink *k, List *done) {
  while (!list_empty(&k->out)) {
    struct iovec iov[WRITE_ITEMS];
    size_t bytes;
    int items = gather(k, iov, &bytes);
    ssize_t n = put(k, iov, items, list_entry(k->out.next, LinkOut, link)->fd);
    if (n <= 0) return (int)n;
    advance(k, (size_t)n, done);
    if ((size_t)n < bytes) return 0; /* the kernel is full */
  }
  return 0;
}
