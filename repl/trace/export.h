/* SPDX-License-Identifier: MIT */
/* export.h - a trace as text for other programs. */
#ifndef MOONFORK_TRACE_EXPORT_H
#define MOONFORK_TRACE_EXPORT_H

#include <stdio.h>
#include "read.h"

/* One JSON object a line: {v,t,pid,tid,seq,ev,...}, the rest as the table trace_events names it; what it
 * counts in ms ends in "_ms". */
void export_ndjson(const TraceLog *log, FILE *out);

/* Chrome's trace format, which Perfetto opens: messages are flows between slices, blocks slices, lag and
 * memory counters, jobs of the pool async events. */
int export_chrome(const TraceLog *log, FILE *out); /* 0 or UV_ENOMEM: then nothing is written */

/* The fields of a record: `"name":value` with a comma before each. */
void export_fields(const TraceRecord *r, FILE *out);

/* Writes the text as a JSON string. */
void export_text(const char *text, size_t len, FILE *out);

typedef struct ExportHow {
  bool chrome; /* Chrome's format, else NDJSON */
  bool fresh;  /* a file that is there already is refused: -EEXIST */
} ExportHow;

/* Writes the folder's trace into the file; path NULL: standard output. 0 or a negative uv error; *records says
 * how many there were. */
int export_file(int dirfd, const char *path, ExportHow how, size_t *records);

#endif
