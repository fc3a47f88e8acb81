/* SPDX-License-Identifier: MIT */
/* args.c - see args.h. */
#include "args.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/abort.h"
#include "../url/url.h"
#include "file_handle.h"

/* ---- paths and descriptors ---- */

/* Replaces the URL at idx by its path. */
static void url_to_path(lua_State *L, int idx) {
  (void)rt_require_builtin(L, "url");
  lua_getfield(L, -1, "fileURLToPath");
  lua_pushvalue(L, idx);
  lua_call(L, 1, 1);
  lua_replace(L, idx);
  lua_pop(L, 1);
}

const char *fs_check_path(lua_State *L, int idx, const char *name) {
  const Buffer *buf = buffer_test(L, idx);
  if (class_is(L, idx, &url_class)) url_to_path(L, idx);
  if (buf) {
    lua_pushlstring(L, buffer_bytes(buf), buf->length);
    lua_replace(L, idx);
  } else if (lua_type(L, idx) != LUA_TSTRING) {
    err_arg_type(L, idx, name, "of type string or an instance of Buffer or URL");
  }
  size_t len;
  const char *path = lua_tolstring(L, idx, &len);
  if (memchr(path, '\0', len))
    err_arg_value(L, idx, name, "must be a string, Uint8Array, or URL without null bytes");
  return path;
}

void fs_arg_path(lua_State *L, Job *job, int idx, const char *name, int slot) {
  const char *path = fs_check_path(L, idx, name);
  job_keep(L, job, idx, slot);
  if (slot == KEEP_DEST) job->dest = path;
  else job->path = path;
}

void fs_arg_fd(lua_State *L, Job *job, int idx) {
  FileHandle *handle = job->form == FORM_PROMISE ? file_handle_test(L, idx) : NULL;
  if (!handle) {
    job->fd = (int)arg_integer(L, idx, "fd", 0, INT32_MAX);
    return;
  }
  if (handle->fd < 0) {
    err_push(L, NULL, "EBADF", "file closed");
    lua_pushstring(L, job->op->name);
    lua_setfield(L, -2, "syscall");
    lua_error(L);
  }
  job->fd = handle->fd;
  job->handle = handle;
  job_keep(L, job, idx, KEEP_HANDLE);
}

void fs_arg_file(lua_State *L, Job *job, int idx, const char *name) {
  if (lua_isinteger(L, idx) || file_handle_test(L, idx)) fs_arg_fd(L, job, idx);
  else fs_arg_path(L, job, idx, name, KEEP_PATH);
}

/* ---- numbers ---- */

/* An octal number of digits 0-7, -1 for anything else. */
static int64_t parse_octal(const char *s) {
  int64_t n = 0;
  if (!*s) return -1;
  for (; *s; s++) {
    if (*s < '0' || *s > '7' || n > UINT32_MAX) return -1;
    n = n * 8 + (*s - '0');
  }
  return n;
}

unsigned fs_mode(lua_State *L, int idx, const char *name, int64_t fallback) {
  if (fallback >= 0 && lua_isnoneornil(L, idx)) return (unsigned)fallback;
  if (lua_type(L, idx) != LUA_TSTRING)
    return (unsigned)arg_integer(L, idx, name, 0, (lua_Integer)UINT32_MAX);
  int64_t n = parse_octal(lua_tostring(L, idx));
  if (n < 0 || n > UINT32_MAX)
    err_arg_value(L, idx, name, "must be a 32-bit unsigned integer or an octal string");
  return (unsigned)n;
}

typedef struct FlagName {
  const char *name;
  int flags;
} FlagName;

static const FlagName flag_names[] = {
  { "r", O_RDONLY }, { "rs", O_RDONLY | O_SYNC }, { "sr", O_RDONLY | O_SYNC },
  { "r+", O_RDWR }, { "rs+", O_RDWR | O_SYNC }, { "sr+", O_RDWR | O_SYNC },
  { "w", O_TRUNC | O_CREAT | O_WRONLY }, { "w+", O_TRUNC | O_CREAT | O_RDWR },
  { "wx", O_TRUNC | O_CREAT | O_WRONLY | O_EXCL }, { "xw", O_TRUNC | O_CREAT | O_WRONLY | O_EXCL },
  { "wx+", O_TRUNC | O_CREAT | O_RDWR | O_EXCL }, { "xw+", O_TRUNC | O_CREAT | O_RDWR | O_EXCL },
  { "a", O_APPEND | O_CREAT | O_WRONLY }, { "a+", O_APPEND | O_CREAT | O_RDWR },
  { "ax", O_APPEND | O_CREAT | O_WRONLY | O_EXCL }, { "xa", O_APPEND | O_CREAT | O_WRONLY | O_EXCL },
  { "ax+", O_APPEND | O_CREAT | O_RDWR | O_EXCL }, { "xa+", O_APPEND | O_CREAT | O_RDWR | O_EXCL },
  { "as", O_APPEND | O_CREAT | O_WRONLY | O_SYNC }, { "sa", O_APPEND | O_CREAT | O_WRONLY | O_SYNC },
  { "as+", O_APPEND | O_CREAT | O_RDWR | O_SYNC }, { "sa+", O_APPEND | O_CREAT | O_RDWR | O_SYNC },
};

int fs_flags(lua_State *L, int idx, int fallback) {
  if (lua_isnoneornil(L, idx)) return fallback;
  if (lua_type(L, idx) == LUA_TNUMBER)
    return (int)arg_integer(L, idx, "flags", INT32_MIN, INT32_MAX);
  const char *name = lua_type(L, idx) == LUA_TSTRING ? lua_tostring(L, idx) : "";
  for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
    if (!strcmp(flag_names[i].name, name)) return flag_names[i].flags;
  return err_arg_value(L, idx, "flags", "is invalid");
}

double fs_time(lua_State *L, int idx) {
  double t = lua_type(L, idx) == LUA_TNUMBER || lua_type(L, idx) == LUA_TSTRING
               ? lua_tonumber(L, idx) : NAN;
  if (lua_type(L, idx) == LUA_TSTRING && !lua_isnumber(L, idx)) t = NAN;
  if (!isfinite(t)) err_arg_type(L, idx, "time", "of type number, the time in seconds");
  return t;
}

int64_t fs_position(lua_State *L, int idx) {
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx)) return -1;
  if (lua_type(L, idx) != LUA_TNUMBER) err_arg_type(L, idx, "position", "of type integer");
  return arg_integer(L, idx, "position", -1, FS_MAX_INTEGER);
}

/* ---- options ---- */

/* The encoding named at idx; nil and null name none. */
static void set_encoding(lua_State *L, Job *job, int idx) {
  size_t len = 0;
  if (lua_isnil(L, idx) || json_is_null(L, idx)) return;
  const char *name = lua_type(L, idx) == LUA_TSTRING ? lua_tolstring(L, idx, &len) : "";
  job->raw = !strcmp(name, "buffer");
  if (!job->raw && !enc_find(name, len, &job->enc)) err_arg_value(L, idx, "encoding", "is invalid encoding");
}

int fs_options(lua_State *L, Job *job, int idx, bool raw) {
  job->enc = ENC_UTF8;
  job->raw = raw;
  if (idx == 0 || lua_isnoneornil(L, idx) || json_is_null(L, idx)) return 0;
  if (lua_type(L, idx) == LUA_TSTRING) {
    set_encoding(L, job, idx);
    return 0;
  }
  if (!lua_istable(L, idx)) err_arg_type(L, idx, "options", "one of type string or table");
  lua_getfield(L, idx, "encoding");
  set_encoding(L, job, lua_gettop(L));
  lua_pop(L, 1);
  return idx;
}

void fs_signal(lua_State *L, Job *job, int opts) {
  if (signal_option(L, opts) && job->form != FORM_SYNC) {
    job_keep(L, job, lua_gettop(L), KEEP_SIGNAL);
    job->signal = true;
    job->skip = signal_aborted(L, lua_gettop(L));
  }
  lua_pop(L, 1);
}

int fs_field(lua_State *L, int opts, const char *key) {
  (void)opt_push(L, opts, key);
  return lua_gettop(L);
}

/* ---- data ---- */

void fs_bufs(lua_State *L, Job *job, size_t n) {
  job->bufs = calloc(n ? n : 1, sizeof *job->bufs);
  if (!job->bufs) luaL_error(L, "not enough memory");
  job->nbufs = (unsigned)n;
}

/* Text in another encoding than utf8, as bytes of the job's own. */
static void encode_text(lua_State *L, Job *job, const char *text, size_t len) {
  size_t bound = enc_bound(job->enc, text, len);
  job->store = store_new(bound ? bound : 1);
  if (!job->store) luaL_error(L, "not enough memory");
  size_t n = enc_write(job->enc, text, len, job->store->data, bound);
  job->bufs[0] = uv_buf_init(job->store->data, (unsigned)n);
}

void fs_arg_data(lua_State *L, Job *job, int idx, const char *name) {
  const Buffer *buf = any_view_test(L, idx);
  size_t len = 0;
  if (!buf && lua_type(L, idx) != LUA_TSTRING)
    err_arg_type(L, idx, name, "of type string or an instance of Buffer, TypedArray, or DataView");
  fs_bufs(L, job, 1);
  job_keep(L, job, idx, KEEP_DATA);
  if (buf) {
    job->bufs[0].base = buffer_bytes(buf);
    job->bufs[0].len = buf->length;
    job->store = buf->store ? store_ref(buf->store) : NULL;
    return;
  }
  const char *text = lua_tolstring(L, idx, &len);
  if (job->enc != ENC_UTF8) {
    encode_text(L, job, text, len);
  } else {
    job->bufs[0].base = (char *)text;
    job->bufs[0].len = len;
  }
}

/* ---- results ---- */

void fs_push_name(lua_State *L, const Job *job, const char *s, size_t len) {
  if (job->raw) (void)buffer_push_copy(L, s, len);
  else if (job->enc == ENC_UTF8) lua_pushlstring(L, s, len); /* any name leads back to its file */
  else enc_push_text(L, job->enc, s, len);
}
