/* SPDX-License-Identifier: MIT */
/* readdir.c - the names in a folder, sorted; with recursive those below it, too.
 *
 * run gathers records in job->out: folder index, type, name. Folders that are still to be read lie in a
 * list of their own, whose first entry is the path that was asked for. */
#include "ops.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../buffer/buffer.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "args.h"
#include "stats.h"
#include "tree.h"

static void parse_readdir(lua_State *L, Job *job) {
  parse_path(L, job);
  int opts = fs_options(L, job, 2, false);
  job->types = opt_boolean(L, opts, "withFileTypes", false);
  job->recursive = opt_boolean(L, opts, "recursive", false);
}

/* One entry: the folder it is in, relative to the first ("" for itself), its type, its name. */
static void add_entry(StrBuf *out, const char *below, unsigned mode, const char *name) {
  char kind = (char)(mode >> 12); /* S_IFMT is four bits */
  strbuf_add(out, &kind, 1);
  strbuf_add(out, below, strlen(below) + 1);
  strbuf_add(out, name, strlen(name) + 1);
}

/* The kind of an entry, asked for where the file system does not tell it with the name. */
static unsigned entry_mode(const char *folder, const struct dirent *entry, StrBuf *scratch) {
  struct stat st;
  if (entry->d_type != DT_UNKNOWN) return (unsigned)DTTOIF(entry->d_type);
  strbuf_clear(scratch);
  strbuf_addf(scratch, "%s/%s", folder, entry->d_name);
  return !scratch->failed && lstat(scratch->p, &st) == 0 ? st.st_mode & S_IFMT : 0;
}


static int by_bytes(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* Reads the folder `below` the first one ("": that itself); names of folders go to *more. */
static void read_folder(Job *job, const char *below, StrBuf *more) {
  struct dirent **list;
  StrBuf full, scratch;
  strbuf_init(&full);
  strbuf_init(&scratch);
  strbuf_adds(&full, job->path);
  if (*below) strbuf_addf(&full, "/%s", below);
  const char *folder = full.len > 0 ? full.p : ""; /* "" is a path, too */
  int n = full.failed ? -1 : scandir(folder, &list, tree_skip_dots, by_bytes);
  if (full.failed) job_fail(job, UV_ENOMEM, "scandir", NULL, NULL);
  else if (n < 0) job_fail_at(job, -errno, "scandir", folder, NULL);
  for (int i = 0; i < n; i++) {
    unsigned mode = entry_mode(folder, list[i], &scratch);
    add_entry(&job->out, below, mode, list[i]->d_name);
    if (job->recursive && S_ISDIR(mode)) {
      if (*below) strbuf_addf(more, "%s/", below);
      strbuf_add(more, list[i]->d_name, strlen(list[i]->d_name) + 1);
    }
    free(list[i]);
  }
  if (n >= 0) free(list);
  strbuf_free(&full);
  strbuf_free(&scratch);
}

static void run_readdir(Job *job) {
  StrBuf more;
  strbuf_init(&more);
  read_folder(job, "", &more);
  for (size_t at = 0; at < more.len && !job->err;) {
    char *below = strdup(more.p + at); /* the list moves as it grows */
    at += strlen(more.p + at) + 1;
    if (below) read_folder(job, below, &more);
    else job_fail(job, UV_ENOMEM, "scandir", NULL, NULL);
    free(below);
  }
  if (more.failed || job->out.failed) job_fail(job, UV_ENOMEM, "scandir", NULL, NULL);
  strbuf_free(&more);
}

static void push_folder(lua_State *L, const Job *job, const char *below) {
  if (!*below) lua_pushstring(L, job->path);
  else if (job->path[strlen(job->path) - 1] == '/') lua_pushfstring(L, "%s%s", job->path, below);
  else lua_pushfstring(L, "%s/%s", job->path, below);
}

static int push_readdir(lua_State *L, Job *job) {
  lua_Integer count = 0;
  luaL_checkstack(L, 10, "fs");
  lua_newtable(L);
  json_mark_array(L, lua_gettop(L));
  for (const char *p = job->out.p, *end = p + job->out.len; p < end;) {
    unsigned mode = (unsigned)(unsigned char)*p++ << 12;
    const char *below = p, *name = below + strlen(below) + 1;
    p = name + strlen(name) + 1;
    if (job->types) {
      push_folder(L, job, below);
      fs_push_name(L, job, name, strlen(name));
      dirent_push(L, mode);
    } else if (*below) {
      lua_pushfstring(L, "%s/%s", below, name);
      size_t len;
      const char *path = lua_tolstring(L, -1, &len);
      fs_push_name(L, job, path, len);
      lua_remove(L, -2);
    } else {
      fs_push_name(L, job, name, strlen(name));
    }
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}

const Op op_readdir = { "readdir", 1, 2, parse_readdir, run_readdir, push_readdir };
