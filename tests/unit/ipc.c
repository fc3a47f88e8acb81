/* SPDX-License-Identifier: MIT */
/* ipc.c - a channel fed by hand: descriptors in every place where they may come, and where they may
 * not; pieces of messages; answers. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/child_process/ipc.h"
#include "../../modules/core/runtime.h"
#include "../../modules/events/events.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_FDS = 40 };

typedef struct Peer {
  Runtime *rt;
  Channel *channel;
  int far;           /* what we write to the channel, and read from it */
  char log[1000];    /* events of the owner */
  char answers[900];
  size_t answered;
} Peer;

static Peer *logging; /* whose events are told */

static int log_event(lua_State *L) { /* upvalue: the event's name */
  size_t used = strlen(logging->log);
  const char *name = lua_tostring(L, lua_upvalueindex(1)), *what = "";
  if (!strcmp(name, "error")) lua_getfield(L, 1, "message");
  else if (lua_istable(L, 1)) lua_getfield(L, 1, "cmd");
  else lua_pushvalue(L, 1);
  if (lua_isstring(L, -1)) what = lua_tostring(L, -1);
  const char *handle = lua_isuserdata(L, 2) ? luaL_typename(L, 2) : NULL;
  if (handle && class_push_name(L, 2)) handle = lua_tostring(L, -1);
  snprintf(logging->log + used, sizeof logging->log - used, "%s:%s%s%s ", name, what, handle ? "+" : "",
           handle ? handle : "");
  if (handle) class_call_method(L, 2, !strcmp(handle, "Server") ? "close" : "destroy", 0, 0);
  return 0;
}

static void on_cluster(lua_State *L, Channel *ch, int owner, int message, int fd) {
  size_t used = strlen(logging->log);
  (void)ch, (void)owner;
  lua_getfield(L, message, "act");
  snprintf(logging->log + used, sizeof logging->log - used, "cluster:%s%s ", lua_tostring(L, -1),
           fd >= 0 ? "+fd" : "");
  if (fd >= 0) (void)close(fd);
  lua_pop(L, 1);
}

static int start(lua_State *L) {
  static const char *const events[] = { "message", "error", "disconnect", "internalMessage" };
  Peer *p = lua_touserdata(L, 1);
  int fd;
  class_construct(L, &event_emitter_class, 0);
  for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
    lua_pushstring(L, events[i]);
    lua_pushcclosure(L, log_event, 1);
    emitter_on(L, 2, events[i], false);
  }
  channel_set_cluster_hook(L, on_cluster);
  p->channel = channel_new(L, 2, (ChannelOptions){ .limit = 100000 }, NULL);
  if (channel_pair(L, p->channel, &fd) != 0) return luaL_error(L, "no socket pair");
  p->far = dup(fd);
  return channel_start(p->channel, false) != 0 ? luaL_error(L, "no start") : 0;
}

static void turn(Peer *p) {
  for (int i = 0; i < 5; i++) (void)uv_run(&p->rt->loop, UV_RUN_NOWAIT);
  ssize_t n = recv(p->far, p->answers + p->answered, sizeof p->answers - 1 - p->answered, MSG_DONTWAIT);
  if (n > 0) p->answered += (size_t)n;
}

static void begin(Peer *p, Runtime *rt) {
  memset(p, 0, sizeof *p);
  p->rt = rt;
  logging = p;
  if (!rt_enter(rt, start, p)) abort();
}

static int shut(lua_State *L) {
  Peer *p = lua_touserdata(L, 1);
  channel_shut(L, p->channel);
  return 0;
}

static void end(Peer *p) {
  if (p->far >= 0) (void)close(p->far);
  turn(p);
  (void)rt_enter(p->rt, shut, p);
  for (int i = 0; i < 50; i++) (void)uv_run(&p->rt->loop, UV_RUN_NOWAIT);
}

/* Sends the text with n descriptors, each a fresh socket. */
static void give(Peer *p, const char *text, int n) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(MOST_FDS * sizeof(int))];
  } control = { 0 };
  int fds[MOST_FDS], others[MOST_FDS];
  struct iovec iov = { (char *)text, strlen(text) };
  struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
  for (int i = 0; i < n; i++) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0) abort();
    fds[i] = pair[0];
    others[i] = pair[1];
  }
  if (n > 0) {
    msg.msg_control = control.bytes;
    msg.msg_controllen = CMSG_SPACE((size_t)n * sizeof(int));
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN((size_t)n * sizeof(int));
    memcpy(CMSG_DATA(c), fds, (size_t)n * sizeof(int));
  }
  if (sendmsg(p->far, &msg, MSG_NOSIGNAL) < 0) perror("# sendmsg");
  for (int i = 0; i < n; i++) (void)close(fds[i]), (void)close(others[i]);
  turn(p);
}

typedef struct Piece {
  const char *text;
  int fds;
} Piece;

#define HANDLE(n) "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\",\"msg\":" #n "}\n"
#define ACK "{\"cmd\":\"NODE_HANDLE_ACK\"}\n"
#define NACK "{\"cmd\":\"NODE_HANDLE_NACK\"}\n"
#define LOST "error:the IPC channel was closed: "

static const struct {
  const char *name;
  Piece pieces[4];
  const char *log, *answers;
} cases[] = {
  { "a handle", { { HANDLE(1), 1 } }, "internalMessage:NODE_HANDLE message:1+Socket ", ACK },
  { "a handle in two halves, the descriptor with the first", { { "{\"cmd\":\"NODE_HANDLE\",\"ty", 1 },
    { "pe\":\"net.Socket\",\"msg\":1}\n", 0 } }, "internalMessage:NODE_HANDLE message:1+Socket ", ACK },
  { "with the second", { { "{\"cmd\":\"NODE_HANDLE\",\"ty", 0 }, { "pe\":\"net.Socket\",\"msg\":1}\n", 1 } },
    "internalMessage:NODE_HANDLE message:1+Socket ", ACK },
  { "between plain messages", { { "0\n" HANDLE(1) "2\n", 1 } },
    "message:0 internalMessage:NODE_HANDLE message:1+Socket message:2 ", ACK },
  { "two handles and two descriptors at once", { { HANDLE(1) HANDLE(2), 2 } },
    "internalMessage:NODE_HANDLE message:1+Socket internalMessage:NODE_HANDLE message:2+Socket ", ACK ACK },
  { "three, not waiting for answers", { { HANDLE(1), 1 }, { HANDLE(2), 1 }, { HANDLE(3), 1 } },
    "internalMessage:NODE_HANDLE message:1+Socket internalMessage:NODE_HANDLE message:2+Socket "
    "internalMessage:NODE_HANDLE message:3+Socket ", ACK ACK ACK },
  { "no descriptor", { { HANDLE(1) "2\n", 0 } }, "internalMessage:NODE_HANDLE message:2 ", NACK },
  { "a socket that is sent again is acknowledged once",
    { { "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\","
        "\"msg\":7}}\n", 1 } }, "internalMessage:NODE_HANDLE message:7+Socket ", ACK },
  { "a raw handle", { { "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":7}\n", 1 } },
    "internalMessage:NODE_HANDLE message:7+Socket ", ACK },
  { "a server on what cannot listen", { { "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Server\",\"msg\":7}\n", 1 } },
    "internalMessage:NODE_HANDLE message:7 ", ACK },
  { "a UDP socket on what is none", { { "{\"cmd\":\"NODE_HANDLE\",\"type\":\"dgram.Socket\",\"msg\":7}\n", 1 } },
    "internalMessage:NODE_HANDLE message:7 ", ACK },
  { "cluster, with a descriptor and without", { { "{\"cmd\":\"NODE_CLUSTER\",\"act\":\"online\"}\n", 0 },
    { "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"cmd\":\"NODE_CLUSTER\",\"act\":\"newconn\"}}\n", 1 } },
    "cluster:online internalMessage:NODE_CLUSTER internalMessage:NODE_HANDLE cluster:newconn+fd "
    "internalMessage:NODE_CLUSTER ", ACK },
  { "an unknown type", { { "1\n{\"cmd\":\"NODE_HANDLE\",\"type\":\"x\",\"msg\":7}\n2\n", 1 } },
    "message:1 internalMessage:NODE_HANDLE " LOST "a handle is of the unknown type \"x\" disconnect: ", ACK },
  { "a descriptor with a plain message", { { "1\n", 1 } },
    "message:1 " LOST "a descriptor came without a message that tells what it is disconnect: ", "" },
  { "more of them than messages", { { HANDLE(1), 2 } },
    "internalMessage:NODE_HANDLE message:1+Socket " LOST
    "a descriptor came without a message that tells what it is disconnect: ", ACK },
  { "far more", { { HANDLE(1), MOST_FDS } },
    "internalMessage:NODE_HANDLE message:1+Socket " LOST
    "a descriptor came without a message that tells what it is disconnect: ", ACK },
  { "a stray acknowledgement", { { "1\n" ACK "2\n", 0 } },
    "message:1 " LOST "NODE_HANDLE_ACK without a handle on its way disconnect: ", "" },
  { "an empty line", { { "1\n\n2\n", 0 } },
    "message:1 " LOST "a message is not JSON (an empty line) disconnect: ", "" },
  { "blanks and CR", { { " 1 \r\n", 0 } }, "message:1 ", "" },
  { "the count of a key that nobody holds", { { "{\"cmd\":\"NODE_SOCKET_GET_COUNT\",\"key\":\"k\"}\n", 0 },
    { "{\"cmd\":\"NODE_SOCKET_NOTIFY_CLOSE\",\"key\":\"k\"}\n", 0 },
    { "{\"cmd\":\"NODE_SOCKET_ALL_CLOSED\",\"key\":\"k\"}\n", 0 }, { "{\"cmd\":\"NODE_SOCKET_COUNT\",\"key\":3}\n", 0 } },
    "internalMessage:NODE_SOCKET_GET_COUNT internalMessage:NODE_SOCKET_NOTIFY_CLOSE "
    "internalMessage:NODE_SOCKET_ALL_CLOSED internalMessage:NODE_SOCKET_COUNT ",
    "{\"cmd\":\"NODE_SOCKET_COUNT\",\"count\":0,\"key\":\"k\"}\n{\"cmd\":\"NODE_SOCKET_ALL_CLOSED\",\"key\":\"k\"}\n" },
};

/* Sends two cluster messages with a descriptor each, then a plain one. */
static int send_cluster(lua_State *L) {
  Peer *p = lua_touserdata(L, 1);
  for (int i = 1; i <= 3; i++) {
    lua_newtable(L);
    lua_pushliteral(L, "NODE_CLUSTER");
    lua_setfield(L, -2, "cmd");
    lua_pushinteger(L, i);
    lua_setfield(L, -2, "seq");
    if (!channel_send_internal(L, p->channel, -1, i < 3 ? 0 : -1, "net.Native")) return luaL_error(L, "no");
  }
  return 0;
}

static void check_sending(Runtime *rt) {
  static const char one[] = "{\"cmd\":\"NODE_HANDLE\",\"msg\":{\"cmd\":\"NODE_CLUSTER\",\"seq\":1},\"type\":\"net.Native\"}\n";
  static const char two[] = "{\"cmd\":\"NODE_HANDLE\",\"msg\":{\"cmd\":\"NODE_CLUSTER\",\"seq\":2},\"type\":\"net.Native\"}\n";
  Peer p;
  begin(&p, rt);
  ok(rt_enter(rt, send_cluster, &p), "three messages of cluster");
  turn(&p);
  is_text(p.answers, one, "the first one goes alone");
  give(&p, ACK, 0);
  is_text(p.answers + sizeof one - 1, two, "the second follows the acknowledgement");
  give(&p, NACK, 0);
  is_text(p.answers + sizeof one + sizeof two - 2, "{\"cmd\":\"NODE_CLUSTER\",\"seq\":3}\n", "the third a refusal");
  give(&p, ACK, 0);
  ok(strstr(p.log, LOST "NODE_HANDLE_ACK") != NULL, "then none is awaited any more");
  end(&p);
}

int main(void) {
  Runtime *rt = rt_new(builtin_modules);
  if (!rt) return 1;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Peer p;
    begin(&p, rt);
    for (int k = 0; k < 4 && cases[i].pieces[k].text; k++)
      give(&p, cases[i].pieces[k].text, cases[i].pieces[k].fds);
    is_text(p.log, cases[i].log, "%s", cases[i].name);
    is_text(p.answers, cases[i].answers, "%s: answers", cases[i].name);
    end(&p);
  }
  check_sending(rt);
  (void)rt_end(rt);
  int fd = dup(0);
  ok(fd >= 0 && fd < 10, "no descriptor is left open (%d)", fd);
  return tap_end();
}
