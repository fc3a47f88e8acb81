/* SPDX-License-Identifier: MIT */
/* link.c - see link.h. */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024, READS = 4, WAITING = 64 };

/* ---- the socket ---- */

void link_name(char name[LINK_NAME], int pid, unsigned long long start, int tid) {
  (void)snprintf(name, LINK_NAME, "%d.%llu.%d.sock", pid, start, tid);
}

/* The folder's path may be longer than an address: its descriptor is not. */
static struct sockaddr_un address_of(int dirfd, const char *prefix, const char *name) {
  struct sockaddr_un at = { .sun_family = AF_UNIX };
  (void)snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/%s%s", dirfd, prefix, name);
  return at;
}

static int new_socket(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return fd < 0 ? -errno : fd;
}

/* It gets its name when it listens already, so that nobody is refused in between. */
int link_listen(int dirfd, const char *name) {
  char draft[LINK_NAME + 2];
  struct sockaddr_un at = address_of(dirfd, ".", name);
  (void)snprintf(draft, sizeof draft, ".%s", name);
  int fd = new_socket(), err;
  if (fd < 0) return fd;
  (void)unlinkat(dirfd, draft, 0); /* left by nobody who lives */
  if (fchmod(fd, 0600) != 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0) {
    err = -errno;
    (void)close(fd);
    return err;
  }
  if (listen(fd, WAITING) == 0 && renameat(dirfd, draft, dirfd, name) == 0) return fd;
  err = -errno;
  (void)unlinkat(dirfd, draft, 0);
  (void)close(fd);
  return err;
}

/* Is the other end this user's? */
static bool is_ours(int fd, int *pid) {
  struct ucred peer;
  socklen_t len = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) return false;
  *pid = (int)peer.pid;
  return peer.uid == geteuid();
}

int link_connect(int dirfd, const char *name, int pid) {
  struct sockaddr_un at = address_of(dirfd, "", name);
  struct stat st;
  int fd, peer, err;
  if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
  if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid()) return UV_EPERM;
  if ((fd = new_socket()) < 0) return fd;
  if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) err = -errno;
  else err = is_ours(fd, &peer) && peer == pid ? 0 : UV_EPERM;
  if (err == 0) return fd;
  (void)close(fd);
  return err;
}

int link_accept(int listener, int *peer) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0) return -errno;
    if (is_ours(fd, peer)) return fd;
    (void)close(fd);
  }
}

/* ---- life ---- */

static void on_poll(uv_poll_t *uv, int status, int events);

static void link_release(Handle *h) {
  Link *k = (Link *)h;
  (void)close(k->fd);
  frame_free(&k->in);
  strbuf_free(&k->out);
}

Link *link_new(Runtime *rt, int fd, int peer, void *ctx, void (*frame)(Link *, int, const char *, size_t),
               void (*gone)(Link *)) {
  Link *k = handle_new_internal(rt, sizeof *k);
  if (!k || uv_poll_init(&rt->loop, &k->uv, fd) != 0) {
    free(k);
    (void)close(fd);
    return NULL;
  }
  k->fd = fd;
  k->peer = peer;
  k->frame = frame;
  k->gone = gone;
  k->ctx = ctx;
  k->base.release = link_release;
  frame_init(&k->in, FRAME_LENGTHS);
  k->in.limit = LINK_LIMIT;
  strbuf_init(&k->out);
  handle_opened(&k->base, (uv_handle_t *)&k->uv);
  uv_unref((uv_handle_t *)&k->uv);
  (void)uv_poll_start(&k->uv, UV_READABLE, on_poll);
  return k;
}

void link_close(Link *k) {
  k->failed = true;
  k->gone = NULL;
  handle_close(&k->base);
}

static void fail(Link *k) {
  void (*gone)(Link *) = k->gone;
  k->failed = true;
  k->gone = NULL;
  handle_close(&k->base);
  if (gone) gone(k);
}

/* ---- writing ---- */

void link_put(char to[4], uint32_t number) {
  for (int i = 0; i < 4; i++) to[i] = (char)(number >> (24 - 8 * i));
}

bool link_get(const char **bytes, size_t *len, uint32_t *number) {
  const unsigned char *p = (const unsigned char *)*bytes;
  if (*len < 4) return false;
  *number = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  *bytes += 4;
  *len -= 4;
  return true;
}

/* The link is told of it by its loop: whoever sends may not expect to lose it. */
static void give_up(Link *k) {
  k->failed = true;
  (void)shutdown(k->fd, SHUT_RDWR);
}

/* Offers what waits to the system. False: the other side is gone. */
static bool flush(Link *k) {
  while (k->off < k->out.len) {
    ssize_t n = send(k->fd, k->out.p + k->off, k->out.len - k->off, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    k->off += (size_t)n;
  }
  strbuf_clear(&k->out);
  k->off = 0;
  return true;
}

static void watch(Link *k) {
  if (handle_is_open(&k->base))
    (void)uv_poll_start(&k->uv, UV_READABLE | (k->out.len > k->off ? UV_WRITABLE : 0), on_poll);
}

void link_send(Link *k, int kind, const void *bytes, size_t len, const void *more, size_t more_len) {
  char head[5];
  if (k->failed) return;
  link_put(head, (uint32_t)(1 + len + more_len));
  head[4] = (char)kind;
  strbuf_add(&k->out, head, sizeof head);
  if (len) strbuf_add(&k->out, bytes, len);
  if (more_len) strbuf_add(&k->out, more, more_len);
  bool waits = k->off > 0;
  if (k->out.failed || (!waits && !flush(k)) || k->out.len - k->off > 2 * LINK_BACKLOG) give_up(k);
  watch(k);
}

void link_send_number(Link *k, int kind, uint32_t number, const char *text) {
  char n[4];
  link_put(n, number);
  link_send(k, kind, n, sizeof n, text, text ? strlen(text) : 0);
}

bool link_drain(Link *k, int patience, const _Atomic int *stop) {
  while (!k->failed && k->out.len > k->off && !(stop && *stop)) {
    struct pollfd p = { .fd = k->fd, .events = POLLOUT };
    size_t before = k->off;
    int n = poll(&p, 1, patience);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || !flush(k) || (k->out.len && k->off == before)) give_up(k);
  }
  watch(k);
  return !k->failed;
}

/* ---- reading ---- */

/* One read; -1: the other side is gone, 0: nothing there now. */
static int take_bytes(Link *k) {
  char *p;
  size_t room;
  if (!frame_space(&k->in, READ_SIZE, &p, &room)) return -1;
  ssize_t n = recv(k->fd, p, room, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (n == 0) return -1;
  frame_commit(&k->in, (size_t)n);
  return 1;
}

static void handle_frames(Link *k) {
  const char *bytes;
  size_t len;
  FrameResult result = FRAME_MORE;
  while (handle_is_open(&k->base) && !k->failed && (result = frame_next(&k->in, &bytes, &len)) == FRAME_MESSAGE)
    if (len) k->frame(k, (unsigned char)bytes[0], bytes + 1, len - 1);
  if (result == FRAME_TOO_LONG) k->failed = true;
}

static void on_poll(uv_poll_t *uv, int status, int events) {
  Link *k = uv->data;
  int got = 1;
  if (events & UV_WRITABLE && !k->failed && !flush(k)) k->failed = true;
  if (status < 0 || events & UV_READABLE)
    for (int i = 0; i < READS && got > 0; i++) got = take_bytes(k);
  handle_frames(k); /* also what came before the end */
  if (!handle_is_open(&k->base)) return;
  if (got < 0 || k->failed) fail(k);
  else watch(k);
}

bool link_holds(const Link *k, int kind, uint32_t number) {
  const char *p = k->in.buf + k->in.start, *end = k->in.buf + k->in.end;
  while (end - p >= 9) {
    size_t left = (size_t)(end - p);
    uint32_t len, n;
    (void)link_get(&p, &left, &len);
    if (len > left) return false;
    const char *body = p + 1;
    size_t size = len - 1;
    if (len >= 5 && *p == kind && link_get(&body, &size, &n) && n == number) return true;
    p += len;
  }
  return false;
}

void link_pump(Link *k, int ms, const bool *done) {
  uint64_t end = uv_hrtime() + (uint64_t)ms * 1000000, now;
  while (!*done && !k->failed && (now = uv_hrtime()) < end) {
    struct pollfd p = { .fd = k->fd, .events = POLLIN };
    int n = poll(&p, 1, (int)((end - now + 999999) / 1000000));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    if (take_bytes(k) < 0) return; /* the loop will find out */
    handle_frames(k);
  }
}
