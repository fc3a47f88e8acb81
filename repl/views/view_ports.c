/* SPDX-License-Identifier: MIT */
/* view_ports.c - .ports: each listening socket, who holds it, who accepts; and listen() calls that failed. */
#include "facts.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

#define REFUSAL_NS 30000000000ull

static const TableColumn columns[] = {
  { "ADDRESS", 15, 30, 0, false }, { "INODE", 5, 12, 2, true }, { "HOLDER", 10, 24, 0, false },
  { "FD", 2, 4, 3, true },         { "ACCEPTED", 8, 8, 1, true }, { "", 4, 24, 4, false },
  { NULL, 0, 0, 0, false },
};

static void print_address(const char *address, int port, bool udp, char *out, size_t size) {
  const char *left = strchr(address, ':') ? "[" : "", *right = *left ? "]" : "";
  if (port) (void)snprintf(out, size, "%s%s%s:%d%s", left, address, right, port, udp ? " udp" : "");
  else (void)snprintf(out, size, "%s", address);
}

static bool is_shared(const Model *m, const LiveSocket *s) {
  for (const LiveSocket *o = m->sockets; o && s->port; o = o->next)
    if (o != s && o->port == s->port && o->udp == s->udp && !strcmp(o->address, s->address)) return true;
  return false;
}

static void add_socket(Table *t, const Model *m, const LiveSocket *s) {
  char address[96], count[40];
  print_address(s->address, s->port, s->udp, address, sizeof address);
  (void)snprintf(count, sizeof count, "%zu %s%s", s->nholders, s->nholders == 1 ? "holder" : "holders",
                 is_shared(m, s) ? ", REUSEPORT" : "");
  for (size_t i = 0; i < s->nholders + s->ntakers; i++) {
    const LiveHolder *h = i < s->nholders ? &s->holders[i] : &s->takers[i - s->nholders];
    table_cell(t, STYLE_BOLD, "%s", i ? "" : address);
    if (i || !s->inode) table_cell(t, STYLE_NONE, "%s", "");
    else table_cell(t, STYLE_NONE, "%llu", (unsigned long long)s->inode);
    table_cell(t, fact_style(h->proc, NULL), "%s %d", text_name(h->proc).s, h->proc->pid);
    if (h->fd >= 0) table_cell(t, STYLE_NONE, "%d", h->fd);
    else table_cell(t, STYLE_NONE, "%s", "-");
    if (h->accepted) table_cell(t, STYLE_NONE, "%u", (unsigned)h->accepted);
    else table_cell(t, STYLE_DIM, "-");
    if (i == s->nholders && s->nholders) table_cell(t, STYLE_DIM, "gets from %s", text_who(s->holders[0].proc).s);
    else table_cell(t, STYLE_DIM, "%s", i ? "" : count);
  }
}

static size_t add_refusals(const Model *m, const ViewSize *size, StrBuf *out) {
  size_t kept = sizeof m->refusals / sizeof *m->refusals, shown = 0;
  for (size_t i = m->nrefusals > kept ? m->nrefusals - kept : 0; i < m->nrefusals; i++) {
    const LiveRefusal *r = &m->refusals[i % kept];
    char address[96], holder[96] = "";
    if (m->now > r->t && m->now - r->t > REFUSAL_NS) continue;
    if (size->only && size->only != r->proc && size->only != r->holder) continue;
    print_address(r->address, r->port, r->udp, address, sizeof address);
    if (r->holder) (void)snprintf(holder, sizeof holder, ", held by %s %d", text_name(r->holder).s, r->holder->pid);
    else if (r->holder_pid) (void)snprintf(holder, sizeof holder, ", held by %s %d, not of this run", r->holder_name, r->holder_pid);
    view_line(size, out, STYLE_RED, "%s %s by %s %d at %s%s", address, r->code, r->proc ? text_who(r->proc).s : "?",
              r->proc ? r->proc->pid : 0, text_clock(m, r->t).s, holder);
    shown++;
  }
  return shown;
}

static bool has_socket(const Model *m, const LiveProc *only) {
  const LiveSocket *s = m->sockets;
  while (s && only && !fact_has_socket(s, only)) s = s->next;
  return s != NULL;
}

void view_ports(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  StrBuf refusals;
  strbuf_init(&refusals);
  int refused = (int)add_refusals(m, size, &refusals);
  if (has_socket(m, size->only)) {
    table_begin(&t, columns);
    for (const LiveSocket *s = m->sockets; s; s = s->next)
      if (!size->only || fact_has_socket(s, size->only)) add_socket(&t, m, s);
    table_draw(&t, size, size->rows > refused + 3 ? size->rows - refused : 0, out);
  } else if (!refused && size->only) {
    view_line(size, out, STYLE_NONE, "%s listens on no port.", text_name(size->only).s);
  } else if (!refused) {
    view_line(size, out, STYLE_NONE, "No process of this run listens on a port.");
  }
  strbuf_add(out, refusals.p, refusals.len);
  strbuf_free(&refusals);
}
