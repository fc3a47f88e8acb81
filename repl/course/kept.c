/* SPDX-License-Identifier: MIT */
/* kept.c - see kept.h. The folder is ours, its names come from the run. The list belongs to the thread until
 * it has ended. */
#include "kept.h"
#include "../side_thread.h"
#include "../views/view.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SUFFIX ".cells"

struct Kept {
  int watch, folder, stop;  /* stop: an eventfd */
  uv_thread_t thread;
  bool runs;
  int count;
  struct { int fd; char name[TRACE_TEXT + 1]; } file[SHARED_BLOCKS];
};

static void keep(Kept *k, const char *name) {
  size_t len = strlen(name);
  if (len < sizeof SUFFIX || len > TRACE_TEXT || strcmp(name + len - strlen(SUFFIX), SUFFIX) != 0) return;
  if (k->count == SHARED_BLOCKS) { /* the newest are shown */
    (void)close(k->file[0].fd);
    memmove(k->file, k->file + 1, sizeof *k->file * (size_t)--k->count);
  }
  int fd = openat(k->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return;
  k->file[k->count].fd = fd;
  memcpy(k->file[k->count++].name, name, len + 1);
}

static void look(Kept *k) {
  char bytes[4096] __attribute__((aligned(8)));
  ssize_t n;
  while ((n = read(k->watch, bytes, sizeof bytes)) > 0)
    for (char *p = bytes; p < bytes + n;) {
      const struct inotify_event *e = (const struct inotify_event *)p;
      if (e->len > 0) keep(k, e->name);
      p += sizeof *e + e->len;
    }
}

static void run_thread(void *arg) {
  Kept *k = arg;
  struct pollfd fds[2] = { { .fd = k->watch, .events = POLLIN }, { .fd = k->stop, .events = POLLIN } };
  while (poll(fds, 2, -1) >= 0 && !fds[1].revents) look(k);
}

static bool start(Kept *k) {
  k->runs = side_thread_start(&k->thread, run_thread, k) == 0;
  return k->runs;
}

static void stop(Kept *k) {
  if (!k->runs) return;
  (void)eventfd_write(k->stop, 1);
  (void)uv_thread_join(&k->thread);
  k->runs = false;
}

Kept *kept_open(const char *folder) {
  Kept *k = calloc(1, sizeof *k);
  if (!k) return NULL;
  k->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  k->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  k->stop = eventfd(0, EFD_CLOEXEC);
  if (k->folder >= 0 && k->watch >= 0 && k->stop >= 0 && inotify_add_watch(k->watch, folder, IN_CREATE) >= 0 && start(k))
    return k;
  kept_close(k);
  return NULL;
}

void kept_close(Kept *k) {
  if (!k) return;
  stop(k);
  for (int i = 0; i < k->count; i++) (void)close(k->file[i].fd);
  if (k->folder >= 0) (void)close(k->folder);
  if (k->watch >= 0) (void)close(k->watch);
  if (k->stop >= 0) (void)close(k->stop);
  free(k);
}

void kept_draw(Kept *k, const Model *m, const ViewSize *size, StrBuf *out) {
  SharedBlock *blocks = calloc(SHARED_BLOCKS, sizeof *blocks);
  stop(k);
  size_t count = blocks ? shared_read(m, blocks, NULL, 0) : 0;
  for (size_t i = 0; i < count; i++)
    for (int j = 0; j < k->count && !blocks[i].readable; j++)
      if (!strcmp(blocks[i].file, k->file[j].name)) shared_fill(&blocks[i], k->file[j].fd);
  if (blocks) view_cells(blocks, count, size, out);
  free(blocks);
}
