/* SPDX-License-Identifier: MIT */
/* ipc.c - fuzzes what a channel reads: any bytes in any pieces, with descriptors here and there, end in
 * messages or in the end of the channel, never in a crash. The first byte chooses the format and
 * how many bytes come at a time, the second which pieces bring a descriptor. */
// objs: modules/*.o modules/*/*.o
// libs: -lhttp_parser
#include "builtins.h"
#include "child_process/ipc.h"
#include "core/runtime.h"
#include "events/events.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct Run {
  const uint8_t *data;
  size_t size;
  Channel *channel;
  int far;
} Run;

static void require(int cond) {
  if (!cond) abort();
}

static int nothing(lua_State *L) {
  (void)L;
  return 0;
}

static int start(lua_State *L) {
  static const char *const events[] = { "message", "error", "internalMessage" };
  Run *run = lua_touserdata(L, 1);
  int fd;
  class_construct(L, &event_emitter_class, 0);
  for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
    lua_pushcfunction(L, nothing);
    emitter_on(L, 2, events[i], false);
  }
  ChannelOptions options = { .advanced = run->data[0] & 1, .limit = 4096 };
  run->channel = channel_new(L, 2, options, NULL);
  require(channel_pair(L, run->channel, &fd) == 0);
  run->far = dup(fd);
  require(run->far >= 0 && channel_start(run->channel, false) == 0);
  return 0;
}

static int stop(lua_State *L) {
  Run *run = lua_touserdata(L, 1);
  if (!run->channel) return 0;
  channel_shut(L, run->channel);
  run->channel = NULL;
  lua_gc(L, LUA_GCCOLLECT); /* descriptors that nobody took */
  return 0;
}

static void give(int to, const uint8_t *bytes, size_t n, int fd) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = { 0 };
  struct iovec iov = { (void *)bytes, n };
  struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
  if (fd >= 0) {
    msg.msg_control = control.bytes;
    msg.msg_controllen = sizeof control.bytes;
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
  }
  (void)!sendmsg(to, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Runtime *rt;
  if (!rt) rt = rt_new(builtin_modules);
  if (size < 3 || size > 60000) return 0;
  Run run = { .data = data, .size = size };
  size_t piece = (size_t)(data[0] >> 1) + 1;
  require(rt_enter(rt, start, &run));
  for (size_t at = 2, i = 0; at < size; at += piece, i++) {
    size_t n = size - at < piece ? size - at : piece;
    give(run.far, data + at, n, data[1] >> (i & 7) & 1 ? run.far : -1);
    if (i % 4 == 0) (void)uv_run(&rt->loop, UV_RUN_NOWAIT);
  }
  (void)close(run.far);
  (void)uv_run(&rt->loop, UV_RUN_NOWAIT); /* the end is read, unless a descriptor holds it open */
  require(rt_enter(rt, stop, &run));
  for (int i = 0; i < 100 && uv_run(&rt->loop, UV_RUN_NOWAIT) != 0; i++) continue;
  return 0;
}
