/* SPDX-License-Identifier: MIT */
/* tree.h - what walks through folders share. Any thread. */
#ifndef MOONFORK_FS_TREE_H
#define MOONFORK_FS_TREE_H

#include <dirent.h>

/* For scandir: not "." and "..". */
int tree_skip_dots(const struct dirent *entry);
/* "folder/name", malloc'd; NULL when memory is short. */
char *tree_join(const char *folder, const char *name);

#endif
