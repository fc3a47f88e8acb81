/* SPDX-License-Identifier: MIT */
/* rows.c - see rows.h. An orphan stands under the process that has adopted it, when that is one of the
 * run; else it is a root. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

enum { NOBODY = -1, DEEPEST = 1000, GUIDE_DEPTH = 6 /* deeper ones are drawn at this depth */ };

typedef struct Node {
  const LiveProc *proc;
  int first, next, last; /* child, sibling, newest child: numbers of nodes */
  bool root;
} Node;

typedef struct Found {
  const LiveProc *proc;
  int node;
} Found;

typedef struct Forest {
  Node *nodes;
  Found *found; /* by address */
  int count;
  bool threads;
  ViewRows rows;
  size_t space;
} Forest;

/* What a shell has run and is over is not worth a line. */
static bool is_listed(const Model *m, const LiveProc *p) {
  if (!p->ended) return true;
  return (p->traced || p->number || p->signal) && m->now - p->end < ROWS_KEPT_S * 1000000000ull;
}

static int by_address(const void *a, const void *b) {
  uintptr_t x = (uintptr_t)((const Found *)a)->proc, y = (uintptr_t)((const Found *)b)->proc;
  return (x > y) - (x < y);
}

static int node_of(const Forest *f, const LiveProc *p) {
  Found key = { .proc = p }, *found = p ? bsearch(&key, f->found, (size_t)f->count, sizeof key, by_address) : NULL;
  return found ? found->node : NOBODY;
}

/* Whom the process stands under now: of those that are listed, so what a shell has started that is over
 * stands under who started the shell. */
static const LiveProc *parent_of(const Model *m, const LiveProc *p, bool all) {
  const LiveProc *parent = p->parent;
  if (!p->orphan) {
    while (parent && !all && !is_listed(m, parent)) parent = parent->parent;
    return parent;
  }
  const LiveProc *adopter = model_proc(m, p->ppid);
  return adopter && !adopter->ended ? adopter : NULL;
}

static bool plant(Forest *f, const Model *m, bool all) {
  f->nodes = calloc(m->nprocs + 1, sizeof *f->nodes);
  f->found = calloc(m->nprocs + 1, sizeof *f->found);
  if (!f->nodes || !f->found) return false;
  for (const LiveProc *p = m->procs; p && (size_t)f->count < m->nprocs; p = p->next) {
    if (!all && !is_listed(m, p)) continue;
    f->nodes[f->count] = (Node){ p, NOBODY, NOBODY, NOBODY, false };
    f->found[f->count] = (Found){ p, f->count };
    f->count++;
  }
  if (f->count > 1) qsort(f->found, (size_t)f->count, sizeof *f->found, by_address);
  for (int i = 0; i < f->count; i++) {
    int parent = node_of(f, parent_of(m, f->nodes[i].proc, all));
    if (parent == NOBODY || parent == i) {
      f->nodes[i].root = true;
      continue;
    }
    Node *at = &f->nodes[parent];
    if (at->first == NOBODY) at->first = i;
    else f->nodes[at->last].next = i;
    at->last = i;
  }
  return true;
}

/* ---- the rows ---- */

static ViewRow *add_row(Forest *f, const LiveProc *proc, const LiveThread *thread, int depth) {
  if (f->rows.count == f->space) {
    size_t space = f->space ? f->space * 2 : 64;
    ViewRow *grown = realloc(f->rows.row, space * sizeof *grown);
    if (!grown) return NULL;
    f->rows.row = grown;
    f->space = space;
  }
  ViewRow *row = &f->rows.row[f->rows.count++];
  *row = (ViewRow){ .proc = proc, .thread = thread, .depth = depth };
  return row;
}

static void add_guide(char *guide, const char *text) {
  size_t len = strlen(guide), more = strlen(text);
  if (len + more < ROW_GUIDE) memcpy(guide + len, text, more + 1);
}

static const LiveThread *next_thread(const LiveThread *t) {
  while (t && (t->thread_id == 0 || t->ended)) t = t->next;
  return t;
}

/* base: the guide of what stands below the node. */
static void add_threads(Forest *f, const Node *node, int depth, const char *base) {
  const LiveThread *t = f->threads && !node->proc->ended ? next_thread(node->proc->threads) : NULL;
  for (const LiveThread *next; t; t = next) {
    next = next_thread(t->next);
    ViewRow *row = add_row(f, node->proc, t, depth + 1);
    if (!row) return;
    (void)strcpy(row->guide, base);
    add_guide(row->guide, next || node->first != NOBODY ? "├ " : "└ ");
  }
}

static void add_node(Forest *f, int number, int depth, const char *above, bool last) {
  const Node *node = &f->nodes[number];
  char base[ROW_GUIDE] = "";
  ViewRow *row = add_row(f, node->proc, NULL, depth);
  if (!row) return;
  (void)strcpy(row->guide, above);
  if (depth > 0) add_guide(row->guide, last ? "└ " : "├ ");
  row->adopted = node->proc->orphan;
  (void)strcpy(base, above);
  if (depth > 0 && depth < GUIDE_DEPTH) add_guide(base, last ? "  " : "│ ");
  add_threads(f, node, depth, base);
  for (int child = node->first; child != NOBODY && depth < DEEPEST; child = f->nodes[child].next)
    add_node(f, child, depth + 1, base, f->nodes[child].next == NOBODY);
}

ViewRows view_rows(const Model *m, bool threads, bool all) {
  Forest f = { .threads = threads };
  if (plant(&f, m, all))
    for (int i = 0; i < f.count; i++)
      if (f.nodes[i].root) add_node(&f, i, 0, "", true);
  free(f.nodes);
  free(f.found);
  return f.rows;
}

void view_rows_free(ViewRows *rows) {
  free(rows->row);
  *rows = (ViewRows){ 0 };
}

size_t view_rows_find(const ViewRows *rows, int pid, int tid) {
  size_t found = SIZE_MAX;
  for (size_t i = 0; pid && i < rows->count; i++) {
    const ViewRow *row = &rows->row[i];
    if (row->proc->pid != pid) continue;
    if (!row->thread && (!tid || found == SIZE_MAX)) found = i;
    if (row->thread && tid == row->thread->tid) return i;
  }
  return found;
}
