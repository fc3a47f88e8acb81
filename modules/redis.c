/* SPDX-License-Identifier: MIT */
/* redis.c - a client for Redis: hiredis reads and writes the protocol, a uv_poll tells it when.
 *
 * hiredis is loaded when the first client is made. Its asynchronous half is not used: it ends the process
 * (assert) when a server says what nobody asked for, and its poll for libuv swallows a refused connection.
 * A Client owns the context and, in order, the Requests whose reply is still to come. */
#include "redis.h"

#include <hiredis/hiredis.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/handle.h"
#include "core/ip.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"
#include "promise/promise.h"

/* ---- the library ---- */

#define TEXT_OF(x) #x
#define LIBRARY_OF(version) "libhiredis.so." TEXT_OF(version)
#define LIBRARY LIBRARY_OF(HIREDIS_SONAME)

#define FUNCTIONS(F) \
  F(redisConnectNonBlock) F(redisConnectUnixNonBlock) F(redisFree) F(redisBufferRead) F(redisBufferWrite) \
  F(redisAppendCommandArgv) F(redisReaderGetReply) F(freeReplyObject)

static struct {
#define MEMBER(name) __typeof__(name) *name;
  FUNCTIONS(MEMBER)
#undef MEMBER
} hi;

static struct {
  pthread_once_t once;
  bool ready;
  char why[256];
} library = { .once = PTHREAD_ONCE_INIT };

static void load(void) {
  void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  library.ready = handle != NULL; /* it stays loaded for the life of the process */
#define LOAD(name) \
  if (library.ready && !(*(void **)&hi.name = dlsym(handle, #name))) library.ready = false;
  FUNCTIONS(LOAD)
#undef LOAD
  if (!library.ready)
    (void)snprintf(library.why, sizeof library.why, "redis needs hiredis (package libhiredis0.14): %s", dlerror());
}

static void need_library(lua_State *L) {
  (void)pthread_once(&library.once, load);
  if (!library.ready) err_raise(L, NULL, "ERR_REDIS_UNAVAILABLE", "%s", library.why);
}

/* ---- the client ---- */

enum { KEPT_FUNCTIONS = UV_CLASS, NKEPT = 1 }; /* channel -> list of functions */

typedef struct Client {
  Handle base;
  uv_poll_t poll;
  redisContext *redis;    /* owns; NULL: there is no connection any more */
  List requests;          /* owns: sent, or to be sent, and not answered */
  bool connected, writing;
  bool listening;         /* it has subscribed: no commands any more */
  bool finishing;         /* finish() was called */
  int err;                /* of the connection: a uv error, 0 */
  char *path;             /* owns; NULL: TCP */
  char host[64];
  int port;
} Client;

typedef struct Request {
  List link;
  int promise;            /* pin */
  int channel;            /* pin of the name, of a subscription: what the reply says is of no use; else 0 */
} Request;

static const ClassDef redis_client_class;

static Client *client_self(lua_State *L) { return class_check(L, 1, &redis_client_class); }

/* Pushes the Error of a connection that failed or ended. [+1] */
static void push_failure(lua_State *L, const Client *c) {
  if (!c->err) {
    err_push(L, NULL, "ERR_REDIS_CLOSED", "The connection to Redis is closed");
    return;
  }
  err_push_uv(L, c->err, c->connected ? "read" : "connect");
  lua_pushstring(L, c->path ? c->path : c->host);
  lua_setfield(L, -2, "address");
  if (c->path) return;
  lua_pushinteger(L, c->port);
  lua_setfield(L, -2, "port");
}

/* Tick: (client): it is over. */
static int end_tick(lua_State *L) {
  (void)emit(L, 1, "end", 0);
  return 0;
}

/* Tells the object at idx how it went: `error` when nobody asked for the end, then `end`. [0] */
static void tell_end(lua_State *L, Client *c, int idx) {
  idx = lua_absindex(L, idx);
  lua_pushcfunction(L, end_tick);
  lua_pushvalue(L, idx);
  rt_next_tick(L, 1);
  if (!c->err) return;
  push_failure(L, c);
  (void)emit(L, idx, "error", 1);
}

static void client_release(Handle *h) {
  Client *c = (Client *)h;
  List *l;
  while ((l = list_pop(&c->requests))) free(list_entry(l, Request, link));
  if (c->redis) hi.redisFree(c->redis);
  free(c->path);
}

/* ---- replies ---- */

/* An error reply, "WRONGTYPE Operation against a key ...", as an Error whose code is its first word. [+1] */
static void push_reply_error(lua_State *L, const redisReply *r) {
  size_t word = strcspn(r->str, " ");
  lua_pushlstring(L, r->str, word);
  err_push(L, NULL, lua_tostring(L, -1), "%s", r->str);
  lua_remove(L, -2);
  lua_pushliteral(L, "ReplyError");
  lua_setfield(L, -2, "name");
}

/* Pushes the value of a reply; nothing is nil, and null inside a list. [+1] */
static void push_reply(lua_State *L, const redisReply *r, bool inside) {
  luaL_checkstack(L, 4, "reply");
  switch (r->type) {
  case REDIS_REPLY_STRING:
  case REDIS_REPLY_STATUS: lua_pushlstring(L, r->str, r->len); break;
  case REDIS_REPLY_INTEGER: lua_pushinteger(L, (lua_Integer)r->integer); break;
  case REDIS_REPLY_ERROR: push_reply_error(L, r); break;
  case REDIS_REPLY_ARRAY:
    lua_createtable(L, (int)r->elements, 0);
    json_mark_array(L, lua_gettop(L));
    for (size_t i = 0; i < r->elements; i++) {
      push_reply(L, r->element[i], true);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    break;
  default:
    if (inside) json_push_null(L);
    else lua_pushnil(L);
  }
}

/* Redis has refused the subscription: the next one of this channel asks anew. */
static void forget_channel(lua_State *L, Client *c, int channel) {
  int self = handle_push(L, &c->base);
  if (!lua_isnil(L, self) && lua_getiuservalue(L, self, KEPT_FUNCTIONS) == LUA_TTABLE) {
    rt_push_pinned(L, c->base.rt, channel);
    lua_pushnil(L);
    lua_rawset(L, -3);
  }
  lua_settop(L, self - 1);
}

/* Settles the promise of the first request, which goes; the value, or the reason, is on top. [-1] */
static void settle_first(lua_State *L, Client *c, bool good) {
  Request *q = list_entry(list_pop(&c->requests), Request, link);
  if (q->channel && !good) forget_channel(L, c, q->channel);
  if (q->channel) rt_unpin(c->base.rt, q->channel);
  rt_push_pinned(L, c->base.rt, q->promise);
  rt_unpin(c->base.rt, q->promise);
  free(q);
  lua_insert(L, -2);
  if (good) promise_resolve(L, lua_gettop(L) - 1);
  else promise_reject(L, lua_gettop(L) - 1);
  lua_pop(L, 1);
}

/* Pushes the list of functions of the channel at idx; nil when there is none. [+1] */
static void push_listeners(lua_State *L, int self, int idx) {
  lua_getiuservalue(L, self, KEPT_FUNCTIONS);
  lua_pushvalue(L, idx);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

/* { "message", channel, text } is on top: each function is queued, so that none keeps the others from it. [-1] */
static void tell_message(lua_State *L, Client *c) {
  int reply = lua_gettop(L), self = handle_push(L, &c->base);
  lua_rawgeti(L, reply, 2);
  lua_rawgeti(L, reply, 3);
  push_listeners(L, self, self + 1);
  for (lua_Integer i = 1; lua_istable(L, self + 3) && lua_rawgeti(L, self + 3, i) == LUA_TFUNCTION; i++) {
    lua_pushvalue(L, self + 2);
    lua_pushvalue(L, self + 1);
    rt_next_tick(L, 2);
  }
  lua_settop(L, reply - 1);
}

static bool first_subscribes(const Client *c) { return list_entry(c->requests.next, Request, link)->channel != 0; }

/* Is the reply a message of a channel? Not before the commands that were sent ahead of the subscription are
 * answered: until then it is the reply of one of them. */
static bool is_message(const Client *c, const redisReply *r) {
  if (!c->listening || (!list_empty(&c->requests) && !first_subscribes(c))) return false;
  if (r->type != REDIS_REPLY_ARRAY || r->elements != 3) return false;
  for (int i = 0; i < 3; i++)
    if (r->element[i]->type != REDIS_REPLY_STRING) return false;
  return !strcasecmp(r->element[0]->str, "message");
}

typedef struct Answer {
  Client *client;
  const redisReply *reply;
} Answer;

/* Body: one reply. */
static int answer_body(lua_State *L) {
  const Answer *a = lua_touserdata(L, 1);
  Client *c = a->client;
  bool error = a->reply->type == REDIS_REPLY_ERROR;
  push_reply(L, a->reply, false);
  if (is_message(c, a->reply)) {
    tell_message(L, c);
    return 0;
  }
  if (!error && first_subscribes(c)) lua_pushnil(L);
  settle_first(L, c, !error);
  return 0;
}

/* ---- the connection ---- */

/* Body: the poll handle is closed, no reply will come any more. */
static int client_closed(lua_State *L) {
  Client *c = lua_touserdata(L, 1);
  int self = handle_push(L, &c->base);
  while (!list_empty(&c->requests)) {
    push_failure(L, c);
    settle_first(L, c, false);
  }
  if (!lua_isnil(L, self)) tell_end(L, c, self);
  return 0;
}

/* The connection ends: err 0 because finish() has asked for it. */
static void client_shut(Client *c, int err) {
  c->err = err;
  hi.redisFree(c->redis);
  c->redis = NULL;
  handle_close(&c->base);
}

static void on_poll(uv_poll_t *poll, int status, int events);

/* Reading always, writing while something waits to be written. */
static void watch(Client *c) {
  int events = (c->connected ? UV_READABLE : 0) | (c->writing || !c->connected ? UV_WRITABLE : 0);
  (void)uv_poll_start(&c->poll, events, on_poll); /* fails for no event that there is */
}

static int connect_body(lua_State *L) {
  Client *c = lua_touserdata(L, 1);
  int self = handle_push(L, &c->base);
  if (!lua_isnil(L, self)) (void)emit(L, self, "connect", 0);
  return 0;
}

/* The uv error that hiredis has met. errno is that of its last call. */
static int failure_of(const redisContext *redis) {
  switch (redis->err) {
  case REDIS_ERR_IO: return errno ? -errno : UV_ECONNRESET;
  case REDIS_ERR_EOF: return UV_EOF;
  case REDIS_ERR_PROTOCOL: return UV_EPROTO;
  case REDIS_ERR_OOM: return UV_ENOMEM;
  default: return UV_EIO;
  }
}

/* Has connect() come to its end, and how? 0 or a uv error. */
static int connect_result(const Client *c) {
  int err = 0;
  socklen_t len = sizeof err;
  if (getsockopt(c->redis->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0) return -errno;
  return -err;
}

/* Writes what there is; 0 or a uv error. */
static int write_some(Client *c) {
  int done = 0;
  errno = 0;
  if (hi.redisBufferWrite(c->redis, &done) != REDIS_OK) return failure_of(c->redis);
  c->writing = !done;
  return 0;
}

/* Hands out the replies that are there; 0 or a uv error. What was not asked for is a breach of the protocol. */
static int read_some(Client *c) {
  void *reply;
  errno = 0;
  if (hi.redisBufferRead(c->redis) != REDIS_OK) return failure_of(c->redis);
  while (c->redis) {
    if (hi.redisReaderGetReply(c->redis->reader, &reply) != REDIS_OK) return UV_EPROTO;
    if (!reply) return 0;
    Answer a = { c, reply };
    bool expected = !list_empty(&c->requests) || is_message(c, reply);
    if (expected) (void)rt_enter(c->base.rt, answer_body, &a);
    hi.freeReplyObject(reply);
    if (!expected) return UV_EPROTO;
  }
  return 0;
}

/* libuv reports a broken connection as an error of the poll itself: only the socket tells what happened. */
static void on_poll(uv_poll_t *poll, int status, int events) {
  Client *c = list_entry(poll, Client, poll);
  int err = 0;
  if (!c->connected) {
    err = connect_result(c);
    c->connected = err == 0;
    if (c->connected) (void)rt_enter(c->base.rt, connect_body, c);
    if (c->redis) events |= UV_WRITABLE;
  }
  if (status < 0) events |= UV_READABLE;
  if (!err && c->redis && c->connected && (events & UV_WRITABLE)) err = write_some(c);
  if (!err && c->redis && (events & UV_READABLE)) err = read_some(c);
  if (!err && status < 0) err = status;
  if (!c->redis) return; /* a listener has ended it */
  if (err) client_shut(c, err);
  else if (c->finishing && list_empty(&c->requests)) client_shut(c, 0);
  else watch(c);
}

/* ---- functions ---- */

/* Reads { host, port | path } at 1 into the client. The path is copied last: what raises comes before. */
static void read_options(lua_State *L, Client *c) {
  if (!arg_missing(L, 1)) arg_table(L, 1, "options");
  const char *path = opt_string(L, 1, "path", NULL), *host = opt_string(L, 1, "host", "127.0.0.1");
  c->port = (int)opt_integer(L, 1, "port", 1, 65535, 6379);
  if (!strcmp(host, "localhost")) host = "127.0.0.1";
  if (!path && !ip_version(host, strlen(host))) {
    lua_pushstring(L, host);
    (void)err_arg_value(L, -1, "options.host", "must be an IP address or localhost; dns.lookup finds that of a name");
  }
  (void)snprintf(c->host, sizeof c->host, "%s", host);
  if (path && !(c->path = strdup(path))) (void)luaL_error(L, "not enough memory");
}

/* Tick: (client): it could not even begin to connect. */
static int failed_tick(lua_State *L) {
  tell_end(L, client_self(L), 1);
  return 0;
}

/* Begins to connect; 0 or a uv error. */
static int begin(lua_State *L, Client *c) {
  errno = 0;
  c->redis = c->path ? hi.redisConnectUnixNonBlock(c->path) : hi.redisConnectNonBlock(c->host, c->port);
  if (!c->redis) return luaL_error(L, "not enough memory");
  int err = c->redis->err ? failure_of(c->redis) : uv_poll_init(&c->base.rt->loop, &c->poll, c->redis->fd);
  if (err) {
    hi.redisFree(c->redis);
    c->redis = NULL;
    return err;
  }
  handle_opened(&c->base, (uv_handle_t *)&c->poll);
  watch(c);
  return 0;
}

static int redis_create_client(lua_State *L) {
  lua_settop(L, 1);
  need_library(L);
  rt_check_open(L);
  Client *c = handle_new(L, &redis_client_class, sizeof *c, NKEPT);
  list_init(&c->requests);
  c->base.closed = client_closed;
  c->base.release = client_release;
  lua_newtable(L);
  lua_setiuservalue(L, 2, KEPT_FUNCTIONS);
  read_options(L, c);
  if ((c->err = begin(L, c)) == 0) {
    handle_pin(L, &c->base, 2);
  } else {
    lua_pushcfunction(L, failed_tick);
    lua_pushvalue(L, 2);
    rt_next_tick(L, 1);
  }
  return 1;
}

/* Leaves a promise that is rejected with the Error on top. */
static int refuse(lua_State *L) {
  promise_rejected(L);
  return 1;
}

/* Sends the words and leaves the promise of the reply. Bytes are copied. channel: index of the name of one
 * that is subscribed to, 0. [+1] */
static int request(lua_State *L, Client *c, int n, const char **words, const size_t *lengths, int channel) {
  if (!c->redis || c->finishing) {
    push_failure(L, c);
    return refuse(L);
  }
  promise_new(L);
  lua_pushvalue(L, -1);
  Request *q = calloc(1, sizeof *q);
  if (!q || hi.redisAppendCommandArgv(c->redis, n, words, lengths) != REDIS_OK) {
    free(q);
    return luaL_error(L, "not enough memory");
  }
  list_append(&c->requests, &q->link);
  q->promise = rt_pin(L);
  if (channel) {
    lua_pushvalue(L, channel);
    q->channel = rt_pin(L);
  }
  c->writing = true;
  if (c->connected) watch(c);
  return 1;
}

/* A word of a command: a string, a number, or the bytes of a view. */
static const char *command_word(lua_State *L, int idx, size_t *len) {
  if (lua_type(L, idx) == LUA_TNUMBER) return lua_tolstring(L, idx, len);
  return arg_bytes(L, idx, idx == 2 ? "name" : "argument", len);
}

/* Commands that change what the connection is for. */
static const char *refused_command(const char *name) {
  static const char *const rows[] = { "subscribe", "psubscribe", "unsubscribe", "punsubscribe", "monitor", NULL };
  for (int i = 0; rows[i]; i++)
    if (!strcasecmp(name, rows[i])) return rows[i];
  return NULL;
}

static int client_command(lua_State *L) {
  Client *c = client_self(L);
  int n = lua_gettop(L) - 1;
  size_t len;
  (void)arg_string(L, 2, "name", &len);
  const char **words = lua_newuserdatauv(L, (size_t)n * sizeof *words, 0);
  size_t *lengths = lua_newuserdatauv(L, (size_t)n * sizeof *lengths, 0);
  for (int i = 0; i < n; i++) words[i] = command_word(L, i + 2, &lengths[i]);
  const char *other = refused_command(words[0]);
  if (other)
    return err_raise(L, NULL, "ERR_REDIS_COMMAND", "%s is not a command to wait for: use client:subscribe(channel, fn)",
                     other);
  if (c->listening)
    return err_raise(L, NULL, "ERR_REDIS_LISTENING",
                     "This client listens to channels and can do nothing else: make another one for commands");
  return request(L, c, n, words, lengths, 0);
}

static int client_subscribe(lua_State *L) {
  Client *c = client_self(L);
  size_t len;
  const char *channel = arg_string(L, 2, "channel", &len);
  arg_function(L, 3, "fn");
  lua_settop(L, 3);
  if (!c->redis || c->finishing) {
    push_failure(L, c);
    return refuse(L);
  }
  push_listeners(L, 1, 2);
  bool first = lua_isnil(L, 4);
  if (first) {
    lua_newtable(L);
    lua_replace(L, 4);
    lua_getiuservalue(L, 1, KEPT_FUNCTIONS);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 4);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  lua_pushvalue(L, 3);
  lua_rawseti(L, 4, (lua_Integer)lua_rawlen(L, 4) + 1);
  if (!first) { /* Redis knows already */
    lua_pushnil(L);
    promise_from(L);
    return 1;
  }
  const char *words[] = { "SUBSCRIBE", channel };
  const size_t lengths[] = { strlen("SUBSCRIBE"), len };
  c->listening = true;
  return request(L, c, 2, words, lengths, 2);
}

static int client_finish(lua_State *L) {
  Client *c = client_self(L);
  if (!c->redis || c->finishing) return 0;
  c->finishing = true;
  if (list_empty(&c->requests)) client_shut(c, 0);
  return 0;
}

static int client_inspect(lua_State *L) {
  const Client *c = client_self(L);
  const char *state = !c->redis ? "closed" : c->finishing ? "finishing" : c->connected ? "connected" : "connecting";
  if (c->path) lua_pushfstring(L, "RedisClient %s %s", c->path, state);
  else lua_pushfstring(L, "RedisClient %s:%d %s", c->host, c->port, state);
  return 1;
}

/* ---- rows ---- */

static const FnDef client_methods[] = {
  { "command", client_command, FN_METHOD,
    "command(name: string, ...: string|number|Buffer): Promise",
    "Sends a command with its arguments; commands travel in order, without waiting for each other. The promise "
    "gives the reply: a string, an integer, a list (what is missing in it is null), nil for nothing. It is "
    "rejected with a ReplyError, whose code is the first word of what Redis said (ERR, WRONGTYPE, ...), and with "
    "ERR_REDIS_CLOSED or the connection's error when no reply can come any more. Raises ERR_REDIS_LISTENING "
    "after subscribe.", NULL,
    "local client = require(\"redis\").createClient { port = 6379 }\n"
    "client:on(\"error\", function(e) print(e.message) end)\n"
    "client:command(\"set\", \"greeting\", \"hello\"):andThen(print, print)", NULL },
  { "subscribe", client_subscribe, FN_METHOD,
    "subscribe(channel: string, fn: function): Promise",
    "Calls fn(message, channel) for each message that is published to the channel from now on. The promise settles when Redis has "
    "taken the subscription. A client that listens can do nothing else: use another one for commands.", NULL,
    NULL, NULL },
  { "finish", client_finish, FN_METHOD, "finish()",
    "Closes the connection when the replies that are due have come; then comes \"end\".", NULL, NULL, NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): RedisClient", "Lets it keep the program running (again).", NULL,
    NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): RedisClient",
    "The program may end while it is connected.", NULL, NULL, NULL },
  { 0 }
};

static const EventDef client_events[] = {
  { "connect", "", "The connection stands." },
  { "error", "error: Error", "It could not be made (code ECONNREFUSED, ENOENT, ...), or has broken (EOF, ...)." },
  { "end", "", "The connection is over, after finish() or after \"error\"." },
  { 0 }
};

static const ClassDef redis_client_class = {
  .name = "RedisClient", .base = &event_emitter_class, .abstract = true, .gc = handle_gc,
  .inspect = client_inspect, .methods = client_methods, .events = client_events,
  .doc = "A connection to a Redis server."
};

static const OptDef client_options[] = {
  { "host", "string", "\"127.0.0.1\"", "An IP address, or localhost." },
  { "port", "integer", "6379", "1 to 65535." },
  { "path", "string", NULL, "A unix socket, in place of host and port." },
  { 0 }
};

static const FnDef redis_functions[] = {
  { "createClient", redis_create_client, FN_STATIC, "createClient(options: table?): RedisClient",
    "A client, which connects at once. Commands may be given before it has. Raises ERR_REDIS_UNAVAILABLE where "
    "hiredis is not installed.", client_options,
    "local client = require(\"redis\").createClient { path = \"/tmp/no-redis.sock\" }\n"
    "client:on(\"error\", function(e) print(e.code) end)", "Ours: Node has no such module." },
  { 0 }
};

static const ClassDef *const redis_objects[] = { &redis_client_class, NULL };

const ModuleDef redis_module = {
  .name = "redis", .functions = redis_functions, .objects = redis_objects,
  .doc = "A small client for Redis, for work that goes beyond one machine. Ours: Node has none.",
  .example = "local client = require(\"redis\").createClient { port = 6379 }\n"
             "client:on(\"error\", function(e) print(e.code) end)\n"
             "client:command(\"incr\", \"visits\"):andThen(print, function() client:finish() end)"
};
