/* SPDX-License-Identifier: MIT */
/* report_parts.c - what a diagnostic report says, section by section, under Node's names.
 *
 * What libuv hands out is held by a Held, whose collection frees it: pushing its parts may raise. */
#include "parts.h"
#include "report.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/strbuf.h"

#include <arpa/inet.h>
#include <execinfo.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void set_text(lua_State *L, const char *key, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, int64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, double n) {
  lua_pushnumber(L, n);
  lua_setfield(L, -2, key);
}

static void set_flag(lua_State *L, const char *key, bool on) {
  lua_pushboolean(L, on);
  lua_setfield(L, -2, key);
}

static void new_array(lua_State *L) {
  lua_newtable(L);
  json_mark_array(L, -1);
}

/* Appends the value on top to the array below it. [-1] */
static void append(lua_State *L) {
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* ---- memory of libuv ---- */

typedef struct Held {
  uv_cpu_info_t *cpus;
  uv_interface_address_t *faces;
  char **symbols;
  int ncpus, nfaces;
} Held;

static const ClassDef held_class;

static int held_gc(lua_State *L) {
  Held *held = class_test(L, 1, &held_class);
  if (!held) return 0;
  if (held->cpus) uv_free_cpu_info(held->cpus, held->ncpus);
  if (held->faces) uv_free_interface_addresses(held->faces, held->nfaces);
  free(held->symbols);
  memset(held, 0, sizeof *held);
  return 0;
}

static const ClassDef held_class = { .name = "ReportMemory", .abstract = true, .gc = held_gc };

/* ---- header ---- */

static void set_cpus(lua_State *L, Held *held) {
  new_array(L);
  if (uv_cpu_info(&held->cpus, &held->ncpus) != 0) held->cpus = NULL;
  for (int i = 0; held->cpus && i < held->ncpus; i++) {
    const uv_cpu_info_t *cpu = &held->cpus[i];
    lua_createtable(L, 0, 7);
    set_text(L, "model", cpu->model);
    set_integer(L, "speed", cpu->speed);
    set_integer(L, "user", (int64_t)cpu->cpu_times.user);
    set_integer(L, "nice", (int64_t)cpu->cpu_times.nice);
    set_integer(L, "sys", (int64_t)cpu->cpu_times.sys);
    set_integer(L, "idle", (int64_t)cpu->cpu_times.idle);
    set_integer(L, "irq", (int64_t)cpu->cpu_times.irq);
    append(L);
  }
  lua_setfield(L, -2, "cpus");
}

static void push_face(lua_State *L, const uv_interface_address_t *face) {
  char text[INET6_ADDRSTRLEN], mac[18];
  const unsigned char *m = (const unsigned char *)face->phys_addr;
  bool six = face->address.address4.sin_family == AF_INET6;
  lua_createtable(L, 0, 7);
  set_text(L, "name", face->name);
  set_flag(L, "internal", face->is_internal);
  (void)snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
                 m[5]);
  set_text(L, "mac", mac);
  (void)(six ? uv_ip6_name(&face->address.address6, text, sizeof text)
             : uv_ip4_name(&face->address.address4, text, sizeof text));
  set_text(L, "address", text);
  (void)(six ? uv_ip6_name(&face->netmask.netmask6, text, sizeof text)
             : uv_ip4_name(&face->netmask.netmask4, text, sizeof text));
  set_text(L, "netmask", text);
  set_text(L, "family", six ? "IPv6" : "IPv4");
  if (six) set_integer(L, "scopeid", face->address.address6.sin6_scope_id);
}

static void set_faces(lua_State *L, Held *held) {
  new_array(L);
  if (uv_interface_addresses(&held->faces, &held->nfaces) != 0) held->faces = NULL;
  for (int i = 0; held->faces && i < held->nfaces; i++) {
    push_face(L, &held->faces[i]);
    append(L);
  }
  lua_setfield(L, -2, "networkInterfaces");
}

static void set_system(lua_State *L) {
  uv_utsname_t system;
  char host[UV_MAXHOSTNAMESIZE];
  size_t size = sizeof host;
  if (uv_os_uname(&system) == 0) {
    set_text(L, "osName", system.sysname);
    set_text(L, "osRelease", system.release);
    set_text(L, "osVersion", system.version);
    set_text(L, "osMachine", system.machine);
  }
  if (uv_os_gethostname(host, &size) == 0) set_text(L, "host", host);
}

static void set_time(lua_State *L) {
  char text[32];
  struct timespec now;
  struct tm local;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  (void)localtime_r(&now.tv_sec, &local);
  (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &local);
  set_text(L, "dumpEventTime", text);
  (void)snprintf(text, sizeof text, "%lld", (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
  set_text(L, "dumpEventTimeStamp", text);
}

/* A property of process, where it is at index 1. */
static void set_property(lua_State *L, const char *key, int (*get)(lua_State *L)) {
  int at = lua_gettop(L);
  (void)get(L);
  lua_setfield(L, at, key);
}

static void set_command_line(lua_State *L) {
  const Settings *settings = rt_of(L)->settings;
  new_array(L);
  lua_pushstring(L, settings->argv0);
  append(L);
  for (int i = 0; i < settings->exec_argc; i++) {
    lua_pushstring(L, settings->exec_argv[i]);
    append(L);
  }
  if (settings->script) {
    lua_pushstring(L, settings->script);
    append(L);
  }
  for (int i = 0; i < settings->nargs; i++) {
    lua_pushstring(L, settings->args[i]);
    append(L);
  }
  lua_setfield(L, -2, "commandLine");
}

static void set_header(lua_State *L, const ReportWish *wish, Held *held) {
  lua_createtable(L, 0, 24);
  set_integer(L, "reportVersion", 4);
  set_text(L, "event", wish->event);
  set_text(L, "trigger", wish->trigger);
  if (wish->filename) set_text(L, "filename", wish->filename);
  else {
    json_push_null(L);
    lua_setfield(L, -2, "filename");
  }
  set_time(L);
  set_integer(L, "processId", getpid());
  set_integer(L, "threadId", rt_of(L)->thread_id);
  set_property(L, "cwd", process_cwd);
  set_command_line(L);
  set_text(L, "moonforkVersion", "v" MOONFORK_VERSION);
  set_text(L, "glibcVersionRuntime", gnu_get_libc_version());
  set_integer(L, "wordSize", (int64_t)sizeof(void *) * 8);
  set_property(L, "arch", process_get_arch);
  set_property(L, "platform", process_get_platform);
  set_property(L, "componentVersions", process_get_versions);
  set_property(L, "release", process_get_release);
  set_cpus(L, held);
  if (!wish->exclude_network) set_faces(L, held);
  set_system(L);
  lua_setfield(L, -2, "header");
}

/* ---- stacks ---- */

/* Pushes an array of the lines of a stack, without what they are indented by. [+1] */
static void push_lines(lua_State *L, const char *text) {
  new_array(L);
  while (*text) {
    text += strspn(text, " \n");
    size_t len = strcspn(text, "\n");
    if (len) {
      lua_pushlstring(L, text, len);
      append(L);
    }
    text += len;
  }
}

/* The fields of the Error at idx but its words and its stack, as text. [+1] */
static void push_error_fields(lua_State *L, int idx) {
  lua_newtable(L);
  if (!lua_istable(L, idx)) return;
  for (lua_pushnil(L); lua_next(L, idx);) {
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "stack";
    if (strcmp(key, "stack") != 0 && strcmp(key, "message") != 0) {
      (void)luaL_tolstring(L, -1, NULL);
      lua_setfield(L, -4, key);
    }
    lua_pop(L, 1);
  }
}

/* The lines of the Error at idx below its first one. [+1] */
static void push_error_lines(lua_State *L, int idx) {
  lua_getfield(L, idx, "stack");
  const char *stack = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  const char *frames = strstr(stack, "\n    at ");
  push_lines(L, frames ? frames : "");
  lua_remove(L, -2);
}

static void set_stack(lua_State *L, const ReportWish *wish) {
  Runtime *rt = rt_of(L);
  lua_createtable(L, 0, 4);
  if (wish->error) {
    (void)luaL_tolstring(L, wish->error, NULL);
    lua_setfield(L, -2, "message");
    if (lua_istable(L, wish->error)) push_error_lines(L, wish->error);
    else new_array(L);
    lua_setfield(L, -2, "stack");
    push_error_fields(L, wish->error);
    lua_setfield(L, -2, "errorProperties");
  } else {
    set_text(L, "message", "Lua call stack");
    err_push_stack(L, L, wish->level);
    push_lines(L, lua_tostring(L, -1));
    lua_setfield(L, -3, "stack");
    lua_pop(L, 1);
  }
  if (rt->resumer) { /* those that wait for this coroutine, the main one last */
    lua_pushliteral(L, "");
    for (const Resumer *r = rt->resumer; r; r = r->outer) {
      err_push_stack(L, r->L, 0);
      lua_concat(L, 2);
    }
    push_lines(L, lua_tostring(L, -1));
    lua_setfield(L, -3, "mainStack");
    lua_pop(L, 1);
  }
  lua_setfield(L, -2, "javascriptStack");
}

static void set_native_stack(lua_State *L, Held *held) {
  void *frames[64];
  char pc[24];
  int count = backtrace(frames, 64);
  held->symbols = backtrace_symbols(frames, count);
  new_array(L);
  for (int i = 0; i < count; i++) {
    lua_createtable(L, 0, 2);
    (void)snprintf(pc, sizeof pc, "0x%016llx", (unsigned long long)(uintptr_t)frames[i]);
    set_text(L, "pc", pc);
    set_text(L, "symbol", held->symbols ? held->symbols[i] : "");
    append(L);
  }
  lua_setfield(L, -2, "nativeStack");
}

/* ---- numbers ---- */

static void set_heap(lua_State *L) {
  MemoryUse use = process_memory(L);
  lua_createtable(L, 0, 4);
  set_integer(L, "totalMemory", use.total);
  set_integer(L, "usedMemory", use.used);
  set_integer(L, "mallocedMemory", use.taken);
  set_integer(L, "externalMemory", use.external);
  lua_setfield(L, -2, "javascriptHeap");
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Sets what getrusage(who) counts in the table on top. */
static void set_usage(lua_State *L, int who, bool whole) {
  struct rusage u;
  double up = (double)(uv_hrtime() - rt_of(L)->started) / 1e9;
  if (getrusage(who, &u) != 0) return;
  double user = seconds(u.ru_utime), kernel = seconds(u.ru_stime);
  set_number(L, "userCpuSeconds", user);
  set_number(L, "kernelCpuSeconds", kernel);
  set_number(L, "cpuConsumptionPercent", (user + kernel) / up * 100);
  set_number(L, "userCpuConsumptionPercent", user / up * 100);
  set_number(L, "kernelCpuConsumptionPercent", kernel / up * 100);
  if (whole) {
    set_integer(L, "maxRss", (int64_t)u.ru_maxrss * 1024);
    lua_createtable(L, 0, 2);
    set_integer(L, "IORequired", u.ru_majflt);
    set_integer(L, "IONotRequired", u.ru_minflt);
    lua_setfield(L, -2, "pageFaults");
  }
  lua_createtable(L, 0, 2);
  set_integer(L, "reads", u.ru_inblock);
  set_integer(L, "writes", u.ru_oublock);
  lua_setfield(L, -2, "fsActivity");
}

static void set_usages(lua_State *L) {
  size_t rss = 0;
  lua_newtable(L);
  (void)uv_resident_set_memory(&rss);
  set_integer(L, "free_memory", (int64_t)uv_get_free_memory());
  set_integer(L, "total_memory", (int64_t)uv_get_total_memory());
  set_integer(L, "rss", (int64_t)rss);
  set_property(L, "constrained_memory", process_constrained_memory);
  set_property(L, "available_memory", process_available_memory);
  set_usage(L, RUSAGE_SELF, true);
  lua_setfield(L, -2, "resourceUsage");
  lua_newtable(L);
  set_usage(L, RUSAGE_THREAD, false);
  lua_setfield(L, -2, "uvthreadResourceUsage");
}

static void set_limit(lua_State *L, const char *key, rlim_t n) {
  if (n == RLIM_INFINITY) set_text(L, key, "unlimited");
  else set_integer(L, key, (int64_t)n);
}

static void set_limits(lua_State *L) {
  static const struct {
    const char *name;
    int id;
  } rows[] = {
    { "core_file_size_blocks", RLIMIT_CORE },   { "data_seg_size_kbytes", RLIMIT_DATA },
    { "file_size_blocks", RLIMIT_FSIZE },       { "max_locked_memory_bytes", RLIMIT_MEMLOCK },
    { "max_memory_size_kbytes", RLIMIT_RSS },   { "open_files", RLIMIT_NOFILE },
    { "stack_size_bytes", RLIMIT_STACK },       { "cpu_time_seconds", RLIMIT_CPU },
    { "max_user_processes", RLIMIT_NPROC },     { "virtual_memory_kbytes", RLIMIT_AS },
  };
  struct rlimit limit;
  lua_newtable(L);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (getrlimit((__rlimit_resource_t)rows[i].id, &limit) != 0) continue;
    lua_createtable(L, 0, 2);
    set_limit(L, "soft", limit.rlim_cur);
    set_limit(L, "hard", limit.rlim_max);
    lua_setfield(L, -2, rows[i].name);
  }
  lua_setfield(L, -2, "userLimits");
}

/* ---- handles ---- */

static void set_address(lua_State *L, const char *key, const struct sockaddr_storage *from) {
  char text[INET6_ADDRSTRLEN];
  bool six = from->ss_family == AF_INET6;
  if (!six && from->ss_family != AF_INET) return;
  const struct sockaddr_in *four = (const struct sockaddr_in *)from;
  const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)from;
  lua_createtable(L, 0, 3);
  (void)(six ? uv_ip6_name(a6, text, sizeof text) : uv_ip4_name(four, text, sizeof text));
  set_text(L, "ip4", text);
  if (six) {
    lua_pushnil(L);
    lua_setfield(L, -2, "ip4");
    set_text(L, "ip6", text);
  }
  set_text(L, "host", text);
  set_integer(L, "port", ntohs(six ? a6->sin6_port : four->sin_port));
  lua_setfield(L, -2, key);
}

static void set_endpoints(lua_State *L, const uv_handle_t *uv) {
  struct sockaddr_storage name = { 0 };
  int len = sizeof name;
  bool tcp = uv->type == UV_TCP;
  if ((tcp ? uv_tcp_getsockname((const uv_tcp_t *)uv, (struct sockaddr *)&name, &len)
           : uv_udp_getsockname((const uv_udp_t *)uv, (struct sockaddr *)&name, &len)) == 0)
    set_address(L, "localEndpoint", &name);
  len = sizeof name;
  memset(&name, 0, sizeof name);
  if ((tcp ? uv_tcp_getpeername((const uv_tcp_t *)uv, (struct sockaddr *)&name, &len)
           : uv_udp_getpeername((const uv_udp_t *)uv, (struct sockaddr *)&name, &len)) == 0)
    set_address(L, "remoteEndpoint", &name);
}

static void set_due(lua_State *L, const uv_timer_t *timer) {
  uint64_t now = uv_now(timer->loop), due = timer->timeout;
  set_integer(L, "repeat", (int64_t)uv_timer_get_repeat(timer));
  set_integer(L, "firesInMsFromNow", (int64_t)(due - now));
  set_flag(L, "expired", uv_is_active((const uv_handle_t *)timer) && due <= now);
}

static void push_handle(lua_State *L, const uv_handle_t *uv) {
  char address[24];
  uv_os_fd_t fd;
  lua_newtable(L);
  set_text(L, "type", uv_handle_type_name(uv->type));
  set_flag(L, "is_active", uv_is_active(uv));
  set_flag(L, "is_referenced", uv_has_ref(uv));
  (void)snprintf(address, sizeof address, "0x%016llx", (unsigned long long)(uintptr_t)uv);
  set_text(L, "address", address);
  if (uv->type == UV_TIMER) set_due(L, (const uv_timer_t *)uv);
  if (uv->type == UV_PROCESS) set_integer(L, "pid", ((const uv_process_t *)uv)->pid);
  if (uv->type == UV_SIGNAL) set_integer(L, "signum", ((const uv_signal_t *)uv)->signum);
  if (uv->type == UV_TCP || uv->type == UV_UDP) set_endpoints(L, uv);
  if (uv_fileno(uv, &fd) == 0) set_integer(L, "fd", fd);
}

/* The handles are copied first, because tables cannot be made inside uv_walk. A finalizer that runs
 * meanwhile may close one, but its memory lives until the loop goes on. */
typedef struct HandleList {
  const uv_handle_t **at;
  size_t count, room;
} HandleList;

static void list_handle(uv_handle_t *uv, void *ctx) {
  HandleList *list = ctx;
  if (list->count < list->room) list->at[list->count] = uv;
  list->count++;
}

static void set_handles(lua_State *L) {
  HandleList list = { 0 };
  uv_loop_t *loop = &rt_of(L)->loop;
  uv_walk(loop, list_handle, &list);
  size_t room = list.count;
  list.at = lua_newuserdatauv(L, (room + 1) * sizeof *list.at, 0);
  new_array(L);
  list.room = room;
  list.count = 0;
  uv_walk(loop, list_handle, &list);
  for (size_t i = 0; i < list.count && i < room; i++) {
    push_handle(L, list.at[i]);
    append(L);
  }
  lua_setfield(L, -3, "libuv");
  lua_pop(L, 1);
}

/* ---- lists ---- */

static void set_environment(lua_State *L) {
  lua_newtable(L);
  for (char **e = environ; e && *e; e++) {
    const char *equals = strchr(*e, '=');
    if (!equals) continue;
    lua_pushlstring(L, *e, (size_t)(equals - *e));
    lua_pushstring(L, equals + 1);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "environmentVariables");
}

static int add_library(struct dl_phdr_info *info, size_t size, void *ctx) {
  StrBuf *names = ctx;
  (void)size;
  if (info->dlpi_name && *info->dlpi_name) strbuf_addf(names, "%s\n", info->dlpi_name);
  return 0;
}

/* The names are gathered first: nothing may be raised while the loader holds its lock. */
static void set_libraries(lua_State *L) {
  StrBuf *names = strbuf_new_lua(L);
  (void)dl_iterate_phdr(add_library, names);
  strbuf_addc(names, '\0');
  push_lines(L, names->failed ? "" : names->p);
  lua_setfield(L, -3, "sharedObjects");
  strbuf_free(names);
  lua_pop(L, 1);
}

void report_push(lua_State *L, const ReportWish *wish) {
  luaL_checkstack(L, 24, "report");
  Held *held = class_new(L, &held_class, sizeof *held, 0);
  lua_createtable(L, 0, 12);
  set_header(L, wish, held);
  set_stack(L, wish);
  set_heap(L);
  set_native_stack(L, held);
  set_usages(L);
  set_handles(L);
  new_array(L);
  lua_setfield(L, -2, "workers");
  set_environment(L);
  set_limits(L);
  set_libraries(L);
  lua_remove(L, -2);
}
