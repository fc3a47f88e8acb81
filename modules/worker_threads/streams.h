/* SPDX-License-Identifier: MIT */
/* streams.h - the streams of a Worker object: its thread's standard input and output. The Worker is at
 * stack index `self`. */
#ifndef MOONFORK_WORKER_STREAMS_H
#define MOONFORK_WORKER_STREAMS_H

#include "thread.h"
#include "../core/class.h"

/* User values of a Worker. */
enum { WORKER_STDIN = UV_CLASS, WORKER_STDOUT, WORKER_STDERR, WORKER_PROMISE, WORKER_PERFORMANCE, WORKER_HEAPS,
       WORKER_LAST = WORKER_HEAPS };
enum { WORKER_VALUES = WORKER_LAST - UV_CLASS + 1 };

/* Makes those that the options ask for, of the Worker at 1. control: the parent's end, borrowed as long as
 * the Worker lives. */
void streams_open(lua_State *L, const Thread *t, End *control);

/* Pushes stdout (1) or stderr (2) of the Worker at 1, made on first use. [+1] */
void streams_push_output(lua_State *L, int fd);

/* Output has come: to the stream, and to our own unless the option asked for the stream alone. */
void streams_output(lua_State *L, int self, int fd, const char *data, size_t len);

/* The thread is gone: its streams end. */
void streams_end(lua_State *L, int self);

/* Keeps the promise on top of getHeapSnapshot of the Worker at 1; its answer has come. [0] */
void streams_ask_heap(lua_State *L);
void streams_heap(lua_State *L, int self, const char *text, size_t len);

#endif
