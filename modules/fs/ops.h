/* SPDX-License-Identifier: MIT */
/* ops.h - the operations that the files of this module define, each once for its three forms. */
#ifndef MOONFORK_FS_OPS_H
#define MOONFORK_FS_OPS_H

#include "job.h"

/* paths.c */
extern const Op op_access, op_exists, op_chmod, op_chown, op_lchown, op_copy_file, op_link, op_symlink,
  op_readlink, op_realpath, op_rename, op_rmdir, op_unlink, op_truncate, op_utimes, op_lutimes,
  op_mkdtemp, op_mkdir;

/* descriptors.c */
extern const Op op_open, op_close, op_fchmod, op_fchown, op_fdatasync, op_fsync, op_ftruncate,
  op_futimes, op_open_handle;

/* transfer.c */
extern const Op op_read, op_readv, op_write, op_writev;

/* stats.c */
extern const Op op_stat, op_lstat, op_fstat, op_statfs;

/* readdir.c, dir.c */
extern const Op op_readdir, op_opendir;

/* read_file.c, write_file.c */
extern const Op op_read_file, op_write_file, op_append_file;

/* remove.c, copy.c */
extern const Op op_rm, op_cp;

/* What several of them need. */
void parse_path(lua_State *L, Job *job);         /* (path) */
void parse_path_options(lua_State *L, Job *job); /* (path, options): an encoding of names */
int push_text(lua_State *L, Job *job);           /* job->out, in the encoding of names */

#endif
