/* SPDX-License-Identifier: MIT */
/* step.h - where in a nested value the work is, for messages such as `value.list[3].cb is a function`.
 *
 * Steps live on the C stack of who walks the value, each pointing to the one around it. */
#ifndef MOONFORK_STEP_H
#define MOONFORK_STEP_H

#include <lua.h>

typedef struct Step {
  const struct Step *up;
  int key;           /* stack index of the key, 0: `name` */
  const char *name;
} Step;

/* Pushes `value`, the way to `at` (NULL: the value itself), a blank and the text. [-0, +1] */
void step_push_message(lua_State *L, const Step *at, const char *text);

#endif
