/* SPDX-License-Identifier: MIT */
/* clone_format.h - the tags of a structured clone, for its writer and its reader. */
#ifndef MOONFORK_CLONE_FORMAT_H
#define MOONFORK_CLONE_FORMAT_H

enum { CLONE_VERSION = 1 };

enum {
  TAG_NIL = 'N', TAG_NULL = '0', TAG_TRUE = 'T', TAG_FALSE = 'F',
  TAG_INTEGER = 'I',   /* count, sign in the lowest bit */
  TAG_FLOAT = 'D',     /* 8 bytes as they lie in memory */
  TAG_STRING = 'S',    /* count, bytes */
  TAG_REFERENCE = 'R', /* count: the id of an object that has begun before */
  TAG_TABLE = 't',     /* count n, n values for 1..n, pairs of key and value, TAG_END */
  TAG_ARRAY = 'a',     /* the same with the array mark */
  TAG_END = 'e'
};

#endif
