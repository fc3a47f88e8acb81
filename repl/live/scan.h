/* SPDX-License-Identifier: MIT */
/* scan.h - what only the kernel knows: processes, their threads and descriptors, listening sockets.
 *
 * Reads /proc into lists of its own; nothing here knows the model. */
#ifndef MOONFORK_LIVE_SCAN_H
#define MOONFORK_LIVE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ProcStat {
  int pid, ppid, pgrp, nthreads;
  char state;
  uint64_t start;            /* clock ticks since boot */
  uint64_t cpu;              /* clock ticks used, user and system */
  uint64_t rss;              /* bytes */
  int exit_status;           /* of a zombie, as wait() tells it; -1: not told */
  char name[32];
} ProcStat;

typedef struct Scan {
  ProcStat *list;            /* by age; owns */
  size_t count, space;
  int *foreign;              /* pids, sorted: not of the run at the last full scan, not read again; owns */
  size_t nforeign, foreign_space;
  unsigned turn;
  bool works;                /* /proc is there */
} Scan;

/* A socket that listens, or of UDP one that is bound. */
typedef struct NetSocket {
  uint64_t inode;
  int port;                  /* 0: unix */
  bool udp;
  char address[64];
} NetSocket;

typedef struct Net {
  NetSocket *list;           /* by inode; owns */
  size_t count, space;
} Net;

/* A descriptor that is a socket. */
typedef void (*ScanFd)(void *ctx, int fd, uint64_t inode);

/* Reads /proc/PID/stat, or that of one of its threads (tid not 0). */
bool scan_stat(int pid, int tid, ProcStat *stat);

/* Below 0 when the first of two processes is the older one, 0 for the same one. */
int scan_order(uint64_t start, int pid, uint64_t other_start, int other_pid);

/* Reads all processes; those that scan_foreign named are left out, but for one scan in eight. */
void scan_all(Scan *scan);

/* The process is not of the run: from the list of the last scan. Call scan_settle after all of them. */
void scan_foreign(Scan *scan, int pid);
/* It is of the run after all. */
void scan_familiar(Scan *scan, int pid);
void scan_settle(Scan *scan);
void scan_free(Scan *scan);

/* The standard stream (1 or 2) to which the process waits to write because its pipe or socket is full; 0: none. Only where
 * we may look so deep: the system asks for as much as for a debugger. */
int scan_full_pipe(int pid);

/* How many descriptors a process has open, -1: that cannot be seen. */
int scan_count_fds(int pid);
void scan_sockets(int pid, ScanFd fn, void *ctx);

/* Reads what listens, TCP on both protocols and unix sockets, and what is bound of UDP. */
void net_read(Net *net);
const NetSocket *net_find(const Net *net, uint64_t inode);
void net_free(Net *net);

/* A process of this machine that holds the socket, 0: none that can be seen. */
int net_holder(uint64_t inode, char *name, size_t size);

/* Parses one line of net/tcp or net/tcp6 (v6), of net/udp or net/udp6, or of net/unix. False: it is no such socket. */
bool net_parse_tcp(const char *line, bool v6, NetSocket *socket);
bool net_parse_udp(const char *line, bool v6, NetSocket *socket);
bool net_parse_unix(const char *line, NetSocket *socket);

#endif
