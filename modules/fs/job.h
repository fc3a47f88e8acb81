/* SPDX-License-Identifier: MIT */
/* job.h - one request to the file system, in whichever form it was asked for.
 *
 * An operation is one Op: how its arguments are read, what is done, what comes back. The callback,
 * promise and Sync forms run the same three functions; `run` works on any thread, with nothing but the
 * Job. A Job is a userdata, so an error while arguments are read loses nothing; under way it is pinned.
 * Strings and Buffers that it borrows lie in its user values. Own thread only, but for run. */
#ifndef MOONFORK_FS_JOB_H
#define MOONFORK_FS_JOB_H

#include <sys/statfs.h>
#include "../buffer/codec.h"
#include "../core/runtime.h"
#include "../core/strbuf.h"
#include "../core/trace.h"

typedef struct Job Job;
typedef struct FileHandle FileHandle;
struct Store;
struct Dir;

typedef enum Form { FORM_CALLBACK, FORM_PROMISE, FORM_SYNC, FORM_OWN } Form;

typedef struct Op {
  const char *name;        /* also the syscall that errors name, unless run says another */
  int least, most;         /* arguments; the callback is the first function behind `least` of them */
  void (*parse)(lua_State *L, Job *job); /* arguments from 1 on, nil where missing; may raise */
  void (*run)(Job *job);                 /* any thread; job_fail tells what went wrong */
  int (*push)(lua_State *L, Job *job);   /* the results on top, how many; NULL: none */
} Op;

/* User values of a Job. */
enum { KEEP_TARGET = 1, KEEP_PATH, KEEP_DEST, KEEP_DATA, KEEP_HANDLE, KEEP_LIST, KEEP_SIGNAL,
       KEEP_COUNT = KEEP_SIGNAL };

struct Job {
  uv_work_t work;
  TraceJob traced;
  Runtime *rt;
  const Op *op;
  Form form;
  int at;                  /* stack index of the Job while arguments are read and results pushed */
  int pin;                 /* in rt->pins while under way, 0: not */
  bool spare;              /* a Sync form that has ended: the next one takes its Job */
  int (*deliver)(lua_State *L, Job *job); /* FORM_OWN: the Job at 2, its target at 3 */

  /* Arguments. */
  const char *path, *dest; /* borrows: strings in the user values */
  int fd;                  /* -1: by path */
  FileHandle *handle;      /* borrows: KEEP_HANDLE; counted while under way */
  struct Dir *folder;      /* borrows: KEEP_DATA */
  int flags;
  unsigned mode;
  int64_t a, b;            /* whatever the operation counts: offset, length, uid, gid */
  int64_t position;        /* -1: the file's own */
  double atime, mtime;
  Encoding enc;
  bool raw;                /* Buffers, not text */
  bool recursive, force, types, flush, deref, keep_times, excl, quiet;
  bool signal;             /* KEEP_SIGNAL is an AbortSignal, which ends it */
  bool skip;               /* it had aborted before */
  struct Store *store;     /* owns a reference: the bytes written, or read */
  uv_buf_t *bufs;          /* owns the array; borrows the bytes */
  unsigned nbufs;

  /* Results. */
  int err;                 /* 0, or a uv status */
  const char *syscall;     /* borrows: a constant */
  const char *err_path, *err_dest; /* of the error; borrows from the arguments, or from `told` */
  int (*push_error)(lua_State *L, const Job *job); /* an error of another kind; NULL: a plain one */
  const char *err_code, *err_title; /* of a SystemError: its code and first words, constants */
  StrBuf told;
  StrBuf out;              /* text, or records */
  int64_t n;
  int new_fd;              /* opened and not handed over yet, -1: none */
  uv_stat_t stat;
  struct statfs statfs;
};

/* The three forms; called as a lua_CFunction with its arguments. */
int op_callback(lua_State *L, const Op *op);
int op_promise(lua_State *L, const Op *op);
int op_sync(lua_State *L, const Op *op);

/* Pushes a Job for C code (FORM_OWN): fill it in, keep values, then job_start. deliver runs protected
 * once it is done. [+1] */
Job *job_new(lua_State *L, const Op *op, int (*deliver)(lua_State *L, Job *job));

/* Keeps the value at idx alive with the Job at `at`. */
void job_keep(lua_State *L, Job *job, int idx, int slot);

/* Sends the Job at `at` to the pool. Raises when the runtime is being torn down. */
void job_start(lua_State *L, Job *job);

/* Pushes the Error of a failed job. [+1] */
void job_push_error(lua_State *L, const Job *job);

/* It failed: err is a uv status. The paths (NULL: none) are borrowed from the arguments; job_fail_at
 * copies them. Any thread. */
void job_fail(Job *job, int err, const char *syscall, const char *path, const char *dest);
void job_fail_at(Job *job, int err, const char *syscall, const char *path, const char *dest);

/* The same as one of Node's SystemErrors: err_dest is the detail. */
void job_fail_system(Job *job, int err, const char *code, const char *title, const char *path,
                     const char *detail);

/* What a call returned: -1 fails with errno. True: it went well. */
bool job_check(Job *job, int result, const char *syscall, const char *path, const char *dest);

#endif
