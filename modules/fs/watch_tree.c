/* SPDX-License-Identifier: MIT */
/* watch_tree.c - the option recursive of watch: the kernel watches single folders, so each folder below the
 * root has a watch of its own, which comes and goes with it.
 *
 * A Sub is a handle of the program's own. It never keeps the loop alive: the FSWatcher's does. The list of
 * them belongs to the Watcher, which closes them before itself. */
#include "watcher.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tree.h"

typedef struct Sub {
  Handle base;
  uv_fs_event_t uv;
  List link;               /* in owner->subs */
  Watcher *owner;          /* borrows: it closes its Subs first */
  char *name;              /* owns: the folder, from the root on */
} Sub;

static void sub_release(Handle *h) { free(((Sub *)h)->name); }

static void sub_close(Sub *sub) {
  list_remove(&sub->link);
  handle_close(&sub->base);
}

static bool is_there(const char *path) {
  struct stat st;
  return lstat(path, &st) == 0;
}

/* Is it the end of the folder itself? libuv names it as if it lay in itself. The folder above tells it, too. */
static bool is_own_end(const Sub *sub, const char *name) {
  const char *slash = strrchr(sub->name, '/');
  if (strcmp(slash ? slash + 1 : sub->name, name) != 0) return false;
  char *path = tree_join(sub->owner->root, sub->name);
  bool gone = !path || !is_there(path);
  free(path);
  return gone;
}

static void on_sub_event(uv_fs_event_t *uv, const char *name, int events, int status) {
  Sub *sub = uv->data;
  Watcher *w = sub->owner;
  char *path = name && status >= 0 && !is_own_end(sub, name) ? tree_join(sub->name, name) : NULL;
  if (!path) return;
  watcher_tell(w, path, events, 0);
  if (events & UV_RENAME) watch_tree_look(w, path);
  free(path);
}

static Sub *find_sub(Watcher *w, const char *name) {
  for (List *at = w->subs.next; at != &w->subs; at = at->next) {
    Sub *sub = list_entry(at, Sub, link);
    if (!strcmp(sub->name, name)) return sub;
  }
  return NULL;
}

/* Watches the folder; false: it cannot be, or is already. */
static bool sub_open(Watcher *w, const char *name, const char *path) {
  if (find_sub(w, name)) return false;
  Sub *sub = handle_new_internal(w->base.rt, sizeof *sub);
  if (!sub) return false;
  sub->owner = w;
  sub->name = strdup(name);
  sub->base.release = sub_release;
  (void)uv_fs_event_init(&w->base.rt->loop, &sub->uv); /* cannot fail: it only fills in the struct */
  handle_opened(&sub->base, (uv_handle_t *)&sub->uv);
  uv_unref((uv_handle_t *)&sub->uv);
  list_append(&w->subs, &sub->link);
  bool good = sub->name && uv_fs_event_start(&sub->uv, on_sub_event, path, 0) == 0;
  if (!good) sub_close(sub);
  return good;
}

static bool is_folder(const char *path) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Watches the folders in the one at path, which is called name ("": the root), and what is in them. tell:
 * each thing in there is news. */
static void add_below(Watcher *w, const char *name, const char *path, bool tell) {
  struct dirent **list;
  int n = scandir(path, &list, tree_skip_dots, alphasort);
  for (int i = 0; i < n; i++) {
    const char *entry = list[i]->d_name;
    char *below = *name ? tree_join(name, entry) : strdup(entry), *full = tree_join(path, entry);
    if (below && full && handle_is_open(&w->base)) {
      bool opened = is_folder(full) && sub_open(w, below, full);
      if (tell) watcher_tell(w, below, UV_RENAME, 0);
      if (opened && handle_is_open(&w->base)) add_below(w, below, full, tell);
    }
    free(below);
    free(full);
    free(list[i]);
  }
  if (n >= 0) free(list);
}

void watch_tree_start(Watcher *w) { add_below(w, "", w->root, false); }

void watch_tree_look(Watcher *w, const char *name) {
  char *path = handle_is_open(&w->base) ? tree_join(w->root, name) : NULL;
  if (path && is_folder(path)) {
    if (sub_open(w, name, path)) add_below(w, name, path, true);
  } else if (path) {
    size_t len = strlen(name);
    for (List *at = w->subs.next, *next; at != &w->subs; at = next) {
      Sub *sub = list_entry(at, Sub, link);
      next = at->next;
      if (!strncmp(sub->name, name, len) && (!sub->name[len] || sub->name[len] == '/')) sub_close(sub);
    }
  }
  free(path);
}

void watch_tree_stop(Watcher *w) {
  while (w->subs.next != &w->subs) sub_close(list_entry(w->subs.next, Sub, link));
}
