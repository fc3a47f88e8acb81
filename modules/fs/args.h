/* SPDX-License-Identifier: MIT */
/* args.h - how the operations of fs read their arguments. All may raise. */
#ifndef MOONFORK_FS_ARGS_H
#define MOONFORK_FS_ARGS_H

#include "job.h"

#define FS_MAX_INTEGER 9007199254740991

/* A path, as string, Buffer or file: URL: sets job->path, or dest for slot KEEP_DEST. */
void fs_arg_path(lua_State *L, Job *job, int idx, const char *name, int slot);
/* The string of a path that the C code keeps itself: replaces a Buffer or URL at idx by a string. */
const char *fs_check_path(lua_State *L, int idx, const char *name);
/* A descriptor, or in promise form a FileHandle: sets job->fd, job->handle. */
void fs_arg_fd(lua_State *L, Job *job, int idx);
/* Either of them. */
void fs_arg_file(lua_State *L, Job *job, int idx, const char *name);
/* Permissions: a number or an octal string; nil gives the fallback (-1: there is none). */
unsigned fs_mode(lua_State *L, int idx, const char *name, int64_t fallback);
/* "r+", "w", ...; a number; nil gives the fallback. */
int fs_flags(lua_State *L, int idx, int fallback);
/* Seconds. */
double fs_time(lua_State *L, int idx);
/* The options at idx, a table or the name of an encoding: sets job->enc and job->raw. Returns the index
 * of the table, 0 when there is none. raw: what holds when no encoding is named. */
int fs_options(lua_State *L, Job *job, int idx, bool raw);
/* The field of the options at opts on top. [+1] Returns its index. */
int fs_field(lua_State *L, int opts, const char *key);
/* options.signal, which the Sync forms do not look at. */
void fs_signal(lua_State *L, Job *job, int opts);
/* The bytes to write, from a string (in job->enc) or Buffer: sets bufs. idx keeps its value. */
void fs_arg_data(lua_State *L, Job *job, int idx, const char *name);
/* Room for n buffers; raises when there is no memory. */
void fs_bufs(lua_State *L, Job *job, size_t n);
/* A position in a file: nil and -1 are the file's own. */
int64_t fs_position(lua_State *L, int idx);
/* Pushes a name or path as the options asked for it. [+1] */
void fs_push_name(lua_State *L, const Job *job, const char *s, size_t len);

#endif
