/* SPDX-License-Identifier: MIT */
/* whole.h - files that are written whole, or not at all. Any thread. */
#ifndef MOONFORK_WHOLE_H
#define MOONFORK_WHOLE_H

#include <stddef.h>

/* Writes all of it to a descriptor that blocks, whatever interrupts. 0 or a negative errno. */
int whole_write(int fd, const char *data, size_t len);

/* Makes this the content of the file: it is written beside it, and on the disk before it takes the name, so
 * whoever reads has the old content or the new. 0 or a negative errno: then the old file stands. */
int whole_replace(const char *path, const char *data, size_t len);

/* Makes the folders that lead to this file, for its user alone. 0 or a negative errno. */
int whole_folders(const char *path);

#endif
