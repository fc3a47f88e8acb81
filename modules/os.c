/* SPDX-License-Identifier: MIT */
/* os.c - the module `os`: Node's functions, put into the stock table, so that `require "os"` and
 * the global are one. Of the stock functions exit and execute are replaced: the one ends the
 * program in order, the other lets go first of what print has buffered. */
#include "os.h"
#include "os_constants.h"
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/out.h"
#include "core/runtime.h"
#include "process/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <lualib.h>

/* A failed call of libuv as Node has it here: a SystemError. */
static int raise_system(lua_State *L, int status, const char *syscall) {
  err_push(L, NULL, "ERR_SYSTEM_ERROR", "A system error occurred: %s returned %s (%s)", syscall,
           uv_err_name(status), uv_strerror(status));
  lua_pushliteral(L, "SystemError");
  lua_setfield(L, -2, "name");
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, uv_err_name(status));
  lua_setfield(L, -2, "code");
  lua_pushstring(L, uv_strerror(status));
  lua_setfield(L, -2, "message");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
  lua_setfield(L, -2, "info");
  luaL_tolstring(L, -1, NULL);
  err_push_stack(L, L, 1);
  lua_concat(L, 2);
  lua_setfield(L, -2, "stack");
  return lua_error(L);
}

static void set_integer(lua_State *L, const char *key, int64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, key);
}

static void set_string(lua_State *L, const char *key, const char *s) {
  lua_pushstring(L, s);
  lua_setfield(L, -2, key);
}

/* ---- the machine ---- */

static void read_uname(lua_State *L, uv_utsname_t *u) {
  int err = uv_os_uname(u);
  if (err < 0) raise_system(L, err, "uv_os_uname");
}

static int push_uname(lua_State *L, size_t offset) {
  uv_utsname_t u;
  read_uname(L, &u);
  lua_pushstring(L, (const char *)&u + offset);
  return 1;
}

static int os_type(lua_State *L) {
  return push_uname(L, offsetof(uv_utsname_t, sysname));
}
static int os_release(lua_State *L) {
  return push_uname(L, offsetof(uv_utsname_t, release));
}
static int os_version(lua_State *L) {
  return push_uname(L, offsetof(uv_utsname_t, version));
}
static int os_machine(lua_State *L) {
  return push_uname(L, offsetof(uv_utsname_t, machine));
}

static int os_platform(lua_State *L) {
  lua_pushstring(L, process_platform());
  return 1;
}

static int os_arch(lua_State *L) {
  lua_pushstring(L, process_arch());
  return 1;
}

static int os_endianness(lua_State *L) {
  const uint16_t one = 1;
  lua_pushstring(L, *(const uint8_t *)&one ? "LE" : "BE");
  return 1;
}

static int os_hostname(lua_State *L) {
  char name[UV_MAXHOSTNAMESIZE];
  size_t len = sizeof name;
  int err = uv_os_gethostname(name, &len);
  if (err < 0) return raise_system(L, err, "uv_os_gethostname");
  lua_pushlstring(L, name, len);
  return 1;
}

static int os_uptime(lua_State *L) {
  double seconds;
  int err = uv_uptime(&seconds);
  if (err < 0) return raise_system(L, err, "uv_uptime");
  lua_pushnumber(L, seconds);
  return 1;
}

static int os_loadavg(lua_State *L) {
  double load[3];
  uv_loadavg(load);
  lua_createtable(L, 3, 0);
  for (int i = 0; i < 3; i++) {
    lua_pushnumber(L, load[i]);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

static int os_totalmem(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)uv_get_total_memory());
  return 1;
}

static int os_freemem(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)uv_get_free_memory());
  return 1;
}

static int os_parallelism(lua_State *L) {
  lua_pushinteger(L, uv_available_parallelism());
  return 1;
}

/* What libuv allocated and a raise must not lose: freed by __gc. */
typedef struct Held {
  void *list;
  int count;
} Held;

static int cpus_free(lua_State *L) {
  Held *held = lua_touserdata(L, 1);
  uv_free_cpu_info(held->list, held->count);
  held->list = NULL;
  held->count = 0;
  return 0;
}

static int interfaces_free(lua_State *L) {
  Held *held = lua_touserdata(L, 1);
  if (held->list) uv_free_interface_addresses(held->list, held->count);
  held->list = NULL;
  held->count = 0;
  return 0;
}

/* Pushes an empty Held. [+1] */
static Held *push_held(lua_State *L, lua_CFunction gc) {
  Held *held = lua_newuserdatauv(L, sizeof *held, 0);
  *held = (Held){ NULL, 0 };
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  return held;
}

static int os_cpus(lua_State *L) {
  uv_cpu_info_t *cpus;
  Held *held = push_held(L, cpus_free);
  int err = uv_cpu_info(&cpus, &held->count);
  if (err < 0) return raise_system(L, err, "uv_cpu_info");
  held->list = cpus;
  lua_createtable(L, held->count, 0);
  for (int i = 0; i < held->count; i++) {
    lua_createtable(L, 0, 3);
    set_string(L, "model", cpus[i].model);
    set_integer(L, "speed", cpus[i].speed);
    lua_createtable(L, 0, 5);
    set_integer(L, "user", (int64_t)cpus[i].cpu_times.user);
    set_integer(L, "nice", (int64_t)cpus[i].cpu_times.nice);
    set_integer(L, "sys", (int64_t)cpus[i].cpu_times.sys);
    set_integer(L, "idle", (int64_t)cpus[i].cpu_times.idle);
    set_integer(L, "irq", (int64_t)cpus[i].cpu_times.irq);
    lua_setfield(L, -2, "times");
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* ---- network ---- */

/* Leading one bits of a netmask of n bytes. */
static int mask_bits(const uint8_t *mask, size_t n) {
  int bits = 0;
  for (size_t i = 0; i < n; i++)
    for (int bit = 7; bit >= 0 && (mask[i] >> bit & 1); bit--) bits++;
  return bits;
}

/* Pushes what Node tells of one address. [+1] */
static void push_interface(lua_State *L, const uv_interface_address_t *a) {
  char address[INET6_ADDRSTRLEN], mask[INET6_ADDRSTRLEN];
  const unsigned char *mac = (const unsigned char *)a->phys_addr;
  bool six = a->address.address4.sin_family == AF_INET6;
  int bits;
  if (six) {
    (void)uv_ip6_name(&a->address.address6, address, sizeof address);
    (void)uv_ip6_name(&a->netmask.netmask6, mask, sizeof mask);
    bits = mask_bits(a->netmask.netmask6.sin6_addr.s6_addr, 16);
  } else {
    (void)uv_ip4_name(&a->address.address4, address, sizeof address);
    (void)uv_ip4_name(&a->netmask.netmask4, mask, sizeof mask);
    bits = mask_bits((const uint8_t *)&a->netmask.netmask4.sin_addr, 4);
  }
  char text[18];
  (void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                 mac[4], mac[5]);
  lua_createtable(L, 0, 7);
  set_string(L, "address", address);
  set_string(L, "netmask", mask);
  set_string(L, "family", six ? "IPv6" : "IPv4");
  set_string(L, "mac", text);
  lua_pushboolean(L, a->is_internal);
  lua_setfield(L, -2, "internal");
  lua_pushfstring(L, "%s/%d", address, bits);
  lua_setfield(L, -2, "cidr");
  if (six) set_integer(L, "scopeid", a->address.address6.sin6_scope_id);
}

static int os_interfaces(lua_State *L) {
  uv_interface_address_t *list;
  Held *held = push_held(L, interfaces_free);
  int err = uv_interface_addresses(&list, &held->count);
  if (err == UV_ENOSYS) { /* a system without any */
    lua_newtable(L);
    return 1;
  }
  if (err < 0) return raise_system(L, err, "uv_interface_addresses");
  held->list = list;
  lua_newtable(L);
  for (int i = 0; i < held->count; i++) {
    if (lua_getfield(L, -1, list[i].name) == LUA_TNIL) {
      lua_pop(L, 1);
      lua_newtable(L);
      lua_pushvalue(L, -1);
      lua_setfield(L, -3, list[i].name);
    }
    push_interface(L, &list[i]);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
  }
  return 1;
}

/* ---- the user ---- */

static int os_homedir(lua_State *L) {
  char path[PATH_MAX];
  size_t len = sizeof path;
  int err = uv_os_homedir(path, &len);
  if (err < 0) return raise_system(L, err, "uv_os_homedir");
  lua_pushlstring(L, path, len);
  return 1;
}

static int os_tmpdir(lua_State *L) {
  static const char *const names[] = { "TMPDIR", "TMP", "TEMP" };
  const char *path = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && (!path || !*path); i++)
    path = getenv(names[i]);
  if (!path || !*path) path = "/tmp";
  size_t len = strlen(path);
  if (len > 1 && path[len - 1] == '/') len--;
  lua_pushlstring(L, path, len);
  return 1;
}

static int os_user_info(lua_State *L) {
  uv_passwd_t user;
  if (!arg_missing(L, 1)) arg_table(L, 1, "options");
  lua_createtable(L, 0, 5);
  int err = uv_os_get_passwd(&user);
  if (err < 0) return raise_system(L, err, "uv_os_get_passwd");
  char name[256], home[PATH_MAX], shell[PATH_MAX]; /* copies: what follows may raise */
  (void)snprintf(name, sizeof name, "%s", user.username);
  (void)snprintf(home, sizeof home, "%s", user.homedir);
  (void)snprintf(shell, sizeof shell, "%s", user.shell ? user.shell : "");
  bool has_shell = user.shell != NULL;
  int64_t uid = (int64_t)user.uid, gid = (int64_t)user.gid;
  uv_os_free_passwd(&user);
  set_integer(L, "uid", uid);
  set_integer(L, "gid", gid);
  set_string(L, "username", name);
  set_string(L, "homedir", home);
  if (has_shell) {
    set_string(L, "shell", shell);
  } else {
    json_push_null(L);
    lua_setfield(L, -2, "shell");
  }
  return 1;
}

/* ---- priority ---- */

static int os_get_priority(lua_State *L) {
  int priority;
  uv_pid_t pid = arg_missing(L, 1) ? 0 : (uv_pid_t)arg_integer(L, 1, "pid", INT_MIN, INT_MAX);
  int err = uv_os_getpriority(pid, &priority);
  if (err < 0) return raise_system(L, err, "uv_os_getpriority");
  lua_pushinteger(L, priority);
  return 1;
}

/* (priority) or (pid, priority) */
static int os_set_priority(lua_State *L) {
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    lua_pushinteger(L, 0);
    lua_insert(L, 1);
  }
  uv_pid_t pid = (uv_pid_t)arg_integer(L, 1, "pid", INT_MIN, INT_MAX);
  int priority = (int)arg_integer(L, 2, "priority", UV_PRIORITY_HIGHEST, UV_PRIORITY_LOW);
  int err = uv_os_setpriority(pid, priority);
  return err < 0 ? raise_system(L, err, "uv_os_setpriority") : 0;
}

/* ---- in place of the stock functions ---- */

static int os_exit(lua_State *L) {
  int64_t code = EXIT_SUCCESS;
  if (lua_isboolean(L, 1)) code = lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE;
  else code = luaL_optinteger(L, 1, EXIT_SUCCESS);
  return rt_exit(L, code);
}

static int os_execute(lua_State *L) {
  const char *command = luaL_optstring(L, 1, NULL);
  out_flush();
  errno = 0;
  int status = system(command);
  if (command) return luaL_execresult(L, status);
  lua_pushboolean(L, status);
  return 1;
}

void os_replace_stock(lua_State *L) {
  lua_getglobal(L, "os");
  lua_pushcfunction(L, os_exit);
  lua_setfield(L, -2, "exit");
  lua_pushcfunction(L, os_execute);
  lua_setfield(L, -2, "execute");
  lua_pop(L, 1);
}

/* ---- rows ---- */

/* Moves the functions into the stock table, which is the module's value. */
static int os_open(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, LUA_OSLIBNAME);
  lua_replace(L, -2);
  for (lua_pushnil(L); lua_next(L, 1);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, 2);
  }
  set_string(L, "EOL", "\n");
  set_string(L, "devNull", "/dev/null");
  os_push_constants(L);
  lua_setfield(L, 2, "constants");
  return 1;
}

static const FnDef os_functions[] = {
  { "arch", os_arch, FN_STATIC, "arch(): string", "The processor: \"x64\", \"arm64\", ...", NULL,
    "print(os.arch())", NULL },
  { "availableParallelism", os_parallelism, FN_STATIC, "availableParallelism(): integer",
    "How many processors this process may use: a fair number of workers.", NULL,
    "print(os.availableParallelism())", NULL },
  { "cpus", os_cpus, FN_STATIC, "cpus(): table[]",
    "The processors: { model, speed, times = { user, nice, sys, idle, irq } }, speed in MHz and "
    "times "
    "in milliseconds.",
    NULL, "print(#os.cpus(), os.cpus()[1].model)", NULL },
  { "endianness", os_endianness, FN_STATIC, "endianness(): string",
    "\"LE\" where the lowest byte of a number comes first, else \"BE\".", NULL, NULL, NULL },
  { "execute", os_execute, FN_STATIC, "execute(command: string?): boolean?, string?, integer?",
    "Stock Lua's: runs the command in a shell and waits for it. The loop stands still meanwhile: "
    "no "
    "timer fires and no message arrives. child_process.spawn or exec do not block.",
    NULL, "print(os.execute \"exit 3\")", NULL },
  { "exit", os_exit, FN_STATIC, "exit(code: boolean|integer?, close: boolean?)",
    "As process.exit: `exit` listeners run and the terminal is put right before the program ends. "
    "true and nil are 0, false is 1; close changes nothing.",
    NULL, NULL, NULL },
  { "freemem", os_freemem, FN_STATIC, "freemem(): integer", "Free memory of the machine in bytes.",
    NULL, "print(os.freemem() // 2^20, \"MiB\")", NULL },
  { "getPriority", os_get_priority, FN_STATIC, "getPriority(pid: integer?): integer",
    "The scheduling priority, from 19 (low) to -20, of a process; of this one without pid.", NULL,
    "print(os.getPriority())", NULL },
  { "homedir", os_homedir, FN_STATIC, "homedir(): string", "The user's home folder.", NULL, NULL,
    NULL },
  { "hostname", os_hostname, FN_STATIC, "hostname(): string", "The machine's name.", NULL, NULL,
    NULL },
  { "loadavg", os_loadavg, FN_STATIC, "loadavg(): number[]",
    "The load of the machine over 1, 5 and 15 minutes.", NULL, "print(os.loadavg()[1])", NULL },
  { "machine", os_machine, FN_STATIC, "machine(): string", "The hardware as uname(2) names it.",
    NULL, NULL, NULL },
  { "networkInterfaces", os_interfaces, FN_STATIC, "networkInterfaces(): table",
    "The addresses of each network interface that is up: arrays of { address, netmask, family, "
    "mac, "
    "internal, cidr }, and scopeid for IPv6.",
    NULL, "for name, list in pairs(os.networkInterfaces()) do print(name, list[1].cidr) end",
    NULL },
  { "platform", os_platform, FN_STATIC, "platform(): string", "The system: \"linux\", ...", NULL,
    NULL, NULL },
  { "release", os_release, FN_STATIC, "release(): string", "The release of the kernel.", NULL, NULL,
    NULL },
  { "setPriority", os_set_priority, FN_STATIC, "setPriority(pid: integer, priority: integer?)",
    "Sets the scheduling priority of a process; with one argument, that is the priority of this "
    "one.",
    NULL, NULL, NULL },
  { "tmpdir", os_tmpdir, FN_STATIC, "tmpdir(): string",
    "The folder for temporary files: TMPDIR, TMP or TEMP of the environment, else /tmp.", NULL,
    "print(os.tmpdir())", NULL },
  { "totalmem", os_totalmem, FN_STATIC, "totalmem(): integer", "Memory of the machine in bytes.",
    NULL, NULL, NULL },
  { "type", os_type, FN_STATIC, "type(): string", "The system as uname(2) names it: \"Linux\".",
    NULL, NULL, NULL },
  { "uptime", os_uptime, FN_STATIC, "uptime(): number", "Seconds since the machine was started.",
    NULL, NULL, NULL },
  { "userInfo", os_user_info, FN_STATIC, "userInfo(options: table?): table",
    "The user of this process: { uid, gid, username, homedir, shell }; shell may be null.", NULL,
    "print(os.userInfo().username)", "There is no option encoding: strings are bytes." },
  { "version", os_version, FN_STATIC, "version(): string", "The version of the kernel.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef os_fields[] = {
  { "EOL", NULL, NULL, "string", "The line end: \"\\n\"." },
  { "constants", NULL, NULL, "table",
    "Numbers by name: constants.signals.SIGTERM, constants.errno.ENOENT, constants.priority, "
    "constants.dlopen." },
  { "devNull", NULL, NULL, "string", "The path of the null device." },
  { 0 }
};

const ModuleDef os_module = {
  .name = "os",
  .functions = os_functions,
  .constants = os_fields,
  .open = os_open,
  .doc =
      "The operating system: Node's functions beside stock Lua's os.time, os.date, os.getenv, ...",
  .example = "print(os.type(), os.release(), #os.cpus())"
};

/* ---- io ---- */

static const char stock_popen = 0;

/* io.popen: the stock one, after what print has buffered has gone out. */
static int io_popen(lua_State *L) {
  out_flush();
  lua_rawgetp(L, LUA_REGISTRYINDEX, &stock_popen);
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

/* The module's value is the stock table. */
static int io_open(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, LUA_IOLIBNAME);
  lua_getfield(L, -1, "popen");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &stock_popen);
  lua_getfield(L, 1, "popen");
  lua_setfield(L, -2, "popen");
  return 1;
}

static const FnDef io_functions[] = {
  { "popen", io_popen, FN_STATIC, "popen(prog: string, mode: string?): any",
    "Stock Lua's: starts the command in a shell and gives a file to read from it (\"r\") or write "
    "to it "
    "(\"w\"). Reading and closing wait, and the loop stands still meanwhile; child_process.spawn "
    "and "
    "exec do not block.",
    NULL, "local p = io.popen \"echo hi\"\nprint(p:read \"l\")\np:close()", NULL },
  { 0 }
};

const ModuleDef io_module = {
  .name = "io",
  .functions = io_functions,
  .open = io_open,
  .doc = "Stock Lua's files. What io.write and io.stderr write goes the way of console.log.",
  .example = "io.write(\"a line\\n\")"
};
