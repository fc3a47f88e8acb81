/* SPDX-License-Identifier: MIT */
/* view_pool.c - .pool: what the threads of each process's pool do, and what waits for one of them. */
#include "facts.h"

#include <string.h>

static void add_slot(const Model *m, const ViewSize *size, const LiveThread *t, int i, StrBuf *out) {
  uint64_t since = t->pool[i].since;
  char kind[sizeof t->pool[i].kind + 1] = "";
  memcpy(kind, t->pool[i].kind, sizeof t->pool[i].kind);
  double ms = m->now > since ? (double)(m->now - since) / 1e6 : 0;
  if (since) view_line(size, out, STYLE_YELLOW, "   %2d  %-10s for %s", i + 1, *kind ? kind : "work", text_ms(ms).s);
  else view_line(size, out, STYLE_DIM, "   %2d  idle", i + 1);
}

static void add_pool(const Model *m, const ViewSize *size, const LiveThread *t, StrBuf *out) {
  int slots = t->pool_size < TRACE_POOL ? (int)t->pool_size : TRACE_POOL;
  view_line(size, out, STYLE_BOLD, "%s  %u threads, %u busy, %u waiting", text_name(t->proc).s,
            (unsigned)t->pool_size, (unsigned)t->pool_running, (unsigned)t->pool_queued);
  for (int i = 0; i < slots; i++) add_slot(m, size, t, i, out);
  if (t->pool_queued)
    view_line(size, out, STYLE_NONE, "       %u more %s until one of these is done (UV_THREADPOOL_SIZE)",
              (unsigned)t->pool_queued, t->pool_queued == 1 ? "waits" : "wait");
}

void view_pool(const Model *m, const ViewSize *size, StrBuf *out) {
  int shown = 0;
  for (const LiveProc *p = m->procs; p; p = p->next) {
    const LiveThread *t = p->ended || (size->only && size->only != p) ? NULL : fact_main(p);
    if (!t || !t->pool_size) continue;
    add_pool(m, size, t, out);
    shown++;
  }
  if (!shown) view_line(size, out, STYLE_NONE, "No process has used its thread pool yet (files, dns, crypto).");
}
