/* SPDX-License-Identifier: MIT */
/* work.h - the student's own copies: $XDG_DATA_HOME/moonfork/NN-name/NAME.lua, or below MOONFORK_WORK.
 *
 * Nothing in the folder of the lessons is ever written. */
#ifndef MOONFORK_COURSE_WORK_H
#define MOONFORK_COURSE_WORK_H

#include <stdbool.h>

/* The path of a copy, its folder made; NULL: no home. The caller frees. */
char *work_path(const char *chapter, const char *name);

/* Copies one file, unless it is there already. 0 or a negative errno. */
int work_copy(const char *from, const char *to);

/* The same for a folder's Lua files: to is the folder of the copies. */
int work_copy_folder(const char *from, const char *to);

/* Puts the file back as it was, the old one kept as PATH.1. */
int work_reset(const char *from, const char *to);

/* The bytes of a file, ended by a zero; NULL. The caller frees. */
char *work_read(const char *path);
int work_write(const char *path, const char *text);

#endif
