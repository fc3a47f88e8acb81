/* SPDX-License-Identifier: MIT */
/* streams.h - ReadStream and WriteStream: files as streams. */
#ifndef MOONFORK_FS_STREAMS_H
#define MOONFORK_FS_STREAMS_H

#include "../stream/stream.h"
#include "file_handle.h"

typedef struct FileStream {
  Stream stream;
  int fd;                  /* owns; -1: not open yet, or closed */
  FileHandle *handle;      /* borrows: UV_FILE_HANDLE; has the descriptor, fd is a copy */
  int64_t position, last;  /* of the next byte, -1: the file's own; the last one to read */
  int64_t bytes;           /* read or written */
  int flags;
  unsigned mode;
  bool opening, busy;      /* an open, a read or a write is under way */
  bool destroying;         /* destroy waits for it; the error lies in UV_FILE_ERROR */
  bool flush, own_fd;     /* own_fd: it has opened the file itself */
} FileStream;

enum { UV_FILE_PATH = UV_STREAM_FREE, UV_FILE_HANDLE, UV_FILE_ERROR, UV_FILE_COUNT = 3 };

extern const ClassDef fs_read_stream_class, fs_write_stream_class;

int fs_create_read_stream(lua_State *L);
int fs_create_write_stream(lua_State *L);

/* file_stream.c: what both kinds share. */
FileStream *file_stream_new(lua_State *L, const ClassDef *cls, int halves, const StreamImpl *impl);
FileStream *file_stream_at(lua_State *L, int self);
/* Reads (self, path, options) as far as both kinds have them: options become a table at 3. flags: the
 * default ones. Begins to open. */
void file_stream_init(lua_State *L, FileStream *f, int flags);
void file_stream_destroy(lua_State *L, int self, int err);
/* A read or write is over: a destroy that waited goes on. */
void file_stream_idle(lua_State *L, int self, FileStream *f);
int file_stream_get_path(lua_State *L);
int file_stream_get_fd(lua_State *L);
int file_stream_get_pending(lua_State *L);
int file_stream_get_bytes(lua_State *L);

#endif
