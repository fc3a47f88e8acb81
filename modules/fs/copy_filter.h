/* SPDX-License-Identifier: MIT */
/* copy_filter.h - the three forms of cp, which ask options.filter first. */
#ifndef MOONFORK_FS_COPY_FILTER_H
#define MOONFORK_FS_COPY_FILTER_H

#include "job.h"

int fs_cp_callback(lua_State *L);
int fs_cp_promise(lua_State *L);
int fs_cp_sync(lua_State *L);

/* Notes in the job the sources that the filter has refused, when the options at 3 hold any. */
void copy_take_refused(lua_State *L, Job *job);

/* Has it? Any thread. */
bool copy_is_refused(const Job *job, const char *src);

#endif
