/* SPDX-License-Identifier: MIT */
/* write_from.h - writeFile and appendFile in promise form. */
#ifndef MOONFORK_FS_WRITE_FROM_H
#define MOONFORK_FS_WRITE_FROM_H

#include "job.h"

/* op(file, data, options) as a promise; data that comes in pieces is written one after the other to the
 * file, opened with flag unless the options say another. */
int fs_write_from(lua_State *L, const Op *op, const char *flag);

#endif
