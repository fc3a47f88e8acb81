/* SPDX-License-Identifier: MIT */
/* kept.h - the cells of SharedArrayBuffers of a run, kept beyond the end of who made them.
 *
 * Their files are opened by a thread as soon as they appear in the folder of the run: what is removed then
 * can be read all the same. Main thread. */
#ifndef MOONFORK_COURSE_KEPT_H
#define MOONFORK_COURSE_KEPT_H

#include "../views/view.h"

typedef struct Kept Kept;

/* NULL: the folder cannot be watched. */
Kept *kept_open(const char *folder);
void kept_close(Kept *kept);

/* As view_cells, also of files that are gone. From now on none is looked for any more. */
void kept_draw(Kept *kept, const Model *m, const ViewSize *size, StrBuf *out);

#endif
