/* SPDX-License-Identifier: MIT */
/* sockets.c - see sockets.h. */
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

typedef struct Address {
  union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
  } u;
  socklen_t len;
} Address;

/* The IP address of the wish; "::" where it names none. */
static int address_ip(const SocketWish *w, Address *a) {
  const char *text = w->address ? w->address : "::";
  memset(a, 0, sizeof *a);
  a->len = sizeof a->u.in6;
  if (uv_ip6_addr(text, w->port, &a->u.in6) == 0) return 0;
  a->len = sizeof a->u.in;
  return uv_ip4_addr(text, w->port, &a->u.in);
}

static int address_path(const char *path, Address *a) {
  size_t len = path ? strlen(path) : 0;
  memset(a, 0, sizeof *a);
  if (!len) return UV_EINVAL;
  if (len >= sizeof a->u.un.sun_path) return UV_ENAMETOOLONG;
  a->u.un.sun_family = AF_UNIX;
  memcpy(a->u.un.sun_path, path, len);
  a->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
  return 0;
}

static int set_option(int fd, int level, int name) {
  int on = 1;
  return setsockopt(fd, level, name, &on, sizeof on) == 0 ? 0 : -errno;
}

static int bind_address(const SocketWish *w, const Address *a, int *result) {
  bool tcp = w->kind == SOCKET_TCP, udp = w->kind == SOCKET_UDP4 || w->kind == SOCKET_UDP6;
  int type = (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, err = 0;
  int fd = socket(a->u.any.sa_family, type, 0);
  if (fd < 0) return -errno;
  if (tcp || (udp && (w->flags & WISH_REUSE_ADDRESS))) err = set_option(fd, SOL_SOCKET, SO_REUSEADDR);
  if (!err && a->u.any.sa_family == AF_INET6 && (w->flags & WISH_IPV6_ONLY))
    err = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY);
  if (!err && bind(fd, &a->u.any, a->len) != 0) err = -errno;
  if (err) (void)close(fd);
  else *result = fd;
  return err;
}

static int bind_any(const SocketWish *w, int *fd) {
  Address a;
  int err = address_ip(w, &a);
  if (err) return err;
  err = bind_address(w, &a, fd);
  if (w->address || (err != UV_EAFNOSUPPORT && err != UV_EINVAL && err != UV_EADDRNOTAVAIL)) return err;
  SocketWish v4 = *w; /* a system without IPv6 */
  v4.address = "0.0.0.0";
  err = address_ip(&v4, &a);
  return err ? err : bind_address(&v4, &a, fd);
}

static int bind_path(const SocketWish *w, int *fd) {
  Address a;
  mode_t mode = (w->readable_all ? 0444 : 0) | (w->writable_all ? 0222 : 0);
  int err = address_path(w->address, &a);
  if (!err) err = bind_address(w, &a, fd);
  if (err == UV_ENOENT) err = UV_EACCES; /* as libuv reports a folder that is not there */
  if (err || !mode) return err;
  struct stat st;
  if (stat(w->address, &st) == 0 && chmod(w->address, (st.st_mode & 0777) | mode) == 0) return 0;
  err = -errno;
  (void)close(*fd);
  (void)unlink(w->address);
  return err;
}

/* A copy, so that whoever opened it may close it. */
static int use_fd(int from, int *fd) {
  int type;
  socklen_t len = sizeof type;
  if (getsockopt(from, SOL_SOCKET, SO_TYPE, &type, &len) != 0) return -errno;
  int copy = fcntl(from, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return -errno;
  (void)fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) | O_NONBLOCK);
  *fd = copy;
  return 0;
}

int socket_bind(const SocketWish *w, int *fd) {
  if (w->fd >= 0) return use_fd(w->fd, fd);
  if (w->kind == SOCKET_UNIX) return bind_path(w, fd);
  return bind_any(w, fd);
}

int socket_name(int fd, struct sockaddr_storage *name) {
  socklen_t len = sizeof *name;
  return getsockname(fd, (struct sockaddr *)name, &len) == 0 ? 0 : -errno;
}
