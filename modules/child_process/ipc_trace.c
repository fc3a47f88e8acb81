/* SPDX-License-Identifier: MIT */
/* ipc_trace.c - what a channel tells the flight recorder; see ipc_parts.h.
 *
 * Both ends count the frames of each direction, the protocol's own included: (channel, direction, number)
 * names a message at both ends, and nothing of it travels. A frame counts when it enters the wire or its
 * queue, not when it has to wait behind a handle. A user's message is received when its listener gets it: one
 * read may bring many, and the last waits for what the listener does with the others. */
#include "ipc_parts.h"

#include <stdlib.h>
#include <string.h>

/* Of a frame in V8's format; where the text of a wrapper is looked for; a message that takes time to decode. */
enum { PREFIX = 4, INNER = 256, LARGE = 64 * 1024 };

static Trace *trace_of(const Channel *ch) { return ch->base.rt->trace; }

static bool wraps(const char *cmd) { return !strcmp(cmd, "NODE_HANDLE"); }

/* cmd: of a message that is the protocol's own. */
static unsigned flags_of(lua_State *L, int idx, const char *cmd) {
  if (!wraps(cmd)) return TRACE_INTERNAL;
  lua_pushliteral(L, "msg");
  (void)lua_rawget(L, idx < 0 ? idx - 1 : idx);
  bool internal = ipc_is_internal(L, -1, &cmd);
  lua_pop(L, 1);
  return TRACE_HANDLE | (internal ? TRACE_INTERNAL : 0);
}

unsigned channel_trace_flags(lua_State *L, int idx) {
  const char *cmd;
  return ipc_is_internal(L, idx, &cmd) ? flags_of(L, idx, cmd) : 0;
}

/* ---- live ---- */

static void tell_live(Channel *ch, uint32_t waiting, bool open) {
  Trace *t = trace_of(ch);
  TracePage *page = trace_page(t);
  atomic_store_explicit(&page->queued, page->queued + waiting - ch->told, memory_order_relaxed);
  ch->told = waiting;
  if (ch->trace_id) trace_channel(t, ch->trace_id, ch->received - ch->pending, ch->sent, waiting, open);
}

void channel_trace_live(Channel *ch) { tell_live(ch, ch->link.frames + (uint32_t)ch->nwaiting, true); }

void channel_trace_end(Channel *ch) {
  const char *why = ch->why ? ch->why : ch->leaving ? "disconnect" : "closed";
  tell_live(ch, 0, false);
  if (ch->trace_id) trace_add(trace_of(ch), TRACE_IPC_CLOSE, (TraceArgs){ { (int64_t)ch->trace_id } }, why, NULL);
}

/* ---- handles ---- */

/* flags: those of its message. */
static void tell_handle(const Channel *ch, TraceEvent event, unsigned flags, uint32_t mid, int fd) {
  TraceSocket s = trace_socket_ask(fd);
  TraceArgs args = { { (int64_t)ch->trace_id, mid, s.inode, s.port } };
  trace_add_flags(trace_of(ch), event, flags, args, s.type);
}

void channel_trace_handle(lua_State *L, Channel *ch, int idx, int fd) {
  unsigned flags = channel_trace_flags(L, idx) | (ch->from_parent ? 0 : TRACE_UP);
  if (ch->trace_id) tell_handle(ch, TRACE_HND_RECV, flags, ch->received, fd);
}

void channel_trace_passed(lua_State *L, int fd) {
  TraceSocket s = trace_socket_ask(fd);
  trace_add(rt_of(L)->trace, TRACE_CONN_ACCEPT, (TraceArgs){ { s.port } }, "passed", NULL);
}

/* ---- messages ---- */

/* Where the JSON value that begins at s ends. */
static const char *value_end(const char *s, const char *end) {
  int depth = 0;
  bool text = false;
  for (; s < end; s++) {
    if (text) {
      if (*s == '\\') s++;
      else if (*s == '"') text = false;
    } else if (*s == '"') {
      text = true;
    } else if (*s == '{' || *s == '[') {
      depth++;
    } else if ((*s == '}' || *s == ']') && --depth < 0) {
      return s;
    } else if (*s == ',' && depth == 0) {
      return s;
    }
  }
  return end;
}

/* Of a message that travels in a wrapper with its handle the user sees his own part. */
static void unwrap(const char **s, size_t *len) {
  static const char key[] = "\"msg\":";
  const char *at = memmem(*s, *len < INNER ? *len : INNER, key, sizeof key - 1), *end = *s + *len;
  if (!at) return;
  *s = at + sizeof key - 1;
  if (end - *s > 2 * TRACE_TEXT) end = *s + 2 * TRACE_TEXT; /* more is not shown anyway */
  *len = (size_t)(value_end(*s, end) - *s);
}

/* The same for a message in V8's format, whose value is at idx. */
static size_t describe(lua_State *L, int idx, unsigned flags, char *words) {
  bool wrapped = flags & TRACE_HANDLE;
  lua_pushvalue(L, idx);
  if (wrapped) {
    lua_pushliteral(L, "msg");
    (void)lua_rawget(L, -2);
  }
  size_t len = trace_value(L, -1, words);
  lua_pop(L, wrapped ? 2 : 1);
  return len;
}

/* What a record shows of a message: points *s there, maybe into words. */
static void preview(lua_State *L, const Channel *ch, unsigned flags, const char **s, size_t *len, int idx, char *words) {
  if (ch->advanced) {
    *s = words;
    *len = idx && trace_previews() ? describe(L, idx, flags, words) : 0;
  } else if (flags & TRACE_HANDLE) {
    unwrap(s, len);
  }
}

/* A short text in which the protocol's own word is nowhere need not be looked at closer. */
static bool may_be_internal(const Channel *ch, const StrBuf *frame) {
  return ch->advanced || frame->len > INNER || memmem(frame->p, frame->len, "NODE_", 5);
}

void channel_trace_sent(lua_State *L, Channel *ch, const StrBuf *frame, int idx, unsigned flags, int fd) {
  char words[TRACE_TEXT];
  const char *s = frame->p;
  size_t len = frame->len - (ch->advanced ? PREFIX : 1);
  TraceArgs args = { { (int64_t)ch->trace_id, ch->sent, (int64_t)len } };
  if (idx) flags = may_be_internal(ch, frame) ? channel_trace_flags(L, idx) : 0;
  if (ch->from_parent) flags |= TRACE_UP;
  channel_trace_live(ch);
  if (!ch->trace_id) return;
  preview(L, ch, flags, &s, &len, idx, words);
  trace_add_bytes(trace_of(ch), TRACE_IPC_SEND, flags, args, s, len, 0);
  if (fd >= 0) tell_handle(ch, TRACE_HND_SEND, flags, ch->sent, fd);
}

static void tell_received(Channel *ch, const ChannelNote *note) {
  TraceArgs args = { { (int64_t)ch->trace_id, note->mid, note->bytes, note->slow } };
  uint64_t when = note->bytes > LARGE ? uv_hrtime() : 0; /* taking it apart has taken a part of the turn */
  if (handle_is_open(&ch->base)) channel_trace_live(ch);
  else tell_live(ch, 0, false);
  trace_add_bytes(trace_of(ch), TRACE_IPC_RECV, note->flags, args, note->text, note->text_len, when);
}

void channel_trace_received(lua_State *L, Channel *ch, const char *s, size_t len, int idx, const char *cmd) {
  unsigned flags = cmd ? flags_of(L, idx, cmd) : 0;
  char words[TRACE_TEXT];
  ChannelNote *note = &ch->note;
  if (!ch->trace_id) return;
  if (!ch->from_parent) flags |= TRACE_UP;
  note->mid = ch->received;
  note->bytes = (int64_t)len;
  note->slow = flags & TRACE_INTERNAL ? 0 : ch->base.rt->slow_ms * 1000000ll;
  note->flags = (uint8_t)flags;
  preview(L, ch, flags, &s, &len, idx, words);
  note->text_len = (uint8_t)(len < sizeof note->text ? len : sizeof note->text);
  memcpy(note->text, s, note->text_len);
  ch->noted = !(flags & TRACE_INTERNAL);
  if (!ch->noted) tell_received(ch, note);
}

static bool grow_notes(Channel *ch) {
  uint32_t room = ch->room ? 2 * ch->room : 4;
  if (ch->first_note > ch->room / 2) {
    memmove(ch->notes, ch->notes + ch->first_note, ch->pending * sizeof *ch->notes);
    ch->first_note = 0;
    return true;
  }
  ChannelNote *grown = realloc(ch->notes, room * sizeof *grown);
  if (!grown) return false;
  ch->notes = grown;
  ch->room = room;
  return true;
}

bool channel_trace_keep_note(Channel *ch) {
  if (ch->pending == 0) ch->first_note = 0;
  if (ch->first_note + ch->pending == ch->room && !grow_notes(ch)) {
    channel_trace_undelivered(ch);
    return false;
  }
  memcpy(&ch->notes[ch->first_note + ch->pending++], &ch->note, offsetof(ChannelNote, text) + ch->note.text_len);
  ch->noted = false;
  return true;
}

/* Older notes are of messages whose way an interrupt has cut off. */
void channel_trace_delivered(Channel *ch, uint32_t mid) {
  while (ch->pending && (int32_t)(mid - ch->notes[ch->first_note].mid) >= 0) {
    const ChannelNote *note = &ch->notes[ch->first_note++];
    ch->pending--;
    if (note->mid == mid) tell_received(ch, note);
  }
}

void channel_trace_undelivered(Channel *ch) {
  ch->noted = false;
  tell_received(ch, &ch->note);
}
