/* SPDX-License-Identifier: MIT */
/* ship.c - see ship.h.
 *
 * File: the absolute path of the chunk the function stands in (empty: none), NUL, its chunk name, NUL,
 * bytecode. With the path require "./x" and __filename mean the same in the child. */
#include "ship.h"
#include "../core/error.h"
#include "../core/runtime.h"
#include "../core/source.h"
#include "../core/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHIP_ENV "MOONFORK_FUNCTION_FD"

static int claimed_fd = -1; /* set once by main before any thread */

/* ---- parent ---- */

static void refuse_upvalues(lua_State *L, int idx) {
  const char *name;
  if (lua_iscfunction(L, idx))
    (void)err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                    "a built-in function cannot be sent to a child; wrap it in a Lua function");
  for (int i = 1; (name = lua_getupvalue(L, idx, i)); i++) {
    lua_pop(L, 1);
    if (strcmp(name, "_ENV") != 0)
      (void)err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                      "the function uses the local '%s' of the code around it, which does not exist in "
                      "the child; define it inside the function, or send it as an argument or a message",
                      *name ? name : "(unknown)");
  }
}

static int write_dump(lua_State *L, const void *data, size_t len, void *out) {
  (void)L;
  strbuf_add(out, data, len);
  return ((StrBuf *)out)->failed;
}

static int write_file(const StrBuf *text) {
  int fd = memfd_create("moonfork-function", MFD_CLOEXEC);
  for (size_t at = 0; fd >= 0 && at < text->len;) {
    ssize_t n = write(fd, text->p + at, text->len - at);
    if (n > 0) at += (size_t)n;
    else if (errno != EINTR) {
      int err = errno;
      (void)close(fd);
      errno = err;
      return -1;
    }
  }
  return fd;
}

int ship_function(lua_State *L, int idx) {
  lua_Debug ar;
  Runtime *rt = rt_of(L);
  idx = lua_absindex(L, idx);
  refuse_upvalues(L, idx);
  if (rt->hooks.may_ship) rt->hooks.may_ship(L, idx);
  lua_pushvalue(L, idx);
  lua_getinfo(L, ">S", &ar);
  StrBuf *text = strbuf_new_lua(L);
  if (source_push_path(L, ar.source)) {
    strbuf_adds(text, lua_tostring(L, -1));
    lua_pop(L, 1);
  }
  strbuf_addc(text, '\0');
  strbuf_adds(text, ar.source);
  strbuf_addc(text, '\0');
  lua_pushvalue(L, idx);
  if (lua_dump(L, write_dump, text, 0) != 0 || text->failed) (void)luaL_error(L, "not enough memory");
  lua_pop(L, 1);
  int fd = write_file(text);
  if (fd < 0) (void)err_raise_uv(L, -errno, "memfd_create");
  lua_pop(L, 1);
  return fd;
}

/* ---- child ---- */

void ship_claim(void) {
  const char *text = getenv(SHIP_ENV);
  if (!text) return;
  int fd = atoi(text);
  if (fd > 2 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) claimed_fd = fd;
  (void)unsetenv(SHIP_ENV);
}

int ship_claimed(void) { return claimed_fd; }

void ship_push(lua_State *L) {
  struct stat st;
  int fd = claimed_fd;
  claimed_fd = -1;
  if (fstat(fd, &st) != 0 || st.st_size > INT32_MAX) (void)err_raise_uv(L, UV_EIO, "read");
  char *data = lua_newuserdatauv(L, (size_t)st.st_size + 2, 0);
  ssize_t n = pread(fd, data, (size_t)st.st_size, 0);
  (void)close(fd);
  if (n != st.st_size) (void)err_raise_uv(L, UV_EIO, "read");
  data[n] = data[n + 1] = '\0';
  const char *path = data, *name = path + strlen(path) + 1;
  if (name > data + n) (void)err_raise_uv(L, UV_EIO, "read");
  const char *code = name + strlen(name) + 1;
  if (code > data + n) (void)err_raise_uv(L, UV_EIO, "read");
  if (*path) source_add_file(L, name, path);
  if (luaL_loadbufferx(L, code, (size_t)(data + n - code), name, "b") != LUA_OK) lua_error(L);
  lua_remove(L, -2);
}
