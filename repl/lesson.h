/* SPDX-License-Identifier: MIT */
/* lesson.h - the catalogue of lessons: finding, listing and running them.
 *
 * A lesson is lessons/NN-chapter/NAME.lua, or NAME/main.lua there. Its first comment lines are its head:
 * the title, then "sample:", "watch:" and "try:". */
#ifndef MOONFORK_LESSON_H
#define MOONFORK_LESSON_H

#include <stdio.h>
#include <stddef.h>

typedef struct Lesson {
  char *path;                        /* absolute: the file to run */
  char *chapter, *name;              /* "01-events", "emit-is-sync" */
  char *title, *sample, *watch, *try_; /* of the head; "" where it has none */
} Lesson;

/* Owns everything in it. */
typedef struct Lessons {
  char *folder;   /* where they are, NULL when there is no such folder */
  Lesson *list;   /* by chapter, then by name */
  size_t count;
} Lessons;

/* Reads the heads of all lessons: MOONFORK_LESSONS, or those beside the program. 0 or a negative uv
 * error, after which there is nothing to free. */
int lessons_read(Lessons *all);
void lessons_free(Lessons *all);

/* The catalogue by chapter, 80 columns wide. how: what to type to run one, "moonfork lesson NAME". */
void lessons_print(const Lessons *all, FILE *out, const char *how);

/* The lesson that is meant by its name, chapter/name, sample, or a part that only one has. NULL: a
 * message with suggestions was written to err. */
const Lesson *lessons_find(const Lessons *all, const char *what, FILE *err);

/* Title, what to watch, what to try. */
void lesson_print_head(const Lesson *lesson, FILE *out);

/* `moonfork lesson [NAME [args...]]`: the exit code. */
int lesson_main(int argc, char **argv);

#endif
