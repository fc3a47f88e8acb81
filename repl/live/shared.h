/* SPDX-License-Identifier: MIT */
/* shared.h - the cells of SharedArrayBuffers, read from their files in the folder of the run.
 *
 * While a run is traced, a block up to 4 KiB lies in a file there, so it is read without its owner. */
#ifndef MOONFORK_LIVE_SHARED_H
#define MOONFORK_LIVE_SHARED_H

#include "model.h"

enum { SHARED_CELLS = 64, SHARED_BLOCKS = LIVE_BLOCKS };

typedef struct SharedBlock {
  const LiveProc *proc;
  int64_t id, bytes;
  char file[TRACE_TEXT + 1];
  bool readable;
  int count;                    /* cells read: 32-bit integers */
  int32_t cell[SHARED_CELLS];
  bool changed[SHARED_CELLS];   /* since the last look at the same file */
} SharedBlock;

/* The blocks that the model knows, the newest first; the file is read in the model's folder. `before`, with
 * `had` blocks, is what an earlier look has found. Returns how many. */
size_t shared_read(const Model *m, SharedBlock *blocks, const SharedBlock *before, size_t had);

/* Reads the block's cells from its file, which is open. */
void shared_fill(SharedBlock *block, int fd);

#endif
