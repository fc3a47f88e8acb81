/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of cluster share; nobody else includes it.
 *
 * cluster.c: the object and its rows. worker.c: the Worker class of both sides. settings.c: setupPrimary.
 * primary.c: forking workers and answering them. share.c: a socket that workers share. inside.c: the side
 * of the worker, serve.c: its servers. wire.c: messages. */
#ifndef MOONFORK_CLUSTER_PARTS_H
#define MOONFORK_CLUSTER_PARTS_H

#include "cluster.h"
#include "round_robin.h"
#include "sockets.h"
#include "../core/handle.h"

enum { POLICY_NONE = 1, POLICY_RR = 2 };

/* User values of the cluster object. */
enum {
  CV_WORKERS = UV_CLASS, /* id -> Worker; nil in a worker */
  CV_SETTINGS,
  CV_POLICY,             /* schedulingPolicy as a script sees and sets it */
  CV_WORKER,             /* in a worker: its own Worker */
  CV_PROCESSES,          /* primary: ChildProcess -> Worker, weak keys */
  CV_KEYS,               /* primary: name -> Share */
  CV_INTERCOM,           /* primary: emits `disconnect` when no worker is left */
  CV_SERVERS,            /* worker: key -> net.Server or dgram.Socket */
  CV_PLACES,             /* worker: server -> its place, weak keys, see serve.c */
  CV_INDEXES,            /* worker: what is asked for -> { next, count } */
  CV_REQUESTS,           /* worker: seq -> function(reply, fd) */
  CV_LAST = CV_REQUESTS
};

typedef struct Cluster {
  uint64_t seq;          /* of the next message */
  lua_Integer ids;       /* of the last worker */
  int policy;            /* SCHED_*, frozen by the first setupPrimary; 0: not yet */
  bool inside;           /* this process is a worker */
  bool leaving;          /* worker: servers are being closed before the channel is */
  bool told;             /* worker: the primary asked for it, and need not be told */
  int waiting;           /* worker: servers that still close */
} Cluster;

/* The state of this runtime. */
Cluster *cluster_state(lua_State *L);

/* Pushes the cluster object; a user value of it. [+1] */
void cluster_push(lua_State *L);
int cluster_push_value(lua_State *L, int slot);

/* ---- worker.c ---- */

typedef struct ClusterWorker {
  lua_Integer id;
  List parts;            /* of Part: its shares in sockets of the primary */
} ClusterWorker;

/* Pushes a Worker of the process at idx. [+1] */
void worker_push_new(lua_State *L, lua_Integer id, int process, const char *state);

ClusterWorker *worker_check(lua_State *L, int idx);
void worker_push_process(lua_State *L, int worker); /* [+1] */
void worker_set_state(lua_State *L, int worker, const char *state);
bool worker_in_state(lua_State *L, int worker, const char *state);
bool worker_left(lua_State *L, int worker); /* exitedAfterDisconnect as true or false */
void worker_set_left(lua_State *L, int worker, bool left);
bool worker_is_connected(lua_State *L, int worker);
bool worker_is_dead(lua_State *L, int worker);

/* ---- settings.c ---- */

int cluster_setup_primary(lua_State *L); /* (self, settings?) */
void settings_setup(lua_State *L, int options); /* the same; options 0: none */
void settings_push_policy(lua_State *L); /* what the environment says. [+1] */

/* ---- primary.c ---- */

int cluster_fork(lua_State *L);
int cluster_disconnect(lua_State *L);
void primary_open(lua_State *L);
int primary_worker_disconnect(lua_State *L);
int primary_worker_kill(lua_State *L);

/* ---- share.c ---- */

typedef struct Share Share;

extern const ClassDef share_class;

/* What a Share answers to a worker that asks for it. */
typedef struct ShareReply {
  int error;      /* 0 or a uv error */
  int fd;         /* shared: goes along; -1: round robin */
  bool udp;
  bool has_name;
  struct sockaddr_storage name;
} ShareReply;

/* Pushes a new Share of the name at idx: binds, and for round robin listens, by the wish. [+1] */
Share *share_new(lua_State *L, int name, const SocketWish *wish, bool shared, int backlog);

/* What a worker's server shows the others' (TLS tickets in Node): the first one's stays. The key's index
 * is absolute. [-1], [+1] */
void share_set_data(lua_State *L, int key);
void share_push_data(lua_State *L, int key);

/* The worker joins; it is offered nothing before share_begin. False: it is there already. */
bool share_add(lua_State *L, int key, int worker);
void share_reply(const Share *s, ShareReply *reply);
void share_begin(lua_State *L, int key, int worker);

/* The worker no longer serves this Share, or any: it gets nothing more, what it was offered last it may
 * still answer. The last one to go closes the socket and takes the Share out of CV_KEYS. */
void share_retire(lua_State *L, int key, int worker);
void share_retire_all(lua_State *L, int worker);

/* The worker is gone: what it has not answered is offered to others. */
void share_drop_all(lua_State *L, int worker);

/* The answer of a worker to the message seq; false when that was no offer. */
bool share_answer(lua_State *L, int worker, uint64_t seq, bool accepted);

/* The worker is collected: frees what its Share has left behind. */
void share_forget(ClusterWorker *w);

/* ---- inside.c ---- */

int inside_worker_disconnect(lua_State *L);
int inside_worker_kill(lua_State *L);

/* ---- wire.c ---- */

/* Sends the table on top to the process (a ChildProcess, or `process`) at idx; fd (-1: none) is borrowed
 * and of the type named. Returns false when the channel is closed. [-1] */
bool wire_send(lua_State *L, int process, int fd, const char *type, uint64_t *seq);

/* Pushes { act = act }. [+1] */
void wire_push_act(lua_State *L, const char *act);

/* Field `name` of the message at idx as a string, NULL when it is none: borrowed from the message. */
const char *wire_string(lua_State *L, int idx, const char *name);
/* As an integer, fallback when it is none. */
lua_Integer wire_integer(lua_State *L, int idx, const char *name, lua_Integer fallback);
bool wire_boolean(lua_State *L, int idx, const char *name);

#endif
