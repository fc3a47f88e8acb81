/* SPDX-License-Identifier: MIT */
/* rows.h - the rows of the three forms, and the options that they share. */
#ifndef MOONFORK_FS_ROWS_H
#define MOONFORK_FS_ROWS_H

#include "../core/doc.h"

extern const FnDef fs_rows[], fs_promise_rows[];
extern const PropDef fs_constant_rows[];

extern const OptDef read_file_options[], write_options[], cp_options[], stat_options[], mkdir_options[],
  name_options[], transfer_options[], readdir_options[], rm_options[], watch_options[], dir_options[];

#endif
