/* SPDX-License-Identifier: MIT */
/* file_handle.h - FileHandle: an open file of fs/promises. */
#ifndef MOONFORK_FS_FILE_HANDLE_H
#define MOONFORK_FS_FILE_HANDLE_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

struct FileHandle {
  int fd;                  /* -1: closed, or about to be */
  int refs;                /* operations under way, and the stream that reads or writes it */
  int closing;             /* the descriptor that is closed once refs is 0; -1: none */
  bool in_stream;          /* a stream has it */
};
typedef struct FileHandle FileHandle;

extern const ClassDef file_handle_class;

FileHandle *file_handle_push(lua_State *L, int fd); /* [+1] takes fd */
FileHandle *file_handle_test(lua_State *L, int idx);
void file_handle_retain(FileHandle *handle);
/* A Job, at 2, is done with it; closes when close() waits for that. */
void file_handle_release(lua_State *L, FileHandle *handle);
/* The same for a user other than a Job: the FileHandle is at idx. */
void file_handle_unref(lua_State *L, int idx);
/* Closes the FileHandle at idx: pushes the promise of it. [+1] */
void file_handle_close(lua_State *L, int idx);

#endif
