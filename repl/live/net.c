/* SPDX-License-Identifier: MIT */
/* net.c - which sockets listen (or are bound, of UDP), by /proc/self/net; see scan.h. */
#include "scan.h"
#include "ring.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTENS = 0x0A, UNCONNECTED = 0x07, ACCEPTS = 0x10000 }; /* TCP_LISTEN, TCP_CLOSE, __SO_ACCEPTCON */

/* Each group of eight digits is a word in the machine's byte order, as the address lies in memory. */
static bool parse_address(const char *hex, bool v6, char *text, size_t size) {
  uint32_t words[4];
  int count = v6 ? 4 : 1, used;
  for (int i = 0; i < count; i++, hex += 8)
    if (sscanf(hex, "%8x%n", &words[i], &used) != 1 || used != 8) return false;
  return *hex == ':' && inet_ntop(v6 ? AF_INET6 : AF_INET, words, text, (socklen_t)size);
}

static bool parse_inet(const char *line, bool v6, unsigned wanted, NetSocket *socket) {
  char local[48];
  unsigned state, port;
  unsigned long long inode;
  *socket = (NetSocket){ 0 };
  if (sscanf(line, " %*u: %47s %*s %x %*s %*s %*s %*s %*s %llu", local, &state, &inode) != 3) return false;
  char *colon = strchr(local, ':');
  if (state != wanted || !inode || !colon || sscanf(colon + 1, "%4x", &port) != 1) return false;
  socket->inode = inode;
  socket->port = (int)port;
  return parse_address(local, v6, socket->address, sizeof socket->address);
}

bool net_parse_tcp(const char *line, bool v6, NetSocket *socket) { return parse_inet(line, v6, LISTENS, socket); }

bool net_parse_udp(const char *line, bool v6, NetSocket *socket) {
  bool bound = parse_inet(line, v6, UNCONNECTED, socket) && socket->port > 0;
  socket->udp = bound;
  return bound;
}

bool net_parse_unix(const char *line, NetSocket *socket) {
  unsigned flags;
  unsigned long long inode;
  int path = 0;
  *socket = (NetSocket){ 0 };
  if (sscanf(line, "%*s %*x %*x %x %*x %*x %llu %n", &flags, &inode, &path) != 2) return false;
  if (!(flags & ACCEPTS) || !inode) return false;
  (void)snprintf(socket->address, sizeof socket->address, "%s", path ? line + path : "");
  socket->address[strcspn(socket->address, "\n")] = '\0';
  ring_clean(socket->address, strlen(socket->address));
  socket->inode = inode;
  return true;
}

static void add_socket(Net *net, const NetSocket *socket) {
  if (net->count == net->space) {
    size_t space = net->space ? net->space * 2 : 64;
    NetSocket *grown = realloc(net->list, space * sizeof *grown);
    if (!grown) return;
    net->list = grown;
    net->space = space;
  }
  net->list[net->count++] = *socket;
}

typedef enum Table { TCP4, TCP6, UDP4, UDP6, UNIX } Table;

static bool parse(const char *line, Table table, NetSocket *socket) {
  switch (table) {
  case TCP4: case TCP6: return net_parse_tcp(line, table == TCP6, socket);
  case UDP4: case UDP6: return net_parse_udp(line, table == UDP6, socket);
  default: return net_parse_unix(line, socket);
  }
}

static void read_table(Net *net, const char *path, Table table) {
  FILE *f = fopen(path, "re");
  char line[512];
  NetSocket socket;
  if (!f) return;
  while (fgets(line, sizeof line, f))
    if (parse(line, table, &socket)) add_socket(net, &socket);
  (void)fclose(f);
}

static int by_inode(const void *a, const void *b) {
  const NetSocket *x = a, *y = b;
  return (x->inode > y->inode) - (x->inode < y->inode);
}

void net_read(Net *net) {
  net->count = 0;
  read_table(net, "/proc/self/net/tcp", TCP4);
  read_table(net, "/proc/self/net/tcp6", TCP6);
  read_table(net, "/proc/self/net/udp", UDP4);
  read_table(net, "/proc/self/net/udp6", UDP6);
  read_table(net, "/proc/self/net/unix", UNIX);
  if (net->count) qsort(net->list, net->count, sizeof *net->list, by_inode);
}

const NetSocket *net_find(const Net *net, uint64_t inode) {
  NetSocket wanted = { .inode = inode };
  return net->count ? bsearch(&wanted, net->list, net->count, sizeof wanted, by_inode) : NULL;
}

void net_free(Net *net) {
  free(net->list);
  *net = (Net){ 0 };
}

/* ---- a holder outside of the run ---- */

typedef struct Search { uint64_t inode; bool found; } Search;

static void compare_inode(void *ctx, int fd, uint64_t inode) {
  Search *search = ctx;
  (void)fd;
  search->found = search->found || inode == search->inode;
}

int net_holder(uint64_t inode, char *name, size_t size) {
  DIR *dir = opendir("/proc");
  Search search = { inode, false };
  int pid = 0;
  if (!dir) return 0;
  for (struct dirent *entry; !search.found && (entry = readdir(dir));) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    pid = atoi(entry->d_name);
    scan_sockets(pid, compare_inode, &search);
  }
  (void)closedir(dir);
  ProcStat stat;
  if (!search.found || !scan_stat(pid, 0, &stat)) return 0;
  (void)snprintf(name, size, "%s", stat.name);
  return pid;
}
