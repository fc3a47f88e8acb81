/* SPDX-License-Identifier: MIT */
/* proc.h - what /proc says of processes. Needs no Lua state. */
#ifndef MOONFORK_PROC_H
#define MOONFORK_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Proc {
  int pid, ppid, pgrp;
  char state;        /* R S D Z T ... */
  uint64_t start;    /* clock ticks since boot: with pid it names one process for good */
  long rss_kib, threads;
  char name[64];     /* its own name, 15 bytes at most */
} Proc;

/* Reads /proc/PID/stat; false when there is no such process. */
bool proc_read(int pid, Proc *proc);

/* The state of the very process that began then: 'X' when it is gone, whoever has its pid now. */
char proc_state(int pid, uint64_t start);
bool proc_lives(int pid, uint64_t start); /* a zombie does not */

/* Sends the signal to the process that has the pid now, if `still` finds it to be the one that is meant; who gets
 * the number meanwhile is never hit. 0 or a negative errno; -ESRCH: it was not. */
int proc_signal(int pid, int number, bool (*still)(int pid, void *ctx), void *ctx);

/* All processes, by pid. Returns how many, *list is the caller's to free; 0 and NULL without /proc. */
size_t proc_all(Proc **list);

/* The command line with blanks between the words, cut to size; its name when it has none. */
void proc_command(int pid, char *text, size_t size);

/* "running", "sleeping", "zombie", ... */
const char *proc_state_name(char state);

/* Who adopts a child whose parent has died here: starts an orphan, which reads its new parent. 0 when
 * that failed. Takes a few milliseconds. */
int proc_find_adopter(void);

#endif
