/* SPDX-License-Identifier: MIT */
/* stats.h - Stats, StatFs and Dirent: what the file system says about a file. */
#ifndef MOONFORK_FS_STATS_H
#define MOONFORK_FS_STATS_H

#include <uv.h>
#include "job.h"

extern const ClassDef stats_class, stat_fs_class, dirent_class;

void stats_push(lua_State *L, const uv_stat_t *st); /* [+1] */

/* Pushes a Dirent; mode: the bits of S_IFMT, 0 when not known. Parent and name are on top. [-2, +1] */
void dirent_push(lua_State *L, unsigned mode);

#endif
