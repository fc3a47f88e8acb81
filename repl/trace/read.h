/* SPDX-License-Identifier: MIT */
/* read.h - all records of a trace folder in the order of their times, for export. */
#ifndef MOONFORK_TRACE_READ_H
#define MOONFORK_TRACE_READ_H

#include "../live/ring.h"

typedef struct TraceItem {
  TraceRecord r;       /* r.seq: the record's number in its ring, from 1 */
  uint32_t ring;
} TraceItem;

typedef struct TraceLog {
  Ring *rings;         /* owns; none is open */
  size_t nrings;
  TraceItem *items;    /* owns */
  size_t count, room;
  uint64_t lost;       /* overwritten before they were read */
  bool failed;         /* memory ran out: the rest is missing */
} TraceLog;

/* Reads what is there now. 0 or a negative uv error; trace_log_free in either case. */
int trace_log_read(TraceLog *log, int dirfd);
void trace_log_free(TraceLog *log);

#endif
