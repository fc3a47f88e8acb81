/* SPDX-License-Identifier: MIT */
/* share.c - a socket that workers asked for by the same words: accepted here and handed out in turn, or
 * shared, so that each worker accepts by itself.
 *
 * A Share is in CV_KEYS from its making to the moment its last worker goes. It is a userdata and owns the descriptor, its Parts and the queue; while it is open it is pinned.
 * The poll handle and the timer belong to libuv and forget the Share when it closes. A Part is a worker's
 * share in it, linked into both; user value SV_WORKERS keeps the workers alive. A Part with an unanswered
 * offer outlives its Share and is the worker's then. */
#include "parts.h"
#include "../core/error.h"
#include "../core/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  SV_WORKERS = UV_CLASS, /* id -> Worker */
  SV_NAME,
  SV_DATA,            /* of the first worker's server, for all of them */
  SV_COUNT = 3,
  ACCEPT_BURST = 64,  /* connections taken before other events get their turn */
  WAITING_MAX = 1024, /* more are left to the kernel's queue */
  NAP = 10,           /* milliseconds until a worker that refused is asked again */
  NO_BACKLOG = 511
};

typedef struct Part {
  Member member;
  List in_key, in_worker;
  Share *share;       /* NULL: closed meanwhile */
  ClusterWorker *worker;
  uint64_t seq;       /* of the message with the offer */
} Part;

typedef struct Watch {
  Handle base;
  uv_poll_t uv;
  Share *share;           /* NULL once that is closed */
} Watch;

typedef struct Nap {
  Handle base;
  uv_timer_t uv;
  Share *share;
} Nap;

struct Share {
  Runtime *rt;
  lua_State *L;       /* who calls into the queue now */
  int pin;            /* of the object while open */
  int error, fd;      /* fd: -1 when closed or failed */
  bool shared, udp, is_path, starved; /* starved: no descriptors left to accept with */
  char *path;         /* own: a unix socket's, removed with it */
  RoundRobin queue;
  List parts;
  Watch *watch;
  Nap *nap;
};

/* ---- offers ---- */

static Part *part_of(Member *m) { return list_entry(m, Part, member); }

static bool offer(RoundRobin *rr, Member *m) {
  Share *s = list_entry(rr, Share, queue);
  Part *p = part_of(m);
  lua_State *L = s->L;
  int top = lua_gettop(L);
  luaL_checkstack(L, 12, "cluster");
  rt_push_pinned(L, s->rt, s->pin);
  lua_getiuservalue(L, top + 1, SV_WORKERS);
  lua_rawgeti(L, top + 2, p->worker->id);
  worker_push_process(L, top + 3);
  wire_push_act(L, "newconn");
  lua_getiuservalue(L, top + 1, SV_NAME);
  lua_setfield(L, -2, "key");
  bool sent = wire_send(L, top + 4, m->offered->fd, "net.Native", &p->seq);
  lua_settop(L, top);
  return sent;
}

/* ---- accepting ---- */

static void share_nap(Share *s);
static void on_readable(uv_poll_t *uv, int status, int events);

/* Waits for connections as long as there is room for them. */
static void share_watch(Share *s) {
  if (!s->watch) return;
  if (s->starved || s->queue.nwaiting >= WAITING_MAX) (void)uv_poll_stop(&s->watch->uv);
  else if (!uv_is_active((uv_handle_t *)&s->watch->uv))
    (void)uv_poll_start(&s->watch->uv, UV_READABLE, on_readable);
  if (s->starved || !list_empty(&s->queue.resting)) share_nap(s);
}

/* Not the fault of the connection: there is no room for it. */
static bool is_shortage(int err) {
  return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;
}

static int accept_deliver(lua_State *L) {
  Watch *w = lua_touserdata(L, 1);
  Share *s = w->share;
  if (!s) return 0;
  rt_push_pinned(L, s->rt, s->pin); /* stays, whatever the queue brings about */
  for (int i = 0; i < ACCEPT_BURST && s->fd >= 0 && s->queue.nwaiting < WAITING_MAX; i++) {
    int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    s->starved = fd < 0 && is_shortage(errno);
    if (fd < 0) break;
    s->L = L;
    (void)round_robin_push(&s->queue, fd);
  }
  share_watch(s);
  return 0;
}

static void on_readable(uv_poll_t *uv, int status, int events) {
  Watch *w = uv->data;
  (void)status, (void)events;
  rt_enter(w->base.rt, accept_deliver, w);
}

static int nap_deliver(lua_State *L) {
  Nap *n = lua_touserdata(L, 1);
  Share *s = n->share;
  if (!s) return 0;
  rt_push_pinned(L, s->rt, s->pin);
  s->starved = false;
  s->L = L;
  round_robin_wake(&s->queue);
  share_watch(s);
  return 0;
}

static void on_nap(uv_timer_t *uv) {
  Nap *n = uv->data;
  rt_enter(n->base.rt, nap_deliver, n);
}

/* Asks again in a little while those who refused, or the system for descriptors. */
static void share_nap(Share *s) {
  if (!s->nap) {
    s->nap = handle_new_internal(s->rt, sizeof *s->nap);
    if (!s->nap) return; /* no memory: the next event tries again */
    (void)uv_timer_init(&s->rt->loop, &s->nap->uv);
    handle_opened(&s->nap->base, (uv_handle_t *)&s->nap->uv);
    s->nap->share = s;
  }
  if (!uv_is_active((uv_handle_t *)&s->nap->uv)) (void)uv_timer_start(&s->nap->uv, on_nap, NAP, 0);
}

/* ---- life ---- */

static void part_free(Part *p) {
  list_remove(&p->in_key);
  list_remove(&p->in_worker);
  list_remove(&p->member.link);
  if (p->member.offered) connection_close(p->member.offered);
  free(p);
}

/* The Share is closed: a Part goes, too, unless an answer to its offer is still awaited. */
static void part_orphan(Part *p) {
  if (!p->member.offered) {
    part_free(p);
    return;
  }
  round_robin_retire(&p->member);
  list_remove(&p->in_key);
  p->share = NULL;
}

static void close_handles(Share *s) {
  if (s->watch) {
    s->watch->share = NULL;
    handle_close(&s->watch->base);
  }
  if (s->nap) {
    s->nap->share = NULL;
    handle_close(&s->nap->base);
  }
  s->watch = NULL;
  s->nap = NULL;
}

/* Closes the socket and what waits for it; the object stays until it is collected. */
static void share_close(Share *s) {
  if (s->watch && s->fd >= 0 && TRACING(s->rt)) trace_socket(s->rt->trace, TRACE_PORT_CLOSE, s->fd);
  close_handles(s);
  while (!list_empty(&s->parts)) part_orphan(list_entry(s->parts.next, Part, in_key));
  round_robin_close(&s->queue);
  if (s->path && s->fd >= 0) (void)unlink(s->path);
  if (s->fd >= 0) (void)close(s->fd);
  free(s->path);
  s->path = NULL;
  s->fd = -1;
  if (s->pin) rt_unpin(s->rt, s->pin);
  s->pin = 0;
}

static int share_gc(lua_State *L) {
  Share *s = class_test(L, 1, &share_class);
  if (!s) return 0;
  s->watch = NULL; /* the loop is gone with its handles */
  s->nap = NULL;
  s->pin = 0;
  while (!list_empty(&s->parts)) part_free(list_entry(s->parts.next, Part, in_key));
  share_close(s);
  return 0;
}

const ClassDef share_class = { .name = "ClusterShare", .abstract = true, .gc = share_gc };

/* Listens and begins to accept. */
static int share_listen(Share *s, int backlog) {
  if (listen(s->fd, backlog > 0 ? backlog : NO_BACKLOG) != 0) return -errno;
  s->watch = handle_new_internal(s->rt, sizeof *s->watch);
  if (!s->watch) return UV_ENOMEM;
  int err = uv_poll_init(&s->rt->loop, &s->watch->uv, s->fd);
  if (err) {
    free(s->watch);
    s->watch = NULL;
    return err;
  }
  handle_opened(&s->watch->base, (uv_handle_t *)&s->watch->uv);
  s->watch->share = s;
  if (TRACING(s->rt)) trace_socket(s->rt->trace, TRACE_PORT_LISTEN, s->fd);
  share_watch(s);
  return 0;
}

Share *share_new(lua_State *L, int name, const SocketWish *wish, bool shared, int backlog) {
  name = lua_absindex(L, name);
  Share *s = class_new(L, &share_class, sizeof *s, SV_COUNT);
  lua_pushvalue(L, name);
  lua_setiuservalue(L, -2, SV_NAME);
  s->fd = -1;
  s->rt = rt_of(L);
  s->shared = shared;
  s->udp = wish->kind == SOCKET_UDP4 || wish->kind == SOCKET_UDP6;
  list_init(&s->parts);
  round_robin_init(&s->queue, offer);
  lua_newtable(L);
  lua_setiuservalue(L, -2, SV_WORKERS);
  s->error = socket_bind(wish, &s->fd);
  if (s->error) return s;
  s->is_path = wish->kind == SOCKET_UNIX;
  if (s->is_path && wish->fd < 0) s->path = strdup(wish->address);
  if (!shared) s->error = share_listen(s, backlog);
  if (s->error) {
    share_close(s);
    return s;
  }
  lua_pushvalue(L, -1);
  s->pin = rt_pin(L);
  return s;
}

void share_set_data(lua_State *L, int key) {
  if (lua_getiuservalue(L, key, SV_DATA) == LUA_TNIL) {
    lua_insert(L, -2);
    lua_setiuservalue(L, key, SV_DATA);
  } else {
    lua_remove(L, -2);
  }
  lua_pop(L, 1);
}

void share_push_data(lua_State *L, int key) { lua_getiuservalue(L, key, SV_DATA); }

void share_reply(const Share *s, ShareReply *r) {
  memset(r, 0, sizeof *r);
  r->error = s->error;
  r->udp = s->udp;
  r->fd = s->shared ? s->fd : -1;
  r->has_name = !s->shared && !s->is_path && s->fd >= 0 && socket_name(s->fd, &r->name) == 0;
}

/* ---- workers ---- */

static Part *find_part(const Share *s, const ClusterWorker *w) {
  for (const List *l = w->parts.next; l != &w->parts; l = l->next) {
    Part *p = list_entry(l, Part, in_worker);
    if (p->share == s && p->member.state != MEMBER_RETIRED) return p;
  }
  return NULL;
}

bool share_add(lua_State *L, int key, int worker) {
  Share *s = class_check(L, key, &share_class);
  ClusterWorker *w = worker_check(L, worker);
  if (find_part(s, w)) return false;
  worker = lua_absindex(L, worker);
  lua_getiuservalue(L, key, SV_WORKERS);
  lua_pushvalue(L, worker);
  lua_rawseti(L, -2, w->id);
  lua_pop(L, 1);
  Part *p = calloc(1, sizeof *p);
  if (!p) return luaL_error(L, "not enough memory");
  p->share = s;
  p->worker = w;
  p->member.state = MEMBER_BUSY;
  list_init(&p->member.link);
  list_init(&p->in_key);
  list_init(&p->in_worker);
  list_append(&s->parts, &p->in_key);
  list_append(&w->parts, &p->in_worker);
  return true;
}

void share_begin(lua_State *L, int key, int worker) {
  Share *s = class_check(L, key, &share_class);
  Part *p = find_part(s, worker_check(L, worker));
  if (s->shared || !p) return;
  s->L = L;
  round_robin_join(&s->queue, &p->member);
  share_watch(s);
}

/* Has the worker any Part here, a retired one counted? */
static bool has_part(const Share *s, const ClusterWorker *w) {
  for (const List *l = w->parts.next; l != &w->parts; l = l->next)
    if (list_entry(l, Part, in_worker)->share == s) return true;
  return false;
}

/* The Part is not needed any more; the worker may leave the memory of its Share, unless it has come back
 * meanwhile. */
static void part_end(lua_State *L, Part *p) {
  Share *s = p->share;
  const ClusterWorker *w = p->worker;
  part_free(p);
  if (!s || !s->pin || has_part(s, w)) return;
  int top = lua_gettop(L);
  rt_push_pinned(L, s->rt, s->pin);
  lua_getiuservalue(L, top + 1, SV_WORKERS);
  lua_pushnil(L);
  lua_rawseti(L, top + 2, w->id);
  lua_settop(L, top);
}

/* Closes the Share when nobody serves it any more. */
static void share_settle(lua_State *L, Share *s) {
  for (const List *l = s->parts.next; l != &s->parts; l = l->next)
    if (list_entry(l, Part, in_key)->member.state != MEMBER_RETIRED) return;
  int top = lua_gettop(L);
  if (s->pin) {
    rt_push_pinned(L, s->rt, s->pin);
    (void)cluster_push_value(L, CV_KEYS);
    lua_getiuservalue(L, top + 1, SV_NAME);
    lua_pushnil(L);
    lua_rawset(L, top + 2);
  }
  share_close(s);
  lua_settop(L, top);
}

static void part_retire(lua_State *L, Part *p) {
  Share *s = p->share;
  if (!s || p->member.state == MEMBER_RETIRED) return;
  round_robin_retire(&p->member);
  if (!p->member.offered) part_end(L, p);
  share_settle(L, s);
}

void share_retire(lua_State *L, int key, int worker) {
  Part *p = find_part(class_check(L, key, &share_class), worker_check(L, worker));
  if (p) part_retire(L, p);
}

void share_retire_all(lua_State *L, int worker) {
  ClusterWorker *w = worker_check(L, worker);
  for (List *l = w->parts.next, *next; l != &w->parts; l = next) {
    next = l->next;
    part_retire(L, list_entry(l, Part, in_worker));
  }
}

void share_drop_all(lua_State *L, int worker) {
  ClusterWorker *w = worker_check(L, worker);
  while (!list_empty(&w->parts)) {
    Part *p = list_entry(w->parts.next, Part, in_worker);
    Share *s = p->share;
    if (s) {
      s->L = L;
      round_robin_leave(&s->queue, &p->member);
    }
    part_end(L, p);
    if (!s) continue;
    share_settle(L, s);
    if (s->fd >= 0) share_watch(s);
  }
}

void share_forget(ClusterWorker *w) {
  for (List *l = w->parts.next, *next; l != &w->parts; l = next) {
    Part *p = list_entry(l, Part, in_worker);
    next = l->next;
    if (!p->share) part_free(p);
  }
}

/* The answer to an offer whose Share may be closed. */
static void part_answer(lua_State *L, Part *p, bool accepted) {
  Share *s = p->share;
  if (s) {
    s->L = L;
    round_robin_answer(&s->queue, &p->member, accepted);
  }
  if (p->member.state == MEMBER_RETIRED) part_end(L, p);
  if (s) share_watch(s);
}

bool share_answer(lua_State *L, int worker, uint64_t seq, bool accepted) {
  ClusterWorker *w = worker_check(L, worker);
  for (List *l = w->parts.next; l != &w->parts; l = l->next) {
    Part *p = list_entry(l, Part, in_worker);
    if (!p->member.offered || p->seq != seq) continue;
    part_answer(L, p, accepted);
    return true;
  }
  return false;
}
