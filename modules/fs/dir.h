/* SPDX-License-Identifier: MIT */
/* dir.h - Dir: an open folder. */
#ifndef MOONFORK_FS_DIR_H
#define MOONFORK_FS_DIR_H

#include "../core/doc.h"

extern const ClassDef dir_class;

#endif
