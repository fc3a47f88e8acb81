/* SPDX-License-Identifier: MIT */
/* trace_folder.h - the folder of a run: for trace.c, and for who looks for a run from outside. */
#ifndef MOONFORK_TRACE_FOLDER_H
#define MOONFORK_TRACE_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

/* What the names of folders begin with that trace_begin makes, and the file that such a folder has. */
#define TRACE_FOLDER_PREFIX "moonfork-"
#define TRACE_FOLDER_MAKER "maker"

/* When this process began, as /proc/PID/stat has it. */
uint64_t trace_start_time(void);

/* What speaks against using the open folder, NULL: nothing. Text of strerror in part: main thread. */
const char *trace_folder_fault(int fd);

/* Has the environment (an open /proc/PID/environ) name=value? Async-signal-safe. */
bool environ_has(int fd, const char *name, const char *value);

/* Bytes that may still be written there: some are left to others. */
uint64_t trace_room(int dirfd);

#endif
