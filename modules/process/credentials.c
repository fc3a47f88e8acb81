/* SPDX-License-Identifier: MIT */
/* credentials.c - setuid and its like: users and groups by number or by name.
 *
 * The C library applies each change to all threads of the process. Names are looked up in memory
 * that Lua owns, so that nothing is lost when an error is raised. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOOKUP_MAX = 1 << 20, GROUPS_MAX = 65536 };

typedef enum IdKind { ID_USER, ID_GROUP } IdKind;

/* One look-up with this much room for its text: 0, or an error number; *found as it went. */
static int look_up(IdKind kind, const char *name, char *room, size_t size, uint32_t *id,
                   bool *found) {
  if (kind == ID_USER) {
    struct passwd entry, *result = NULL;
    int err = getpwnam_r(name, &entry, room, size, &result);
    if ((*found = result != NULL)) *id = entry.pw_uid;
    return err;
  }
  struct group entry, *result = NULL;
  int err = getgrnam_r(name, &entry, room, size, &result);
  if ((*found = result != NULL)) *id = entry.gr_gid;
  return err;
}

static bool find_name(lua_State *L, IdKind kind, const char *name, uint32_t *id) {
  bool found = false;
  int err = ERANGE;
  for (size_t size = 4096; err == ERANGE && size <= LOOKUP_MAX; size *= 4) {
    char *room = lua_newuserdatauv(L, size, 0);
    err = look_up(kind, name, room, size, id, &found);
    lua_pop(L, 1);
  }
  return found;
}

static int unknown(lua_State *L, IdKind kind, int idx) {
  return err_raise(L, NULL, "ERR_UNKNOWN_CREDENTIAL", "%s identifier does not exist: %s",
                   kind == ID_USER ? "User" : "Group", luaL_tolstring(L, idx, NULL));
}

/* The number at idx, or that of the name there. */
static uint32_t read_id(lua_State *L, int idx, const char *name, IdKind kind) {
  if (lua_type(L, idx) == LUA_TNUMBER) return (uint32_t)arg_integer(L, idx, name, 0, UINT32_MAX);
  if (lua_type(L, idx) != LUA_TSTRING)
    return (uint32_t)err_arg_type(L, idx, name, "one of type number or string");
  uint32_t id = 0;
  const char *text = lua_tostring(L, idx);
  if (strlen(text) != lua_rawlen(L, idx) || !find_name(L, kind, text, &id)) unknown(L, kind, idx);
  return id;
}

/* Nothing, or the system's refusal in Node's words, which are not those of its other errors. */
static int finish(lua_State *L, int result, const char *syscall) {
  if (result == 0) return 0;
  int number = errno;
  const char *code = uv_err_name(uv_translate_sys_error(number));
  err_push(L, NULL, code, "%s, %s", code, strerror(number));
  lua_pushinteger(L, number);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, syscall);
  lua_setfield(L, -2, "syscall");
  return lua_error(L);
}

int process_setuid(lua_State *L) {
  process_main_only(L, "process.setuid()");
  lua_settop(L, 2);
  return finish(L, setuid(read_id(L, 2, "id", ID_USER)), "setuid");
}

int process_seteuid(lua_State *L) {
  process_main_only(L, "process.seteuid()");
  lua_settop(L, 2);
  return finish(L, seteuid(read_id(L, 2, "id", ID_USER)), "seteuid");
}

int process_setgid(lua_State *L) {
  process_main_only(L, "process.setgid()");
  lua_settop(L, 2);
  return finish(L, setgid(read_id(L, 2, "id", ID_GROUP)), "setgid");
}

int process_setegid(lua_State *L) {
  process_main_only(L, "process.setegid()");
  lua_settop(L, 2);
  return finish(L, setegid(read_id(L, 2, "id", ID_GROUP)), "setegid");
}

int process_setgroups(lua_State *L) {
  process_main_only(L, "process.setgroups()");
  lua_settop(L, 2);
  if (!lua_istable(L, 2)) return err_arg_type(L, 2, "groups", "an instance of Array");
  lua_Integer count = luaL_len(L, 2);
  if (count < 0 || count > GROUPS_MAX)
    return err_arg_value(L, 2, "groups", "has too many entries");
  gid_t *groups = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *groups, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "groups[%lld]", (long long)i);
    lua_geti(L, 2, i);
    groups[i - 1] = read_id(L, lua_gettop(L), name, ID_GROUP);
    lua_pop(L, 1);
  }
  return finish(L, setgroups((size_t)count, groups), "setgroups");
}

/* Pushes the name of the user at idx, which may be a number. [+1] */
static const char *push_user_name(lua_State *L, int idx) {
  if (lua_type(L, idx) == LUA_TSTRING) {
    lua_pushvalue(L, idx);
    return lua_tostring(L, -1);
  }
  uid_t id = (uid_t)arg_integer(L, idx, "user", 0, UINT32_MAX);
  struct passwd entry, *result = NULL;
  int err = ERANGE;
  for (size_t size = 4096; err == ERANGE && size <= LOOKUP_MAX; size *= 4) {
    char *room = lua_newuserdatauv(L, size, 0);
    err = getpwuid_r(id, &entry, room, size, &result);
    if (result) lua_pushstring(L, result->pw_name);
    if (result) break;
    lua_pop(L, 1);
  }
  if (!result) unknown(L, ID_USER, idx);
  return lua_tostring(L, -1);
}

int process_initgroups(lua_State *L) {
  process_main_only(L, "process.initgroups()");
  lua_settop(L, 3);
  for (int i = 2; i <= 3; i++)
    if (lua_type(L, i) != LUA_TNUMBER && lua_type(L, i) != LUA_TSTRING)
      return err_arg_type(L, i, i == 2 ? "user" : "extraGroup", "one of type number or string");
  gid_t extra = read_id(L, 3, "extraGroup", ID_GROUP);
  const char *user = push_user_name(L, 2);
  return finish(L, initgroups(user, extra), "initgroups");
}
