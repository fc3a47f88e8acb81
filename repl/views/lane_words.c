/* SPDX-License-Identifier: MIT */
/* lane_words.c - see lane_words.h. */
#include "lane_words.h"
#include "../../modules/core/signame.h"

#include <stdio.h>

bool lane_is_send(int event) {
  return event == TRACE_IPC_SEND || event == TRACE_MSG_POST || event == TRACE_HND_SEND;
}

bool lane_is_receive(int event) {
  return event == TRACE_IPC_RECV || event == TRACE_MSG_RECV || event == TRACE_HND_RECV;
}

double lane_latency(const LiveRecord *r) {
  if (r->mate == UINT64_MAX || !r->mate_t) return -1;
  return r->mate_t > r->r.t ? (double)(r->mate_t - r->r.t) / 1e6 : (double)(r->r.t - r->mate_t) / 1e6;
}

static const char *signal_word(int64_t number, char *out, size_t size) {
  const char *name = signal_name((int)number);
  if (name) return name;
  (void)snprintf(out, size, "signal %lld", (long long)number);
  return out;
}

static void exit_words(const char *before, int64_t code, int64_t sig, char *out, size_t size) {
  char name[32];
  if (sig) (void)snprintf(out, size, "%s%s", before, signal_word(sig, name, sizeof name));
  else (void)snprintf(out, size, "%scode %lld", before, (long long)code);
}

/* Words of an event: %a, %b, %c, %d are its numbers, %x and %y its texts, %f the second one as a file without
 * folders, %m and %n numbers a and b in milliseconds. */
static const char *const patterns[TRACE_EVENT_COUNT] = {
  [TRACE_PROC_START] = "start %f", [TRACE_PROC_READY] = "ready %x", [TRACE_THR_START] = "thread %a starts",
  [TRACE_THR_EXIT] = "thread %a exits %b", [TRACE_IPC_SEND] = "send %x", [TRACE_IPC_RECV] = "recv %x",
  [TRACE_IPC_CLOSE] = "channel x %x", [TRACE_HND_SEND] = "send %x", [TRACE_HND_RECV] = "recv %x",
  [TRACE_PORT_LISTEN] = "listen %a", [TRACE_PORT_CLOSE] = "close %a", [TRACE_PORT_ERR] = "%x %a",
  [TRACE_CONN_ACCEPT] = "accept %a", [TRACE_CONN_CLOSE] = "conn close", [TRACE_LOOP_TURN] = "# %m",
  [TRACE_LOOP_BLOCK] = "▓▓ %m", [TRACE_POOL_QUEUE] = "pool %x queued", [TRACE_POOL_START] = "pool %x begins",
  [TRACE_POOL_DONE] = "pool %x %n", [TRACE_SIG_RECV] = "got %x", [TRACE_MSG_POST] = "post %x",
  [TRACE_MSG_RECV] = "recv %x", [TRACE_BUF_ALLOC] = "buffer %a", [TRACE_ERR_UNCAUGHT] = "ERROR %x",
  [TRACE_MEM] = "heap %a", [TRACE_LESSON_STEP] = "step %x", [TRACE_USER_MARK] = "* %x", [TRACE_CELLS] = "cells %x",
  [TRACE_PORT_SHARE] = "port %a of %c",
  [TRACE_NONE] = "?",
};

static void fill(const LiveRecord *r, const char *pattern, char *out, size_t size) {
  char text[TRACE_TEXT + 1];
  size_t at = 0;
  for (; *pattern && at + 1 < size; pattern++) {
    const char *end = out + size;
    if (*pattern != '%') {
      out[at++] = *pattern;
      continue;
    }
    int got = 0;
    char what = *++pattern;
    if (what == 'f')
      got = snprintf(out + at, (size_t)(end - out) - at, "%s", text_base(text_of_record(&r->r, 1, text)));
    else if (what == 'x' || what == 'y')
      got = snprintf(out + at, (size_t)(end - out) - at, "%s", text_of_record(&r->r, what == 'y', text));
    else if (what == 'm' || what == 'n')
      got = snprintf(out + at, (size_t)(end - out) - at, "%s", text_ms((double)r->r.n[what - 'm'] / 1e6).s);
    else got = snprintf(out + at, (size_t)(end - out) - at, "%lld", (long long)r->r.n[(what - 'a') & 3]);
    if (got > 0) at = at + (size_t)got < size ? at + (size_t)got : size - 1;
  }
  out[at] = '\0';
}

void lane_words(const LiveRecord *r, char *out, size_t size) {
  char name[32], text[TRACE_TEXT + 1];
  const int64_t *n = r->r.n;
  switch (r->r.event) {
  case LIVE_REPARENT: (void)snprintf(out, size, "ppid %lld (was %lld)", (long long)n[1], (long long)n[0]); return;
  case LIVE_KILLED: (void)snprintf(out, size, "killed by %s", signal_word(n[0], name, sizeof name)); return;
  case TRACE_PROC_EXIT: exit_words("exit ", n[0], n[1], out, size); return;
  case TRACE_PROC_REAP:
    (void)snprintf(text, sizeof text, "reaped %lld ", (long long)n[0]);
    exit_words(text, n[1], n[2], out, size);
    return;
  case TRACE_PROC_SPAWN:
    if (n[3]) (void)snprintf(out, size, "spawn failed %s", text_of_record(&r->r, 0, text));
    else if (!n[2]) (void)snprintf(out, size, "spawn %s", text_base(text_of_record(&r->r, 0, text)));
    else (void)snprintf(out, size, n[1] ? "fork #%lld" : "spawn #%lld", (long long)n[2]);
    return;
  case TRACE_THR_SPAWN: (void)snprintf(out, size, "new w%lld", (long long)n[0]); return;
  case TRACE_STDIO:
    (void)snprintf(out, size, "%s %lldB%s", n[0] == 0 ? "in" : n[0] == 1 ? "out" : "err", (long long)n[1],
                   n[2] ? " FULL" : "");
    return;
  default: break;
  }
  const char *pattern = r->r.event < TRACE_EVENT_COUNT ? patterns[r->r.event] : NULL;
  fill(r, pattern ? pattern : "?", out, size);
}
