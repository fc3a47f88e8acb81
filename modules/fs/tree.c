/* SPDX-License-Identifier: MIT */
/* tree.c - see tree.h. */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tree_skip_dots(const struct dirent *entry) {
  return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

char *tree_join(const char *folder, const char *name) {
  size_t len = strlen(folder), room = len + strlen(name) + 2;
  char *path = malloc(room);
  if (!path) return NULL;
  (void)snprintf(path, room, "%s%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/", name);
  return path;
}
