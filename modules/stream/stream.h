/* SPDX-License-Identifier: MIT */
/* stream.h - Readable, Writable and Duplex, and how C code makes streams of its own.
 *
 * Every stream is a Handle (which only streams over libuv open) with a reading and a writing half; a
 * class has one of them or both. Chunks, callbacks and pipes lie in user values of the object, where
 * the collector sees them. The state and the order of events and ticks are those of Node 20.
 *
 * A class in C fills in a StreamImpl; what it leaves NULL is looked up as a method of the object
 * (_read, _write, _writev, _final, _destroy, _construct), so Lua classes and options work the same way.
 * self and err are absolute stack indices, err 0 or nil where there is none. Main-loop thread only. */
#ifndef MOONFORK_STREAM_H
#define MOONFORK_STREAM_H

#include "buffer/decoder.h"
#include "core/handle.h"

typedef struct StreamImpl {
  /* More data is wanted: push it with readable_push, now or later. */
  void (*read)(lua_State *L, int self, size_t n);
  /* Write the chunk (a Buffer, a string whose bytes count, in object mode anything), then call
   * writable_written once, now or later. The chunk is not kept alive by the stream. */
  void (*write)(lua_State *L, int self, int chunk);
  void (*writev)(lua_State *L, int self, int chunks); /* a table of them; NULL: one by one */
  void (*final)(lua_State *L, int self);              /* all is written: then writable_finalled */
  void (*destroy)(lua_State *L, int self, int err);   /* let go, then stream_destroyed with err */
} StreamImpl;

typedef struct ReadState {
  size_t hwm, length;       /* bytes, or objects */
  lua_Integer head, tail;   /* chunks in UV_CHUNKS: head up to, not including, tail */
  lua_Integer room;         /* which is a ring of this size: a power of two, 0 before there is one */
  Decoder decoder;
  Encoding default_enc;
  int waiting;              /* destinations of pipe whose drain is awaited */
  int data_count, readable_count; /* listeners, when last told */
  bool present;             /* this half exists */
  bool off;                 /* it exists but was switched off: readable = false */
  bool object_mode, decoding;
  bool flowing_known, flowing; /* not known: neither paused nor flowing yet */
  bool ended, end_emitted, reading, sync, need_readable, emitted_readable;
  bool data_listening, readable_listening, resume_scheduled, paused, paused_known;
  bool reading_more, data_emitted;
} ReadState;

typedef struct WriteState {
  size_t hwm, length, writing_len; /* bytes, or objects; of the write under way */
  lua_Integer head, tail;   /* UV_WRITES: chunk, encoding, callback in turn */
  Encoding default_enc;
  int corked, pending;      /* pending: callbacks that finish waits for */
  bool present, off;
  bool object_mode, decode_strings;
  bool called_back;         /* the write under way has a callback */
  bool need_drain, writing, sync, expect_cb, buffered, processing, after_write_pending;
  bool ending, ended, finished, final_called, prefinished;
} WriteState;

typedef struct Stream {
  Handle base;
  const StreamImpl *impl;   /* borrows; NULL for classes in Lua */
  ReadState r;
  WriteState w;
  bool constructed, destroyed, closed, errored, error_emitted, close_emitted;
  bool emit_close, auto_destroy, allow_half_open;
  bool stdio;               /* process.stdout or stderr: pipe does not end it */
} Stream;

/* User values of a stream; a class of its own begins at UV_STREAM_FREE. */
enum { UV_CHUNKS = UV_CLASS, UV_WRITES, UV_STATE, UV_ON_WRITE, UV_STREAM_FREE };

extern const ClassDef stream_class, readable_class, writable_class, duplex_class, transform_class,
  pass_through_class;
extern const ModuleDef stream_module, stream_promises_module;

enum { STREAM_READS = 1, STREAM_WRITES = 2 };

/* Pushes a new stream of the class, with defaults. size: of the struct that begins with Stream; extra:
 * user values from UV_STREAM_FREE on. [+1] */
void *stream_new(lua_State *L, const ClassDef *cls, size_t size, int halves, const StreamImpl *impl,
                 int extra);

/* The same inside the userdata, for streams that never have a handle of libuv: the class has class_no_gc
 * as gc, or a finalizer of its own. [+1] */
void *stream_new_inline(lua_State *L, const ClassDef *cls, size_t size, int halves, const StreamImpl *impl,
                        int extra);

/* Reads the options table at opts (0: none) as the constructors do. May raise. */
void stream_options(lua_State *L, int self, int opts);

/* The stream at idx, NULL for anything else. */
Stream *stream_test(lua_State *L, int idx);

/* ---- both halves ---- */

/* destroy(err): then `error` (when there is one) and `close`. */
void stream_destroy(lua_State *L, int self, int err);

/* Whoever set `constructed` to false has what the stream needs, or err: reads and writes begin, or a
 * destroy that waited goes on. In a tick. */
void stream_constructed(lua_State *L, int self, int err);
/* An impl's destroy is done. err as above. */
void stream_destroyed(lua_State *L, int self, int err);

/* Something failed: destroys, or only emits `error` when autoDestroy is off. sync: emit it in a tick. */
void stream_fail(lua_State *L, int self, int err, bool sync);

/* Back to a fresh state after a destroy: process.stdout survives it, a socket may connect again. */
void stream_undestroy(Stream *s);

/* ---- reading half ---- */

/* Gives the chunk on top (Buffer; string; in object mode anything) to the reader. False: enough for
 * now, wait for the next read. [-1] */
bool readable_push(lua_State *L, int self);

/* No more data comes. */
void readable_push_end(lua_State *L, int self);

/* read(n); n < 0: whatever there is. [+1] nil when there is nothing */
void readable_read(lua_State *L, int self, lua_Integer n);

void readable_resume(lua_State *L, int self);
void readable_pause(lua_State *L, int self);

/* Can it still be read from? */
bool readable_open(const Stream *s);

/* ---- writing half ---- */

/* The write under way is over. */
void writable_written(lua_State *L, int self, int err);

/* The impl's final is over. */
void writable_finalled(lua_State *L, int self, int err);

/* end(): no more data is written. */
void writable_end(lua_State *L, int self);

bool writable_open(const Stream *s);

#endif
