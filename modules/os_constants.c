/* SPDX-License-Identifier: MIT */
/* os_constants.c - os.constants: the numbers of this system by name. */
#include "os_constants.h"
#include "core/signame.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <uv.h>

typedef struct Row {
  const char *name;
  int number;
} Row;

#define ROW(name)                                                                                  \
  { #name, name }

static const Row errno_rows[] = {
  ROW(E2BIG),        ROW(EACCES),       ROW(EADDRINUSE),   ROW(EADDRNOTAVAIL),
  ROW(EAFNOSUPPORT), ROW(EAGAIN),       ROW(EALREADY),     ROW(EBADF),
  ROW(EBADMSG),      ROW(EBUSY),        ROW(ECANCELED),    ROW(ECHILD),
  ROW(ECONNABORTED), ROW(ECONNREFUSED), ROW(ECONNRESET),   ROW(EDEADLK),
  ROW(EDESTADDRREQ), ROW(EDOM),         ROW(EDQUOT),       ROW(EEXIST),
  ROW(EFAULT),       ROW(EFBIG),        ROW(EHOSTUNREACH), ROW(EIDRM),
  ROW(EILSEQ),       ROW(EINPROGRESS),  ROW(EINTR),        ROW(EINVAL),
  ROW(EIO),          ROW(EISCONN),      ROW(EISDIR),       ROW(ELOOP),
  ROW(EMFILE),       ROW(EMLINK),       ROW(EMSGSIZE),     ROW(EMULTIHOP),
  ROW(ENAMETOOLONG), ROW(ENETDOWN),     ROW(ENETRESET),    ROW(ENETUNREACH),
  ROW(ENFILE),       ROW(ENOBUFS),      ROW(ENODATA),      ROW(ENODEV),
  ROW(ENOENT),       ROW(ENOEXEC),      ROW(ENOLCK),       ROW(ENOLINK),
  ROW(ENOMEM),       ROW(ENOMSG),       ROW(ENOPROTOOPT),  ROW(ENOSPC),
  ROW(ENOSR),        ROW(ENOSTR),       ROW(ENOSYS),       ROW(ENOTCONN),
  ROW(ENOTDIR),      ROW(ENOTEMPTY),    ROW(ENOTSOCK),     ROW(ENOTSUP),
  ROW(ENOTTY),       ROW(ENXIO),        ROW(EOPNOTSUPP),   ROW(EOVERFLOW),
  ROW(EPERM),        ROW(EPIPE),        ROW(EPROTO),       ROW(EPROTONOSUPPORT),
  ROW(EPROTOTYPE),   ROW(ERANGE),       ROW(EROFS),        ROW(ESPIPE),
  ROW(ESRCH),        ROW(ESTALE),       ROW(ETIME),        ROW(ETIMEDOUT),
  ROW(ETXTBSY),      ROW(EWOULDBLOCK),  ROW(EXDEV),        { NULL, 0 }
};

static const Row dlopen_rows[] = { ROW(RTLD_LAZY),     ROW(RTLD_NOW),
                                   ROW(RTLD_GLOBAL),   ROW(RTLD_LOCAL),
#ifdef RTLD_DEEPBIND
                                   ROW(RTLD_DEEPBIND),
#endif
                                   { NULL, 0 } };

#undef ROW

static const Row priority_rows[] = { { "PRIORITY_LOW", UV_PRIORITY_LOW },
                                     { "PRIORITY_BELOW_NORMAL", UV_PRIORITY_BELOW_NORMAL },
                                     { "PRIORITY_NORMAL", UV_PRIORITY_NORMAL },
                                     { "PRIORITY_ABOVE_NORMAL", UV_PRIORITY_ABOVE_NORMAL },
                                     { "PRIORITY_HIGH", UV_PRIORITY_HIGH },
                                     { "PRIORITY_HIGHEST", UV_PRIORITY_HIGHEST },
                                     { NULL, 0 } };

static void set_number(lua_State *L, const char *name, int number) {
  lua_pushinteger(L, number);
  lua_setfield(L, -2, name);
}

/* Sets field `name` of the table on top to a table of the rows. [0] */
static void set_rows(lua_State *L, const char *name, const Row *rows) {
  lua_newtable(L);
  for (; rows->name; rows++) set_number(L, rows->name, rows->number);
  lua_setfield(L, -2, name);
}

void os_push_constants(lua_State *L) {
  lua_createtable(L, 0, 5);
  set_number(L, "UV_UDP_REUSEADDR", UV_UDP_REUSEADDR);
  set_rows(L, "dlopen", dlopen_rows);
  set_rows(L, "errno", errno_rows);
  set_rows(L, "priority", priority_rows);
  lua_newtable(L);
  for (const SignalName *s = signal_names; s->name; s++) set_number(L, s->name, s->number);
  lua_setfield(L, -2, "signals");
}
