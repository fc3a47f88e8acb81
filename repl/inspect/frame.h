/* SPDX-License-Identifier: MIT */
/* frame.h - the model as lines of JSON (NDJSON), which the page reads.
 *
 * Times are milliseconds since `base` (ns of CLOCK_MONOTONIC). Each function appends whole lines, so a
 * buffer that did not fail can be sent as it is. Pure functions of the model: whoever calls holds it. */
#ifndef MOONFORK_INSPECT_FRAME_H
#define MOONFORK_INSPECT_FRAME_H

#include "../live/model.h"
#include "../../modules/core/strbuf.h"

typedef struct FrameOptions {
  uint64_t base;
  bool args; /* show the arguments of processes (--show-args) */
} FrameOptions;

/* What the other lines mean: version, clock, the table of events. */
void frame_hello(StrBuf *out, const Model *m, const FrameOptions *opt);

/* Processes, threads, channels, sockets, refusals, and the newest point of each curve. */
void frame_state(StrBuf *out, const Model *m, const FrameOptions *opt);

/* The curve and the strip of the n-th thread (an untraced process counts as one). False: there is none. */
bool frame_curve(StrBuf *out, const Model *m, size_t n, const FrameOptions *opt);

/* The records from *next on, about `size` bytes of them at most; *next moves behind them. Returns how many
 * were overwritten before they could be told. */
uint64_t frame_records(StrBuf *out, const Model *m, uint64_t *next, size_t size, const FrameOptions *opt);

#endif
