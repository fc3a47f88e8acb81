/* SPDX-License-Identifier: MIT */
/* node.h - the same sample in Lua and in JavaScript: lessons/NN-name/node/SNNN. */
#ifndef MOONFORK_COURSE_NODE_H
#define MOONFORK_COURSE_NODE_H

#include <stdbool.h>
#include "../../modules/core/strbuf.h"

/* What is shown, and what stands before and after the line with a file's name. */
typedef struct NodeText {
  StrBuf text;
  const char *head_on, *head_off; /* borrowed */
} NodeText;

/* Adds the script, and the sample that its head names. False, with nothing added: it names none. */
bool node_add_script(NodeText *out, const char *lessons, const char *script);

/* The same for the number of a sample (S014) or the name of a lesson, of those that have a sample. False:
 * text says why. */
bool node_add_named(NodeText *out, const char *word);

/* The script of the step where the student was last; NULL. The caller frees. */
char *node_last_script(const char *lessons);

#endif
