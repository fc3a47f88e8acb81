/* SPDX-License-Identifier: MIT */
/* transform.h - the head of every Transform, for classes in C that are one.
 *
 * Such a class has a StreamImpl of its own or methods _transform and _flush; its struct begins with
 * Transform, its own user values at UV_TRANSFORM_FREE. */
#ifndef MOONFORK_TRANSFORM_H
#define MOONFORK_TRANSFORM_H

#include "stream.h"

enum {
  TRANSFORM_CALLBACK = UV_STREAM_FREE, /* of the write under way */
  TRANSFORM_DONE,                      /* the function that is given to _transform */
  UV_TRANSFORM_FREE,
  TRANSFORM_VALUES = UV_TRANSFORM_FREE - UV_STREAM_FREE
};

typedef struct Transform {
  Stream s;
  size_t before; /* length of the reading side when the write began */
  bool waiting;  /* the callback is called when more is read */
} Transform;

#endif
