/* SPDX-License-Identifier: MIT */
/* folder.h - which run `moonfork inspect` and `moonfork top` look at. */
#ifndef MOONFORK_INSPECT_FOLDER_H
#define MOONFORK_INSPECT_FOLDER_H

#include <stddef.h>

/* Opens the folder of a run for reading; dir NULL: the one that MOONFORK_TRACE_DIR names, else the newest
 * of this user's runs, those of a lesson included. Returns its descriptor and its path; -1 after a message
 * on stderr, which begins with `who`. A folder that is a link, of another user, or that others may enter is
 * refused. */
int run_folder_open(const char *who, const char *dir, char *path, size_t size);

#endif
