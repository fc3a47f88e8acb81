/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of the stream module share among themselves. */
#ifndef MOONFORK_STREAM_INTERNAL_H
#define MOONFORK_STREAM_INTERNAL_H

#include "stream.h"

extern const ClassDef duplex_side_class; /* pair.c */

/* Slots of the state table of a stream (user value UV_STATE). */
enum {
  SLOT_ERRORED = 1,  /* the error it was destroyed with */
  SLOT_WRITE_CB,     /* callback of the write under way */
  SLOT_FINISHED,     /* list of callbacks of end() */
  SLOT_PIPES,        /* list of destinations */
  SLOT_WAITING       /* set of destinations whose drain is awaited */
};

void slot_push(lua_State *L, int self, int slot); /* [+1] */
void slot_set(lua_State *L, int self, int slot);  /* [-1] */

/* Pushes the queue of UV_CHUNKS or UV_WRITES, made when missing. [+1] */
void queue_push_table(lua_State *L, int self, int which);

/* self as a stream with the half asked for; raises otherwise. */
static inline Stream *stream_self(lua_State *L, const ClassDef *cls) {
  const Head *head = object_head(L, 1);
  return head && head->def == cls ? head->self : class_check(L, 1, cls);
}

/* The stream at self, which is known to be one. */
static inline Stream *stream_at(lua_State *L, int self) {
  return ((Head *)lua_touserdata(L, self))->self;
}

/* Queues fn(self), fn(self, value on top) for the next tick. */
void stream_tick(lua_State *L, int self, lua_CFunction fn);
void stream_tick_value(lua_State *L, int self, lua_CFunction fn); /* [-1] */

/* Is there a value that counts as an error at idx (0: no)? */
bool has_error(lua_State *L, int idx);

/* Remembers the first error, for `errored`. */
void note_error(lua_State *L, int self, int err);

/* Pushes what call_guarded wants below the function. [+1] */
void guard_begin(lua_State *L);

/* Calls the function and its nargs arguments on top, protected. False: the error is on top. An
 * interrupt passes through. [-(nargs+2), +0|1] */
bool call_guarded(lua_State *L, int nargs);

/* Pushes the method when it is a function. [+1|0] */
bool push_method(lua_State *L, int self, const char *name);

/* Pushes function(err) with self as its upvalue. [+1] */
void push_callback(lua_State *L, int self, lua_CFunction fn);

/* Pushes err or, without one, nil. [+1] */
void push_error_or_nil(lua_State *L, int err);

int err_push_destroyed(lua_State *L, const char *what); /* [+1]; returns its index */

/* stream.c to the halves */
void readable_options(lua_State *L, int self, int opts);
void writable_options(lua_State *L, int self, int opts);
void duplex_options(lua_State *L, int self, int opts);
void readable_constructed(lua_State *L, int self);
void writable_constructed(lua_State *L, int self);
int tick_error_buffer(lua_State *L);
size_t default_hwm(lua_State *L, bool object_mode);
size_t opt_hwm(lua_State *L, int opts, const char *key, bool duplex, bool object_mode);

/* write(chunk, encoding, callback), for classes that look at it first */
int writable_lua_write(lua_State *L);

/* The same without a call: for a stream whose write is that one. Needs room for three values. */
bool writable_write(lua_State *L, int self, int chunk);

/* readable.c to pipe.c */
void readable_listeners(lua_State *L, int idx, const char *event, int count);
int readable_pipe(lua_State *L);
int readable_unpipe(lua_State *L);

int readable_from(lua_State *L);
int readable_iterator(lua_State *L);

/* finished.c: is that half over, with nothing left in the buffer? */
bool readable_is_over(const Stream *s);
bool writable_is_over(const Stream *s);

/* Destroys the stream at idx with the error at err (0: none; an AbortError then, unless it is over). */
void stream_put_down(lua_State *L, int idx, int err);

/* Does that half exist? */
static inline bool has_readable(const Stream *s) { return s->r.present && !s->r.off; }
static inline bool has_writable(const Stream *s) { return s->w.present && !s->w.off; }

enum { WATCH_READABLE = 1, WATCH_WRITABLE = 2, WATCH_ERROR = 4 };

/* Calls the function on top once, with the error if there is one, when those halves of the stream at
 * idx are over. Leaves a function that ends the watch. [-1, +1] */
void stream_watch(lua_State *L, int idx, int what);

/* Destroys the stream at idx with an AbortError once the signal on top aborts. [-1] */
void stream_add_signal(lua_State *L, int idx);

/* Functions of the module. */
int stream_finished(lua_State *L);
int stream_finished_promise(lua_State *L);
int stream_lua_add_signal(lua_State *L);
int stream_pipeline(lua_State *L);
int stream_duplex_pair(lua_State *L);
int stream_pipeline_promise(lua_State *L);

/* Turns the value on top - sequence, function, async iterator, string, Buffer, stream - into a Readable;
 * false, and nothing changed, for any other value. options: index of a table, 0: none. [-1, +1] */
bool readable_push_from(lua_State *L, int options);

/* Replaces the stream on top by its async iterator; leaving the loop destroys the stream. [-1, +1] */
void readable_to_iterator(lua_State *L, bool destroys);

/* A destination has drained, or data was handed out: nothing is waited for any more. */
void waiting_clear(lua_State *L, int self);

#endif
