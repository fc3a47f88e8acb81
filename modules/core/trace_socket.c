/* SPDX-License-Identifier: MIT */
/* trace_socket.c - what a record says of a socket, asked of its descriptor; see trace.h. */
#include "trace.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static int type_of(int fd) {
  int type = 0;
  socklen_t len = sizeof type;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 ? type : -1;
}

/* An abstract path is shown as ss and lsof do. */
static void path_of(const struct sockaddr_un *name, socklen_t len, char *text, size_t size) {
  size_t n = len > offsetof(struct sockaddr_un, sun_path) ? len - offsetof(struct sockaddr_un, sun_path) : 0;
  bool abstract = n > 1 && name->sun_path[0] == '\0';
  (void)snprintf(text, size, "%s%.*s", abstract ? "@" : "", (int)(abstract ? n - 1 : n), name->sun_path + abstract);
}

static int address_of(const struct sockaddr_storage *name, socklen_t len, char *text, size_t size) {
  if (name->ss_family == AF_INET) {
    const struct sockaddr_in *a = (const struct sockaddr_in *)name;
    (void)inet_ntop(AF_INET, &a->sin_addr, text, (socklen_t)size);
    return ntohs(a->sin_port);
  }
  if (name->ss_family == AF_INET6) {
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)name;
    (void)inet_ntop(AF_INET6, &a->sin6_addr, text, (socklen_t)size);
    return ntohs(a->sin6_port);
  }
  if (name->ss_family == AF_UNIX) path_of((const struct sockaddr_un *)name, len, text, size);
  return 0;
}

TraceSocket trace_socket_ask(int fd) {
  TraceSocket s = { .fd = fd, .address = "" };
  struct sockaddr_storage name = { .ss_family = AF_UNSPEC }, peer;
  socklen_t len = sizeof name, room = sizeof peer;
  struct stat st;
  if (fd < 0) return s;
  if (fstat(fd, &st) == 0) s.inode = (int64_t)st.st_ino;
  int type = type_of(fd);
  s.type = type < 0                                                    ? "fd"
           : type == SOCK_DGRAM                                        ? "dgram.Socket"
           : getpeername(fd, (struct sockaddr *)&peer, &room) == 0 ? "net.Socket"
                                                                       : "net.Server";
  size_t at = type == SOCK_DGRAM ? (size_t)snprintf(s.address, sizeof s.address, "udp ") : 0;
  if (getsockname(fd, (struct sockaddr *)&name, &len) == 0)
    s.port = address_of(&name, len, s.address + at, sizeof s.address - at);
  return s;
}

void trace_socket(Trace *t, TraceEvent event, int fd) {
  TraceSocket s = trace_socket_ask(fd);
  trace_add(t, event, (TraceArgs){ { s.port, s.inode, fd } }, s.address, NULL);
}
