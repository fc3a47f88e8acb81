/* SPDX-License-Identifier: MIT */
/* record.h - what the terminal shows, kept as an asciinema file (version 2).
 *
 * Every byte that term.c writes becomes an event when it is written, so output of timers, colours and
 * repaints are played as they were; a new size of the terminal is an event, too. One recording at a time. */
#ifndef MOONFORK_RECORD_H
#define MOONFORK_RECORD_H

#include <stdbool.h>
#include <stddef.h>

/* Starts; the file must not exist. 0 or a negative errno. */
int record_start(const char *path);

/* What is shown by other ways than term.c. Nothing when nothing is recorded. */
void record_write(const char *data, size_t len);

/* A lesson and its free prompt write one file, one after the other: the value of RECORD_ENV for a process
 * that goes on with ours (the caller frees; NULL: nothing is recorded), how it does so, and that we go on. */
#define RECORD_ENV "MOONFORK_LESSON_RECORD"
char *record_hand_on(void);
void record_take_on(void);
void record_go_on(void);
bool record_is_taken(void);

/* Another program has had the terminal: says in the recording that its output is missing. */
void record_gap(void);

/* Ends it. 0, or what went wrong while it was written. Nothing when there is none. */
int record_stop(void);

/* The negative errno that ended it before its time; 0. */
int record_error(void);

/* The file that is written, NULL: none. Its bytes and seconds so far. */
const char *record_path(void);
size_t record_bytes(void);
double record_seconds(void);

#endif
