/* SPDX-License-Identifier: MIT */
/* dns.c - dns.lookup and lookupService: getaddrinfo and getnameinfo on libuv's threads.
 *
 * A Job owns its request and, while that runs, the callback in rt->pins. What asks name servers directly
 * (resolve4 and its kin) is not here. */
#include "dns.h"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/handle.h"
#include "core/ip.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/trace.h"
#include "promise/promise.h"

_Static_assert(DNS_ADDRCONFIG == AI_ADDRCONFIG && DNS_V4MAPPED == AI_V4MAPPED && DNS_ALL == AI_ALL,
               "flags of getaddrinfo");

typedef enum Order { ORDER_VERBATIM, ORDER_IPV4_FIRST, ORDER_IPV6_FIRST } Order;

static const char *const order_names[] = { "verbatim", "ipv4first", "ipv6first" };

typedef struct Lookup {
  int family, hints;
  bool all;
  Order order;
} Lookup;

typedef struct Job {
  Runtime *rt;
  Lookup ask;
  union {
    uv_getaddrinfo_t addr;
    uv_getnameinfo_t name;
  } uv;
  TraceJob traced;
  int pin;                 /* { callback, host } in rt->pins */
  int status;
  struct addrinfo *found;  /* own */
  const char *host, *service; /* of getnameinfo, borrowed during the callback */
} Job;

static const char order_key = 0;

/* libuv does not say when a thread begins with it, and gives look-ups half of its threads: it begins at once
 * where that leaves room. */
static void trace_asked(Job *job) {
  trace_job_queue(job->rt->trace, &job->traced, "dns");
  if (trace_job_fits(&job->traced, (trace_page(job->rt->trace)->pool_size + 1) / 2)) trace_job_begin(&job->traced);
}

static void trace_answered(Job *job) {
  if (!job->traced.began) trace_job_begin(&job->traced);
  trace_job_end(&job->traced);
  trace_job_done(job->rt->trace, &job->traced);
}

static Order *default_order(lua_State *L) { return rt_data(L, &order_key, sizeof(Order)); }

/* ---- errors ---- */

/* getaddrinfo ENOTFOUND host */
static void push_error(lua_State *L, int status, const char *syscall, const char *host) {
  const char *code = status == UV_EAI_NODATA || status == UV_EAI_NONAME ? "ENOTFOUND" : uv_err_name(status);
  if (status == UV_EAI_MEMORY) code = "ENOMEM";
  err_push(L, NULL, code, "%s %s %s", syscall, code, host);
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
  lua_pushstring(L, host);
  lua_setfield(L, -2, "hostname");
}

/* ---- results ---- */

static int family_of(const struct addrinfo *a) {
  if (a->ai_socktype != SOCK_STREAM && a->ai_socktype != 0) return 0;
  return a->ai_family == AF_INET ? 4 : a->ai_family == AF_INET6 ? 6 : 0;
}

/* Pushes the address as text. [+1] */
static void push_ip(lua_State *L, const struct addrinfo *a) {
  char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1] = "";
  if (a->ai_family == AF_INET6) {
    const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)a->ai_addr;
    (void)uv_ip6_name(in, text, sizeof text); /* the room suffices */
    size_t len = strlen(text);
    if (in->sin6_scope_id && if_indextoname(in->sin6_scope_id, text + len + 1)) text[len] = '%';
  } else {
    (void)uv_ip4_name((const struct sockaddr_in *)a->ai_addr, text, sizeof text);
  }
  lua_pushstring(L, text);
}

static void push_entry(lua_State *L, const char *ip, int family) {
  lua_createtable(L, 0, 2);
  lua_pushstring(L, ip);
  lua_setfield(L, -2, "address");
  lua_pushinteger(L, family);
  lua_setfield(L, -2, "family");
}

/* Adds those of the family (0: all) to the list at the top. */
static void add_found(lua_State *L, const struct addrinfo *found, int family) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  for (; found; found = found->ai_next) {
    int is = family_of(found);
    if (is == 0 || (family != 0 && family != is)) continue;
    push_ip(L, found);
    push_entry(L, lua_tostring(L, -1), is);
    lua_remove(L, -2);
    lua_rawseti(L, -2, ++n);
  }
}

/* Pushes the list of all addresses in the order asked for. [+1] */
static void push_list(lua_State *L, const Job *job) {
  lua_createtable(L, 2, 0);
  json_mark_array(L, lua_gettop(L));
  if (job->ask.order == ORDER_VERBATIM) {
    add_found(L, job->found, 0);
    return;
  }
  int first = job->ask.order == ORDER_IPV4_FIRST ? 4 : 6;
  add_found(L, job->found, first);
  add_found(L, job->found, first == 4 ? 6 : 4);
}

static int lookup_deliver(lua_State *L) {
  Job *job = lua_touserdata(L, 1);
  rt_push_pinned(L, job->rt, job->pin);
  lua_rawgeti(L, 2, 1);
  lua_rawgeti(L, 2, 2);
  const char *host = lua_tostring(L, 4);
  lua_pushvalue(L, 3);
  if (job->status == 0) {
    push_list(L, job);
    if (lua_rawlen(L, -1) == 0) job->status = UV_EAI_NODATA;
  }
  if (job->status != 0) {
    lua_settop(L, 5);
    push_error(L, job->status, "getaddrinfo", host);
    lua_call(L, 1, 0);
    return 0;
  }
  lua_pushnil(L);
  lua_insert(L, -2);
  if (job->ask.all) {
    lua_call(L, 2, 0);
    return 0;
  }
  lua_rawgeti(L, -1, 1);
  lua_getfield(L, -1, "address");
  lua_getfield(L, -2, "family");
  lua_remove(L, -3);
  lua_remove(L, -3);
  lua_call(L, 3, 0);
  return 0;
}

static void on_found(uv_getaddrinfo_t *uv, int status, struct addrinfo *found) {
  Job *job = uv->data;
  job->status = status;
  job->found = found;
  if (TRACING(job->rt)) trace_answered(job);
  (void)rt_enter(job->rt, lookup_deliver, job);
  uv_freeaddrinfo(found);
  rt_unpin(job->rt, job->pin);
  free(job);
}

/* ---- lookup(hostname, options, callback) ---- */

static int bad_family(lua_State *L, int idx, const char *name) {
  return err_arg_value(L, idx, name, "must be one of: 0, 4, 6");
}

static int family_value(lua_State *L, int idx, const char *name) {
  int whole;
  lua_Integer n = lua_tointegerx(L, idx, &whole);
  if (lua_type(L, idx) != LUA_TNUMBER || !whole || (n != 0 && n != 4 && n != 6)) return bad_family(L, idx, name);
  return (int)n;
}

static bool is_text(lua_State *L, int idx, const char *text) {
  return lua_type(L, idx) == LUA_TSTRING && !strcmp(lua_tostring(L, idx), text);
}

static Order order_value(lua_State *L, int idx, const char *name) {
  for (int i = 0; i < 3; i++)
    if (is_text(L, idx, order_names[i])) return (Order)i;
  err_arg_value(L, idx, name, "must be one of: 'verbatim', 'ipv4first', 'ipv6first'");
  return ORDER_VERBATIM;
}

static void read_options(lua_State *L, int opts, Lookup *ask) {
  if (opt_push(L, opts, "hints") != LUA_TNIL) {
    lua_Number n = arg_number(L, lua_gettop(L), "options.hints");
    ask->hints = n >= 0 && n <= 0xFFFF ? (int)n : -1;
    if (n != ask->hints || (ask->hints & ~(DNS_ADDRCONFIG | DNS_V4MAPPED | DNS_ALL)))
      err_arg_value(L, lua_gettop(L), "hints", "is invalid");
  }
  if (opt_push(L, opts, "family") != LUA_TNIL) {
    int at = lua_gettop(L);
    if (is_text(L, at, "IPv4")) ask->family = 4;
    else if (is_text(L, at, "IPv6")) ask->family = 6;
    else ask->family = family_value(L, at, "options.family");
  }
  ask->all = opt_boolean(L, opts, "all", false);
  if (opt_push(L, opts, "verbatim") != LUA_TNIL)
    ask->order = arg_boolean(L, lua_gettop(L), "options.verbatim") ? ORDER_VERBATIM : ORDER_IPV4_FIRST;
  if (opt_push(L, opts, "order") != LUA_TNIL)
    ask->order = order_value(L, lua_gettop(L), "options.order");
  lua_pop(L, 4);
}

/* The answer needs no look-up: the callback on the next tick. host at 1; family 0: there is no host. */
static void answer(lua_State *L, int callback, const Lookup *ask, int family) {
  lua_pushvalue(L, callback);
  lua_pushnil(L);
  if (ask->all) {
    lua_createtable(L, 1, 0);
    json_mark_array(L, lua_gettop(L));
    if (family != 0) {
      push_entry(L, lua_tostring(L, 1), family);
      lua_rawseti(L, -2, 1);
    }
    rt_next_tick(L, 2);
    return;
  }
  if (family != 0) lua_pushvalue(L, 1);
  else lua_pushnil(L);
  lua_pushinteger(L, family != 0 ? family : ask->family == 6 ? 6 : 4);
  rt_next_tick(L, 3);
}

/* Pins { callback, host at 1 } for a new job. Raises when memory is short. */
static Job *job_new(lua_State *L, int callback) {
  rt_check_open(L);
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, callback);
  lua_rawseti(L, -2, 1);
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, 2);
  int pin = rt_pin(L);
  Job *job = calloc(1, sizeof *job);
  if (!job) {
    rt_unpin(rt_of(L), pin);
    luaL_error(L, "not enough memory");
    return NULL;
  }
  job->rt = rt_of(L);
  job->pin = pin;
  return job;
}

static void job_drop(Job *job) {
  rt_unpin(job->rt, job->pin);
  free(job);
}

/* host at 1, callback at `callback`. */
static void lookup_start(lua_State *L, int callback, const Lookup *ask) {
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = ask->hints };
  hints.ai_family = ask->family == 4 ? AF_INET : ask->family == 6 ? AF_INET6 : AF_UNSPEC;
  Job *job = job_new(L, callback);
  job->ask = *ask;
  job->uv.addr.data = job;
  int err = uv_getaddrinfo(&job->rt->loop, &job->uv.addr, on_found, lua_tostring(L, 1), NULL, &hints);
  if (err == 0 && TRACING(job->rt)) trace_asked(job);
  if (err == 0) return;
  job_drop(job);
  lua_pushvalue(L, callback);
  push_error(L, err, "getaddrinfo", lua_tostring(L, 1));
  rt_next_tick(L, 1);
}

/* Checks host at 1 and options at 2, whose callback is at `callback`. */
static void lookup_run(lua_State *L, int callback, const Lookup *ask) {
  size_t len = 0;
  const char *host = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  int version = ip_version(host, len);
  if (len == 0 || version != 0) {
    answer(L, callback, ask, version);
    return;
  }
  if (strlen(host) == len) {
    lookup_start(L, callback, ask);
    return;
  }
  err_arg_value(L, 1, "hostname", "must be a string without null bytes");
}

static void check_host(lua_State *L) {
  bool nothing = lua_isnil(L, 1) || json_is_null(L, 1) || (lua_isboolean(L, 1) && !lua_toboolean(L, 1));
  if (!nothing) (void)arg_string(L, 1, "hostname", NULL);
}

static int dns_lookup(lua_State *L) {
  Lookup ask = { .order = *default_order(L) };
  bool two = lua_gettop(L) == 2;
  lua_settop(L, 3);
  check_host(L);
  int callback = 3;
  if (lua_isfunction(L, 2) || (two && !lua_istable(L, 2) && arg_is_callable(L, 2))) {
    callback = 2;
  } else if (lua_type(L, 2) == LUA_TNUMBER) {
    arg_function(L, 3, "callback");
    ask.family = family_value(L, 2, "family");
  } else if (!lua_isnil(L, 2) && !lua_istable(L, 2) && !json_is_null(L, 2)) {
    arg_function(L, two ? 2 : 3, "callback");
    return err_arg_type(L, 2, "options", "one of type integer or table");
  } else {
    arg_function(L, 3, "callback");
    read_options(L, 2, &ask);
  }
  lookup_run(L, callback, &ask);
  lua_createtable(L, 0, 0);
  return 1;
}

void dns_push_lookup(lua_State *L) { lua_pushcfunction(L, dns_lookup); }

/* ---- lookupService(address, port, callback) ---- */

static int service_deliver(lua_State *L) {
  Job *job = lua_touserdata(L, 1);
  rt_push_pinned(L, job->rt, job->pin);
  lua_rawgeti(L, 2, 1);
  lua_rawgeti(L, 2, 2);
  lua_pushvalue(L, 3);
  if (job->status != 0) {
    push_error(L, job->status, "getnameinfo", lua_tostring(L, 4));
    lua_call(L, 1, 0);
    return 0;
  }
  lua_pushnil(L);
  lua_pushstring(L, job->host);
  lua_pushstring(L, job->service);
  lua_call(L, 3, 0);
  return 0;
}

static void on_named(uv_getnameinfo_t *uv, int status, const char *host, const char *service) {
  Job *job = uv->data;
  job->status = status;
  job->host = host;
  job->service = service;
  if (TRACING(job->rt)) trace_answered(job);
  (void)rt_enter(job->rt, service_deliver, job);
  job_drop(job);
}

static int port_value(lua_State *L, int idx) {
  int isnum = 0, type = lua_type(L, idx);
  lua_Number n = 0;
  if (type == LUA_TNUMBER || type == LUA_TSTRING) n = lua_tonumberx(L, idx, &isnum);
  if (isnum && n >= 0 && n <= 65535 && n == (lua_Number)(int)n) return (int)n;
  err_push_received(L, idx);
  return err_raise(L, &range_error_class, "ERR_SOCKET_BAD_PORT",
                   "Port should be >= 0 and < 65536. Received %s.", lua_tostring(L, -1));
}

static void service_run(lua_State *L, int callback) {
  struct sockaddr_storage name;
  size_t len = 0;
  const char *ip = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  int version = ip_version(ip, len);
  if (version == 0) err_arg_value(L, 1, "address", "is invalid");
  int port = port_value(L, 2);
  arg_function(L, callback, "callback");
  memset(&name, 0, sizeof name);
  int err = version == 4 ? uv_ip4_addr(ip, port, (struct sockaddr_in *)&name)
                         : uv_ip6_addr(ip, port, (struct sockaddr_in6 *)&name);
  if (err < 0) err_raise_uv(L, err, "getnameinfo");
  Job *job = job_new(L, callback);
  job->uv.name.data = job;
  err = uv_getnameinfo(&job->rt->loop, &job->uv.name, on_named, (struct sockaddr *)&name, NI_NAMEREQD);
  if (err == 0 && TRACING(job->rt)) trace_asked(job);
  if (err == 0) return;
  job_drop(job);
  push_error(L, err, "getnameinfo", ip);
  lua_error(L);
}

static int dns_lookup_service(lua_State *L) {
  if (lua_gettop(L) < 3)
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "The \"address\", \"port\", and \"callback\" arguments must be specified");
  lua_settop(L, 3);
  service_run(L, 3);
  lua_createtable(L, 0, 0);
  return 1;
}

/* ---- the module's settings ---- */

static int dns_get_order(lua_State *L) {
  lua_pushstring(L, order_names[*default_order(L)]);
  return 1;
}

static int dns_set_order(lua_State *L) {
  lua_settop(L, 1);
  *default_order(L) = order_value(L, 1, "dnsOrder");
  return 0;
}

/* The servers that the system asks. */
static int dns_get_servers(lua_State *L) {
  char line[512], ip[256];
  lua_Integer n = 0;
  lua_createtable(L, 2, 0);
  json_mark_array(L, lua_gettop(L));
  FILE *f = fopen("/etc/resolv.conf", "re");
  while (f && fgets(line, sizeof line, f)) {
    if (sscanf(line, " nameserver %255s", ip) != 1 || !ip_version(ip, strlen(ip))) continue;
    lua_pushstring(L, ip);
    lua_rawseti(L, -2, ++n);
  }
  if (f) (void)fclose(f);
  if (n == 0) {
    lua_pushliteral(L, "127.0.0.1");
    lua_rawseti(L, -2, 1);
  }
  return 1;
}

/* ---- promises ---- */

/* The callback of a promise form; upvalue: the promise. */
static int settle(lua_State *L, const char *first, const char *second) {
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (!lua_isnil(L, 1)) {
    lua_pushvalue(L, 1);
    promise_reject(L, 4);
    return 0;
  }
  if (lua_istable(L, 2)) {
    lua_pushvalue(L, 2); /* all */
  } else {
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, first);
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, second);
  }
  promise_resolve(L, 4);
  return 0;
}

static int settle_lookup(lua_State *L) { return settle(L, "address", "family"); }
static int settle_service(lua_State *L) { return settle(L, "hostname", "service"); }

/* Pushes a promise and the callback fn that settles it. [+2] */
static void push_promise(lua_State *L, lua_CFunction fn) {
  promise_new(L);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, fn, 1);
}

static int promises_lookup(lua_State *L) {
  Lookup ask = { .order = *default_order(L) };
  lua_settop(L, 2);
  check_host(L);
  if (lua_type(L, 2) == LUA_TNUMBER) ask.family = family_value(L, 2, "family");
  else if (lua_istable(L, 2)) read_options(L, 2, &ask);
  else if (!lua_isnil(L, 2) && !json_is_null(L, 2))
    return err_arg_type(L, 2, "options", "one of type integer or table");
  push_promise(L, settle_lookup);
  lookup_run(L, 4, &ask);
  lua_settop(L, 3);
  return 1;
}

static int promises_lookup_service(lua_State *L) {
  if (lua_gettop(L) < 2)
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "The \"address\" and \"port\" arguments must be specified");
  lua_settop(L, 2);
  push_promise(L, settle_service);
  service_run(L, 4);
  lua_settop(L, 3);
  return 1;
}

/* ---- rows ---- */

static const OptDef lookup_options[] = {
  { "family", "integer|string", "0", "4 or \"IPv4\", 6 or \"IPv6\": only such addresses; 0: both." },
  { "hints", "integer", "0", "dns.ADDRCONFIG, dns.V4MAPPED, dns.ALL, joined by |." },
  { "all", "boolean", "false", "All addresses as a sequence of { address, family }, not the first one." },
  { "order", "string", "\"verbatim\"",
    "\"verbatim\": as the system gives them; \"ipv4first\", \"ipv6first\"." },
  { "verbatim", "boolean", "true", "The older form of order; false: \"ipv4first\"." },
  { 0 }
};

#define LOOKUP_DOC \
  "Finds the addresses of a host as the system does, /etc/hosts included. Runs on a thread of libuv. "

static const FnDef dns_functions[] = {
  { "lookup", dns_lookup, FN_STATIC,
    "lookup(hostname: string, options: integer|table|function?, callback: function?): table",
    LOOKUP_DOC "callback(err, address, family), or callback(err, addresses) with the option all.",
    lookup_options, "require(\"dns\").lookup(\"localhost\", function(err, ip) print(err or ip) end)", NULL },
  { "lookupService", dns_lookup_service, FN_STATIC,
    "lookupService(address: string, port: integer, callback: function): table",
    "The other way round: callback(err, hostname, service) of an address and a port.", NULL,
    "require(\"dns\").lookupService(\"127.0.0.1\", 80, print)", NULL },
  { "getDefaultResultOrder", dns_get_order, FN_STATIC, "getDefaultResultOrder(): string",
    "The order of lookup.", NULL, NULL, NULL },
  { "setDefaultResultOrder", dns_set_order, FN_STATIC, "setDefaultResultOrder(order: string)",
    "Sets the order of lookup: \"verbatim\", \"ipv4first\" or \"ipv6first\".", NULL, NULL, NULL },
  { "getServers", dns_get_servers, FN_STATIC, "getServers(): string[]",
    "The name servers of this system, from /etc/resolv.conf.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef dns_constants[] = {
  { "ADDRCONFIG", NULL, NULL, "integer", "A hint: only kinds of addresses that this machine has itself." },
  { "V4MAPPED", NULL, NULL, "integer", "A hint: with family 6, IPv4 addresses written as IPv6 ones." },
  { "ALL", NULL, NULL, "integer", "A hint: with V4MAPPED, both kinds." },
  { "NOTFOUND", NULL, NULL, "string", "The code of the error for a host that does not exist." },
  { "promises", NULL, NULL, "table", "The module dns/promises." },
  { 0 }
};

static int dns_open(lua_State *L) {
  static const struct { const char *name; int value; } flags[] = {
    { "ADDRCONFIG", DNS_ADDRCONFIG }, { "V4MAPPED", DNS_V4MAPPED }, { "ALL", DNS_ALL }
  };
  lua_settop(L, 1);
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    lua_pushinteger(L, flags[i].value);
    lua_setfield(L, 1, flags[i].name);
  }
  lua_pushliteral(L, "ENOTFOUND");
  lua_setfield(L, 1, "NOTFOUND");
  (void)rt_require_builtin(L, "dns/promises");
  lua_setfield(L, 1, "promises");
  return 1;
}

const ModuleDef dns_module = {
  .name = "dns", .functions = dns_functions, .constants = dns_constants, .open = dns_open,
  .doc = "The addresses of hosts. What asks name servers itself (resolve and its kin) is left out.",
  .example = "local dns = require \"dns\"\n"
             "dns.lookup(\"localhost\", { all = true }, function(err, list)\n"
             "  for _, a in ipairs(list) do print(a.family, a.address) end\nend)"
};

static const FnDef promises_functions[] = {
  { "lookup", promises_lookup, FN_STATIC, "lookup(hostname: string, options: integer|table?): Promise",
    LOOKUP_DOC "A promise of { address, family }, or of a sequence of such with the option all.",
    lookup_options, "print(await(require(\"dns/promises\").lookup \"localhost\").address)", NULL },
  { "lookupService", promises_lookup_service, FN_STATIC,
    "lookupService(address: string, port: integer): Promise", "A promise of { hostname, service }.", NULL,
    NULL, NULL },
  { "getDefaultResultOrder", dns_get_order, FN_STATIC, "getDefaultResultOrder(): string",
    "The order of lookup.", NULL, NULL, NULL },
  { "setDefaultResultOrder", dns_set_order, FN_STATIC, "setDefaultResultOrder(order: string)",
    "Sets the order of lookup.", NULL, NULL, NULL },
  { "getServers", dns_get_servers, FN_STATIC, "getServers(): string[]",
    "The name servers of this system.", NULL, NULL, NULL },
  { 0 }
};

const ModuleDef dns_promises_module = {
  .name = "dns/promises", .functions = promises_functions,
  .doc = "lookup and lookupService of dns as promises, to be awaited.",
  .example = "local found = await(require(\"dns/promises\").lookup(\"localhost\", { family = 4 }))\n"
             "print(found.address)"
};
