/* SPDX-License-Identifier: MIT */
/* message_trace.c - what messages between threads tell the flight recorder; see message.h.
 *
 * The end that posts numbers them, the message carries the number and, while it is recorded, its preview:
 * what has come is told before it is unpacked. Several threads post to the end of a list (BroadcastChannel,
 * postMessageToThread), under its lock; their pages do not count it. */
#include "message.h"
#include "../core/trace.h"

#include <stdlib.h>
#include <string.h>

static char *words_of(lua_State *L, int idx) {
  char text[TRACE_TEXT + 1];
  if (!trace_previews()) return NULL;
  text[trace_value(L, idx, text)] = '\0';
  return strdup(text); /* without memory there is no preview */
}

static void tell(Trace *t, TraceEvent event, const EndTold *told, bool up, uint32_t number, uint32_t thread,
                 const Message *m) {
  TraceArgs args = { { (int64_t)told->id, number, (int64_t)m->len, (int32_t)thread } };
  unsigned flags = (up ? TRACE_UP : 0) | (m->internal ? TRACE_INTERNAL : 0);
  trace_add_bytes(t, event, flags, args, m->words ? m->words : "", m->words ? strlen(m->words) : 0, 0);
}

static void tell_live(Trace *t, const EndTold *told, bool open) {
  trace_channel(t, told->id, told->taken, told->posted, 0, open);
}

static void trace_post(lua_State *L, const End *end, Message *m, Posting posting) {
  Trace *t = rt_of(L)->trace;
  EndTold told = end_told(end);
  if (!told.id) return;
  if (posting.idx) m->words = words_of(L, posting.idx);
  int thread = posting.thread >= 0 ? posting.thread : told.reader;
  tell(t, TRACE_MSG_POST, &told, told.second, ++told.posted, (uint32_t)thread, m);
  if (posting.own) tell_live(t, &told, true);
}

void message_post(lua_State *L, End *end, Message *m, Posting posting) {
  m->from = rt_of(L)->thread_id;
  m->internal = posting.idx == 0;
  if (TRACING(rt_of(L))) trace_post(L, end, m, posting);
  end_post(end, m);
}

static void trace_take(Runtime *rt, const End *end, const Message *m) {
  EndTold told = end_told(end);
  if (!told.id) return;
  tell(rt->trace, TRACE_MSG_RECV, &told, !told.second, m->number, m->from, m);
  tell_live(rt->trace, &told, true);
}

Message *message_take(Runtime *rt, End *end) {
  Message *m = end_take_due(rt, end);
  if (m && TRACING(rt)) trace_take(rt, end, m);
  return m;
}

void message_end_gone(Runtime *rt, const End *end) {
  if (!TRACING(rt)) return;
  EndTold told = end_told(end);
  if (told.id) tell_live(rt->trace, &told, false);
}
