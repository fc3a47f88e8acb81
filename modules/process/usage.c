/* SPDX-License-Identifier: MIT */
/* usage.c - time, memory and what keeps the loop alive. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/number.h"
#include "../core/opts.h"
#include "../buffer/buffer.h"
#include "../timers/timers.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_integer(lua_State *L, const char *key, int64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, key);
}

/* ---- clocks ---- */

int process_uptime(lua_State *L) {
  lua_pushnumber(L, (lua_Number)(uv_hrtime() - rt_of(L)->started) / 1e9);
  return 1;
}

/* Number i of the pair at 2. */
static lua_Number pair_part(lua_State *L, int i) {
  lua_geti(L, 2, i);
  lua_Number n = arg_number(L, -1, i == 1 ? "time.1" : "time.2");
  lua_pop(L, 1);
  return n;
}

int process_hrtime(lua_State *L) {
  uint64_t now = uv_hrtime();
  int64_t seconds = (int64_t)(now / 1000000000), nanos = (int64_t)(now % 1000000000);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    if (!lua_istable(L, 2)) return err_arg_type(L, 2, "time", "an instance of Array");
    if (lua_rawlen(L, 2) != 2) {
      lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 2));
      return err_range(L, -1, "time", "2");
    }
    seconds -= (int64_t)pair_part(L, 1);
    nanos -= (int64_t)pair_part(L, 2);
    if (nanos < 0) {
      seconds--;
      nanos += 1000000000;
    }
  }
  lua_createtable(L, 2, 0);
  lua_pushinteger(L, (lua_Integer)seconds);
  lua_rawseti(L, -2, 1);
  lua_pushinteger(L, (lua_Integer)nanos);
  lua_rawseti(L, -2, 2);
  return 1;
}

int process_hrtime_bigint(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)uv_hrtime());
  return 1;
}

/* ---- memory ---- */

static int64_t resident(lua_State *L) {
  size_t rss;
  int err = uv_resident_set_memory(&rss);
  if (err < 0) err_raise_uv(L, err, "uv_resident_set_memory");
  return (int64_t)rss;
}

static int64_t lua_heap(lua_State *L) {
  return (int64_t)lua_gc(L, LUA_GCCOUNT) * 1024 + lua_gc(L, LUA_GCCOUNTB);
}

/* Buffers are a part of `external`, also under an allocator that mallinfo does not see (a sanitizer's). */
MemoryUse process_memory(lua_State *L) {
  struct mallinfo2 m = mallinfo2();
  MemoryUse use = { .used = lua_heap(L), .buffers = (int64_t)store_total(),
                    .taken = (int64_t)(m.uordblks + m.hblkhd), .total = (int64_t)(m.arena + m.hblkhd) };
  if (use.total < use.used) use.total = use.used;
  use.external = use.taken - use.used > use.buffers ? use.taken - use.used : use.buffers;
  return use;
}

int process_memory_usage(lua_State *L) {
  int64_t rss = resident(L);
  MemoryUse use = process_memory(L);
  lua_createtable(L, 0, 5);
  set_integer(L, "rss", rss);
  set_integer(L, "heapTotal", use.total);
  set_integer(L, "heapUsed", use.used);
  set_integer(L, "external", use.external);
  set_integer(L, "arrayBuffers", use.buffers);
  return 1;
}

int process_memory_rss(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)resident(L));
  return 1;
}

/* The number in a file of the control group, UINT64_MAX for "max" or when there is none. */
static uint64_t cgroup_number(const char *folder, const char *name) {
  char path[PATH_MAX], text[32];
  uint64_t n = UINT64_MAX;
  if (snprintf(path, sizeof path, "/sys/fs/cgroup%s/%s", folder, name) >= (int)sizeof path)
    return n;
  FILE *file = fopen(path, "re");
  if (!file) return n;
  if (fgets(text, sizeof text, file) && *text >= '0' && *text <= '9') n = strtoull(text, NULL, 10);
  (void)fclose(file);
  return n;
}

/* The folder of our control group (version 2), "" when there is none. */
static void cgroup_folder(char *folder, size_t size) {
  char line[PATH_MAX];
  *folder = '\0';
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (!file) return;
  while (fgets(line, sizeof line, file))
    if (!strncmp(line, "0::", 3)) {
      line[strcspn(line, "\n")] = '\0';
      if (strlen(line + 3) < size) strcpy(folder, line + 3);
    }
  (void)fclose(file);
}

/* Bytes that the control group grants, UINT64_MAX for no limit, and what it uses now. */
static uint64_t memory_limit(uint64_t *used) {
  char folder[PATH_MAX];
  cgroup_folder(folder, sizeof folder);
  uint64_t max = cgroup_number(folder, "memory.max"), high = cgroup_number(folder, "memory.high");
  uint64_t old = uv_get_constrained_memory(); /* version 1 */
  *used = cgroup_number(folder, "memory.current");
  if (high < max) max = high;
  return old != 0 && old < max ? old : max;
}

static int push_bytes(lua_State *L, uint64_t n) {
  if (n <= (uint64_t)LUA_MAXINTEGER) lua_pushinteger(L, (lua_Integer)n);
  else lua_pushnumber(L, (lua_Number)n);
  return 1;
}

int process_constrained_memory(lua_State *L) {
  uint64_t used;
  return push_bytes(L, memory_limit(&used));
}

int process_available_memory(lua_State *L) {
  uint64_t used, limit = memory_limit(&used), free_now = uv_get_free_memory();
  if (limit > uv_get_total_memory() || used == UINT64_MAX) return push_bytes(L, free_now);
  uint64_t left = used < limit ? limit - used : 0;
  return push_bytes(L, left < free_now ? left : free_now);
}

/* ---- processor ---- */

static int64_t microseconds(const uv_timeval_t *t) {
  return (int64_t)t->tv_sec * 1000000 + t->tv_usec;
}

static void usage(lua_State *L, uv_rusage_t *u) {
  int err = uv_getrusage(u);
  if (err < 0) err_raise_uv(L, err, "uv_getrusage");
}

/* Field `key` of an earlier result at 2. */
static int64_t previous(lua_State *L, const char *key) {
  lua_getfield(L, 2, key);
  const char *name = lua_pushfstring(L, "prevValue.%s", key);
  lua_Number n = arg_number(L, -2, name);
  if (!(n >= 0 && n <= 9007199254740991.0)) {
    char text[NUMBER_TEXT];
    text[number_format(n, text)] = '\0';
    return err_raise(L, &range_error_class, "ERR_INVALID_ARG_VALUE",
                     "The property '%s' is invalid. Received %s", name, text);
  }
  lua_pop(L, 2);
  return (int64_t)n;
}

int process_cpu_usage(lua_State *L) {
  uv_rusage_t u;
  int64_t user = 0, kernel = 0;
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    arg_table(L, 2, "prevValue");
    user = previous(L, "user");
    kernel = previous(L, "system");
  }
  usage(L, &u);
  lua_createtable(L, 0, 2);
  set_integer(L, "user", microseconds(&u.ru_utime) - user);
  set_integer(L, "system", microseconds(&u.ru_stime) - kernel);
  return 1;
}

int process_resource_usage(lua_State *L) {
  uv_rusage_t u;
  usage(L, &u);
  const struct {
    const char *key;
    uint64_t n;
  } rows[] = {
    { "userCPUTime", (uint64_t)microseconds(&u.ru_utime) },
    { "systemCPUTime", (uint64_t)microseconds(&u.ru_stime) },
    { "maxRSS", u.ru_maxrss },
    { "sharedMemorySize", u.ru_ixrss },
    { "unsharedDataSize", u.ru_idrss },
    { "unsharedStackSize", u.ru_isrss },
    { "minorPageFault", u.ru_minflt },
    { "majorPageFault", u.ru_majflt },
    { "swappedOut", u.ru_nswap },
    { "fsRead", u.ru_inblock },
    { "fsWrite", u.ru_oublock },
    { "ipcSent", u.ru_msgsnd },
    { "ipcReceived", u.ru_msgrcv },
    { "signalsCount", u.ru_nsignals },
    { "voluntaryContextSwitches", u.ru_nvcsw },
    { "involuntaryContextSwitches", u.ru_nivcsw },
  };
  lua_createtable(L, 0, 16);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    set_integer(L, rows[i].key, (int64_t)rows[i].n);
  return 1;
}

/* ---- what keeps the loop alive ---- */

/* Node's name for a handle. */
static const char *resource_name(const uv_handle_t *uv, const ClassDef *cls) {
  bool server = cls && !strcmp(cls->name, "Server");
  switch (uv->type) {
  case UV_TCP: return server ? "TCPServerWrap" : "TCPSocketWrap";
  case UV_POLL: return cls && !strcmp(cls->name, "Channel") ? "PipeWrap" : uv_handle_type_name(uv->type);
  case UV_NAMED_PIPE: return server ? "PipeServerWrap" : "PipeWrap";
  case UV_TTY: return "TTYWrap";
  case UV_UDP: return "UDPWrap";
  case UV_PROCESS: return "ProcessWrap";
  case UV_TIMER: return "Timeout";
  case UV_SIGNAL: return "SignalWrap";
  case UV_FS_EVENT: return "FSEventWrap";
  case UV_FS_POLL: return "StatWatcher";
  default: return cls ? cls->name : uv_handle_type_name(uv->type);
  }
}

static void add_timer(const TimerInfo *info, void *ctx) {
  lua_State *L = ctx;
  if (!info->ref) return;
  lua_pushstring(L, info->kind);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

int process_active_resources(lua_State *L) {
  Runtime *rt = rt_of(L);
  lua_newtable(L);
  json_mark_array(L, -1);
  lua_Integer n = 0;
  for (List *l = rt->handles.next; l != &rt->handles; l = l->next) {
    const Handle *h = list_entry(l, Handle, link);
    if (h->internal || h->state != HANDLE_OPEN || !uv_is_active(h->uv) || !uv_has_ref(h->uv))
      continue;
    lua_pushstring(L, resource_name(h->uv, h->cls));
    lua_rawseti(L, -2, ++n);
  }
  timers_each(rt, add_timer, L);
  return 1;
}
