/* SPDX-License-Identifier: MIT */
/* sockets.h - the sockets that workers ask the primary for: system calls only, no Lua, no libuv loop. */
#ifndef MOONFORK_CLUSTER_SOCKETS_H
#define MOONFORK_CLUSTER_SOCKETS_H

#include <stdbool.h>
#include <sys/socket.h>

typedef enum SocketKind { SOCKET_TCP, SOCKET_UNIX, SOCKET_UDP4, SOCKET_UDP6 } SocketKind;

/* Flags of a request, as Node sends them. */
enum { WISH_IPV6_ONLY = 1, WISH_REUSE_ADDRESS = 4 };

/* What a worker asks for. Borrows its strings. */
typedef struct SocketWish {
  SocketKind kind;
  const char *address; /* an IP address or a path; NULL: any address, IPv6 with IPv4 if there is IPv6 */
  int port, flags;
  int fd;              /* a socket of the primary's to use instead, -1: none */
  bool readable_all, writable_all; /* who may connect to a path */
} SocketWish;

/* Pushes nothing, raises nothing: a bound socket (non-blocking, close-on-exec) in *fd, which the caller
 * owns, and 0, or a uv error. */
int socket_bind(const SocketWish *wish, int *fd);

/* The address the socket is bound to; 0 or a uv error. */
int socket_name(int fd, struct sockaddr_storage *name);

#endif
