/* SPDX-License-Identifier: MIT */
/* channels.c - who is at the ends of a channel, what went through it, what waits in it. */
#include "run.h"

#include <stdlib.h>

static uint64_t bucket_of(uint64_t id) { return (id * 0x9E3779B97F4A7C15u >> 32) % RUN_BUCKETS; }

/* Finds or makes it; NULL without memory, or with too many of them. */
RunChannel *channel_of(Run *run, uint64_t id) {
  RunChannel **bucket = &run->by_id[bucket_of(id)];
  for (RunChannel *ch = *bucket; ch; ch = ch->next_id)
    if (ch->pub.id == id) return ch;
  RunChannel *ch = run->nchannels < run->most.channels ? calloc(1, sizeof *ch) : NULL;
  if (!ch) run->lost++;
  if (!ch) return NULL;
  run->nchannels++;
  ch->pub.id = id;
  ch->pub.open = true;
  ch->threads = true; /* until something says that it is between processes */
  ch->first_record = run->m.count;
  for (int i = 0; i < 2; i++) ch->way[i].sent = ch->way[i].got = -1;
  ch->next_id = *bucket;
  *bucket = ch;
  ch->next_all = run->channels;
  run->channels = ch;
  return ch;
}

/* The records that went before get the peer that was not known then. */
static void tell_peer(Run *run, RunChannel *ch, int end, RunProc *proc) {
  uint64_t from = ch->first_record > run->m.first ? ch->first_record : run->m.first;
  for (uint64_t n = from; n < run->m.count; n++) {
    LiveRecord *rec = &run->m.records[n % LIVE_RECORDS];
    bool fits = (rec->r.event >= TRACE_IPC_SEND && rec->r.event <= TRACE_HND_RECV) &&
                (uint64_t)rec->r.n[0] == ch->pub.id && !rec->peer && rec->proc != &proc->pub;
    bool sends = rec->r.event == TRACE_IPC_SEND || rec->r.event == TRACE_HND_SEND;
    bool at_first = sends == !(rec->r.flags & TRACE_UP);
    if (fits && at_first == (end == 1)) rec->peer = &proc->pub;
  }
}

/* `proc` is at that end (0: parent, 1: child) of an IPC channel. */
void channel_set_end(Run *run, RunChannel *ch, int end, RunProc *proc) {
  LiveProc **place = end ? &ch->pub.child : &ch->pub.parent;
  if (ch->threads) {
    ch->threads = false;
    *run->channels_end = &ch->pub;
    run->channels_end = &ch->pub.next;
  }
  if (*place) return;
  *place = &proc->pub;
  tell_peer(run, ch, end, proc);
  run->changed = true;
}

/* Users' messages are received in their order. Those of Node's protocol are taken as they come, while users' may
 * wait for a listener that is busy. */
static void receive(RunWay *way, int64_t mid, bool own) {
  uint64_t ahead = (uint64_t)mid - (uint64_t)way->got;
  if (mid <= way->got) return;
  if (own && ahead <= 64) {
    way->early |= 1ull << (ahead - 1);
  } else { /* what was between is received, or its record was lost */
    way->got = mid;
    way->early = ahead < 64 ? way->early >> ahead : 0;
  }
  for (; way->early & 1; way->early >>= 1) way->got++;
}

static void count(RunChannel *ch, const TraceRecord *r, bool sends) {
  RunWay *way = &ch->way[(r->flags & TRACE_UP) != 0];
  int64_t mid = r->n[1];
  bool own = r->flags & TRACE_INTERNAL;
  if (mid < 0) return; /* no writer counts so */
  if (!way->known) way->got = mid - 1;
  way->known = true;
  if (!sends) receive(way, mid, own);
  else if (own) way->own++;
  else way->count++;
  if (sends && mid > way->sent) way->sent = mid;
}

/* Both ends of a MessagePort are in one process. Only one reader: a BroadcastChannel has no second end. */
static RunThread *other_thread(RunThread *thread, int64_t id) {
  LiveThread *t = id >= 0 ? thread->pub.proc->threads : NULL;
  while (t && (int64_t)t->thread_id != id) t = t->next;
  return t ? run_thread_of(t) : NULL;
}

/* A message's record: of IPC or of a MessagePort. */
void channel_message(Run *run, RunThread *thread, LiveRecord *rec) {
  const TraceRecord *r = &rec->r;
  RunChannel *ch = r->n[0] ? channel_of(run, (uint64_t)r->n[0]) : NULL;
  bool port = r->event == TRACE_MSG_POST || r->event == TRACE_MSG_RECV;
  bool sends = r->event == TRACE_IPC_SEND || r->event == TRACE_MSG_POST || r->event == TRACE_HND_SEND;
  int end = sends == !(r->flags & TRACE_UP) ? 0 : 1;
  if (!ch) return;
  if (!ch->ends[end]) ch->ends[end] = thread;
  if (port && !ch->ends[!end]) ch->ends[!end] = other_thread(thread, r->n[3]);
  if (!port) channel_set_end(run, ch, end, run_proc_of(thread->pub.proc));
  if (r->event != TRACE_HND_SEND && r->event != TRACE_HND_RECV) count(ch, r, sends);
  if (rec->peer) return;
  if (!port) rec->peer = end ? ch->pub.parent : ch->pub.child;
  if (ch->ends[!end]) rec->peer_thread = &ch->ends[!end]->pub;
  if (!rec->peer && rec->peer_thread) rec->peer = rec->peer_thread->proc;
}

/* ---- what waits ---- */

static bool reads(const LiveProc *p) { return p && p->traced && !p->ended; }

static uint32_t waiting(const RunWay *way) {
  uint64_t sent = (uint64_t)way->sent - (uint64_t)way->got, early = (uint64_t)__builtin_popcountll(way->early);
  if (way->sent <= way->got || sent <= early) return 0;
  return sent - early > INT32_MAX ? INT32_MAX : (uint32_t)(sent - early);
}

/* What the end itself counts is right also when records are lost. */
static uint32_t sent_by(const RunThread *t, const RunChannel *ch, int up) {
  uint32_t own = ch->way[up].own, all = 0;
  for (int i = 0; t && i < TRACE_CHANNELS; i++)
    if (t->ring.page.channels[i].id == ch->pub.id) all = t->ring.page.channels[i].out;
  return all > own + ch->way[up].count ? all - own : ch->way[up].count;
}

static void update_channel(RunChannel *ch) {
  LiveChannel *pub = &ch->pub;
  RunThread *first = ch->ends[0], *second = ch->ends[1];
  const LiveProc *parent = pub->parent ? pub->parent : first ? first->pub.proc : NULL;
  const LiveProc *child = pub->child ? pub->child : second ? second->pub.proc : NULL;
  if ((parent && parent->ended) || (child && child->ended)) pub->open = false;
  if ((first && first->pub.ended) || (second && second->pub.ended)) pub->open = false;
  pub->down = sent_by(first, ch, 0);
  pub->up = sent_by(second, ch, 1);
  pub->down_waiting = pub->open && reads(child) ? waiting(&ch->way[0]) : 0;
  pub->up_waiting = pub->open && reads(parent) ? waiting(&ch->way[1]) : 0;
  if (!second && child && child->threads && !ch->threads) second = run_thread_of(child->threads);
  if (!first && parent && parent->threads && !ch->threads) first = run_thread_of(parent->threads);
  if (second) second->pub.waiting += pub->down_waiting;
  if (first) first->pub.waiting += pub->up_waiting;
}

static bool is_over(const RunThread *t) { return !t || (t->done && t->pub.ended); }

/* Closed, and nobody is left who could tell more of it. */
static bool is_settled(const RunChannel *ch) {
  bool child = !ch->pub.child || ch->pub.child->ended;
  return !ch->pub.open && child && (ch->ends[0] || ch->ends[1]) && is_over(ch->ends[0]) && is_over(ch->ends[1]);
}

void run_update_channels(Run *run) {
  RunChannel **at = &run->channels, *ch;
  for (RunThread *t = run->rings; t; t = t->next_ring) t->pub.waiting = 0;
  while ((ch = *at) != NULL) {
    update_channel(ch);
    if (!is_settled(ch)) {
      at = &ch->next_all;
      continue;
    }
    *at = ch->next_all;
    ch->next_all = run->old_channels;
    run->old_channels = ch;
  }
}
