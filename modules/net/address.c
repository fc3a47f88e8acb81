/* SPDX-License-Identifier: MIT */
/* address.c - IP addresses and ports as text, and errors that name them. */
#include "internal.h"

#include <math.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include "core/error.h"
#include "core/ip.h"

enum { MAX_TEXT = 128 }; /* an address with its zone */

/* ---- text to address ---- */

int net_address(const char *ip, int port, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  if (ip_version(ip, strlen(ip)) == 4) return uv_ip4_addr(ip, port, (struct sockaddr_in *)out);
  return uv_ip6_addr(ip, port, (struct sockaddr_in6 *)out);
}

int net_port_of(const struct sockaddr_storage *address) {
  if (address->ss_family == AF_INET) return ntohs(((const struct sockaddr_in *)address)->sin_port);
  if (address->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
  return 0;
}

/* ---- address to Lua ---- */

void net_push_address(lua_State *L, const struct sockaddr_storage *address) {
  char text[MAX_TEXT];
  int port, family = address->ss_family;
  lua_createtable(L, 0, 3);
  if (family == AF_INET) {
    const struct sockaddr_in *a = (const struct sockaddr_in *)address;
    if (uv_ip4_name(a, text, sizeof text) < 0) return;
    port = ntohs(a->sin_port);
  } else if (family == AF_INET6) {
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)address;
    if (uv_ip6_name(a, text, sizeof text) < 0) return;
    port = ntohs(a->sin6_port);
    size_t len = strlen(text);
    if (a->sin6_scope_id && IN6_IS_ADDR_LINKLOCAL(&a->sin6_addr) && len + IF_NAMESIZE + 2 < sizeof text) {
      text[len] = '%';
      if (!if_indextoname(a->sin6_scope_id, text + len + 1)) text[len] = '\0';
    }
  } else {
    return;
  }
  lua_pushstring(L, text);
  lua_setfield(L, -2, "address");
  lua_pushstring(L, family == AF_INET ? "IPv4" : "IPv6");
  lua_setfield(L, -2, "family");
  lua_pushinteger(L, port);
  lua_setfield(L, -2, "port");
}

/* ---- errors ---- */

void net_push_error(lua_State *L, int status, const char *syscall, const char *address, int port,
                    bool words) {
  const char *name = uv_err_name(status), *where = "";
  luaL_checkstack(L, 16, "net");
  int top = lua_gettop(L);
  if (address && port > 0) where = lua_pushfstring(L, " %s:%d", address, port);
  else if (address) where = lua_pushfstring(L, " %s", address);
  if (words) err_push(L, NULL, name, "%s %s: %s%s", syscall, name, uv_strerror(status), where);
  else err_push(L, NULL, name, "%s %s%s", syscall, name, where);
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
  if (address) {
    lua_pushstring(L, address);
    lua_setfield(L, -2, "address");
  }
  if (port != 0 && (port > 0 || words)) {
    lua_pushinteger(L, port);
    lua_setfield(L, -2, "port");
  }
}

/* ---- ports ---- */

static int port_from(lua_State *L, int idx, const char *name, int least) {
  int isnum = 0;
  lua_Number n = 0;
  int type = lua_type(L, idx);
  if (type == LUA_TNUMBER || type == LUA_TSTRING) n = lua_tonumberx(L, idx, &isnum);
  if (isnum && n >= least && n <= 65535 && n == floor(n)) return (int)n;
  err_push_received(L, idx);
  return err_raise(L, &range_error_class, "ERR_SOCKET_BAD_PORT",
                   "%s should be %s 0 and < 65536. Received %s.", name, least ? ">" : ">=",
                   lua_tostring(L, -1));
}

int net_arg_port(lua_State *L, int idx, const char *name) { return port_from(L, idx, name, 0); }

int net_arg_port_not_0(lua_State *L, int idx) { return port_from(L, idx, "Port", 1); }

/* ---- functions ---- */

static int is_ip(lua_State *L) {
  size_t len;
  if (lua_type(L, 1) != LUA_TSTRING) return 0;
  const char *s = lua_tolstring(L, 1, &len);
  return ip_version(s, len);
}

int net_lua_is_ip(lua_State *L) {
  lua_pushinteger(L, is_ip(L));
  return 1;
}

int net_lua_is_ipv4(lua_State *L) {
  lua_pushboolean(L, is_ip(L) == 4);
  return 1;
}

int net_lua_is_ipv6(lua_State *L) {
  lua_pushboolean(L, is_ip(L) == 6);
  return 1;
}
