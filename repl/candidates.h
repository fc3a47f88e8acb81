/* SPDX-License-Identifier: MIT */
/* candidates.h - words collected for Tab: once each, those that begin like what is typed. */
#ifndef MOONFORK_CANDIDATES_H
#define MOONFORK_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

/* Who gets them. */
typedef struct CandidateSink {
  void (*give)(void *ctx, const char *word, size_t len);
  void *ctx;
} CandidateSink;

typedef struct Candidates {
  lua_State *L;
  int seen;           /* stack index: { [word] = true, and the words as a list } */
  const char *prefix; /* borrowed */
  size_t len;
  int count;
} Candidates;

/* Pushes the table. [+1] */
void candidates_open(Candidates *c, lua_State *L, const char *prefix, size_t len);
void candidates_add(Candidates *c, const char *word, size_t len);
void candidates_adds(Candidates *c, const char *word);
/* The string keys of the table at idx that are names. methods: only those whose value is a function. */
void candidates_add_keys(Candidates *c, int idx, bool methods);
/* Files and folders, of which the latter end with a slash. */
void candidates_add_files(Candidates *c);
/* Gives them away. */
void candidates_give(Candidates *c, CandidateSink to, bool sorted);

#endif
