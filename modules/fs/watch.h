/* SPDX-License-Identifier: MIT */
/* watch.h - FSWatcher and StatWatcher: news of files. */
#ifndef MOONFORK_FS_WATCH_H
#define MOONFORK_FS_WATCH_H

#include <lua.h>
#include "../core/doc.h"

extern const ClassDef fs_watcher_class, stat_watcher_class;

int fs_watch(lua_State *L);
int fs_watch_file(lua_State *L);
int fs_unwatch_file(lua_State *L);
int fs_promises_watch(lua_State *L);

#endif
