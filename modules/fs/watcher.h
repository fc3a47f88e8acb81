/* SPDX-License-Identifier: MIT */
/* watcher.h - the FSWatcher, for watch.c and watch_tree.c. */
#ifndef MOONFORK_FS_WATCHER_H
#define MOONFORK_FS_WATCHER_H

#include "../buffer/codec.h"
#include "../core/handle.h"

typedef struct Watcher {
  Handle base;
  uv_fs_event_t uv;
  Encoding enc;
  bool raw;
  char *root;              /* owns: the folder, when all that lies below is watched, too; else NULL */
  List subs;               /* the folders below */
} Watcher;

/* Something has happened to `name` (NULL: not known), which counts from the watched folder. Emits the event;
 * the watcher may be closed afterwards. */
void watcher_tell(Watcher *w, const char *name, int events, int status);

/* Watches all folders below the root. */
void watch_tree_start(Watcher *w);

/* A name has come or gone: watches a new folder and tells what is in it already, or lets go of one. */
void watch_tree_look(Watcher *w, const char *name);

/* Lets go of all folders below. */
void watch_tree_stop(Watcher *w);

#endif
