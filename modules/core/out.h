/* SPDX-License-Identifier: MIT */
/* out.h - the one writer to standard output and standard error.
 *
 * Synchronous: on EAGAIN it polls and goes on, so nothing is cut, reordered or left at exit. C stdio
 * (print, io.write, io.stderr) goes the same way: out_open puts cookie streams in place of stdout and
 * stderr. A prompt on the screen sets a hook and draws the bytes above its line.
 *
 * Another thread has a sink of its own, which decides where its bytes go; what it writes itself it writes
 * by out_write_thread, whole. Everything else: the main thread. */
#ifndef MOONFORK_OUT_H
#define MOONFORK_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef void (*OutHook)(void *ctx, int fd, const char *data, size_t len);

/* Replaces stdout and stderr; call once before any Lua library is opened. */
void out_open(void);

/* Writes everything; 0 or a negative uv error (UV_EPIPE). Flushes what print has buffered first. */
int out_write(int fd, const char *data, size_t len);

/* The same for what no script of this runtime has written: what a child or a thread has, of which the flight
 * recorder has it from there, and the prompt's own words. */
int out_pass(int fd, const char *data, size_t len);

/* A write by print, io.write or console to the descriptor has failed: told later, by out_take_error. */
void out_note_error(int fd, int err);

/* The error of a write to standard output since the last call, 0 when there was none. Only what ends a
 * program that writes on and on: nobody reads any more (UV_EPIPE). */
int out_take_error(void);

/* What io.write buffered goes out: called after each entry into Lua, before a child starts, at exit. */
void out_flush(void);

/* Everything for fd 1 and 2 goes to hook until it is NULL again. */
void out_set_hook(OutHook hook, void *ctx);

/* What this thread writes is offered to `take` first, which may keep it (true); NULL ends that. */
typedef bool (*OutTake)(void *ctx, int fd, const char *data, size_t len);
void out_capture(OutTake take, void *ctx);

/* Print of this thread goes out at once, not when the entry into Lua is over; or as it did before. */
void out_unbuffered(bool on);

/* On a thread that is not the main one: all of its output goes to sink. False: no memory. */
bool out_open_thread(OutHook sink, void *ctx);
void out_close_thread(void);

/* The FILE of standard input (0), output (1) or error (2) of this thread; another than the main one has
 * nothing to read. */
FILE *out_file(int fd);

/* Writes to the descriptor itself. Any thread; pieces of two threads never mix. */
int out_write_thread(int fd, const char *data, size_t len);

/* True while a hook is set: an inherited descriptor of a child has to come through pipes. */
bool out_hooked(void);

#endif
