/* SPDX-License-Identifier: MIT */
/* trace_folder.h - the folder of a run, for trace.c alone. */
#ifndef MOONFORK_TRACE_FOLDER_H
#define MOONFORK_TRACE_FOLDER_H

#include <stdint.h>

/* When this process began, as /proc/PID/stat has it. */
uint64_t trace_start_time(void);

/* Bytes that may still be written there: some are left to others. */
uint64_t trace_room(int dirfd);

#endif
