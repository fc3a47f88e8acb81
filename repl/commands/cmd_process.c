/* SPDX-License-Identifier: MIT */
/* cmd_process.c - commands about this process and its relatives: .handles .info */
#include "commands.h"
#include "../procs.h"
#include "../say.h"
#include "../live/scan.h"
#include "../../modules/core/handle.h"
#include "../../modules/core/source.h"
#include "../../modules/timers/timers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- .handles ---- */

typedef struct HandleList {
  StrBuf *out;
  int shown, holding;
} HandleList;

static void add_row(HandleList *list, const char *class, bool holds, const char *what) {
  strbuf_addf(list->out, "  %-14s %-4s %s\n", class, holds ? "yes" : "no", what);
  list->shown++;
  list->holding += holds;
}

static void add_timer(const TimerInfo *info, void *ctx) {
  char what[80];
  if (!strcmp(info->kind, "Immediate")) snprintf(what, sizeof what, "#%d, runs in this turn", (int)info->id);
  else
    snprintf(what, sizeof what, "#%d, %s %u ms, due in %u ms", (int)info->id,
             info->repeat ? "every" : "after", (unsigned)info->delay, (unsigned)info->left);
  add_row(ctx, info->kind, info->ref, what);
}

/* What a uv handle is about. */
static void describe_handle(const uv_handle_t *uv, char *what, size_t size) {
  uv_os_fd_t fd = -1;
  uv_handle_type type = uv_handle_get_type(uv);
  if (type == UV_PROCESS) snprintf(what, size, "pid %d", uv_process_get_pid((const uv_process_t *)uv));
  else if (type == UV_SIGNAL) snprintf(what, size, "signal %d", ((const uv_signal_t *)uv)->signum);
  else if (uv_fileno(uv, &fd) == 0)
    snprintf(what, size, "%s, descriptor %d", uv_handle_type_name(type), (int)fd);
  else snprintf(what, size, "%s", uv_handle_type_name(type));
  size_t len = strlen(what);
  if (!uv_is_active(uv) && len < size) snprintf(what + len, size - len, ", idle");
}

int cmd_handles(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  Runtime *rt = command->repl->rt;
  StrBuf *out = strbuf_new_lua(L);
  HandleList list = { .out = out };
  strbuf_addf(out, "%s  %-14s %-4s %s%s\n", say_style(STYLE_DIM), "CLASS", "HOLD", "WHAT",
              say_style(STYLE_NONE));
  for (List *l = rt->handles.next; l != &rt->handles; l = l->next) {
    const Handle *h = list_entry(l, Handle, link);
    char what[80];
    if (h->internal) continue;
    describe_handle(h->uv, what, sizeof what);
    add_row(&list, h->cls->name, uv_has_ref(h->uv) && uv_is_active(h->uv), what);
  }
  timers_each(rt, add_timer, &list);
  if (list.shown == 0) {
    strbuf_clear(out);
    strbuf_adds(out, "nothing: a script would end here\n");
  } else {
    strbuf_addf(out, "%d of %d would keep a script alive\n", list.holding, list.shown);
  }
  say_buffer(out);
  return 0;
}

/* ---- .info ---- */

static void info_memory(lua_State *L, Repl *repl) {
  Proc proc;
  (void)repl;
  double lua = lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / 1024.0;
  long rss = proc_read(getpid(), &proc) ? proc.rss_kib : 0;
  say("  memory   %.1f MiB resident, %.1f MiB of it Lua's", (double)rss / 1024, lua / 1024);
}

static void info_loop(lua_State *L, Repl *repl) {
  uv_loop_t *loop = &repl->rt->loop;
  (void)L;
  say("  loop     %.1f s up, %s, backend descriptor %d",
      (double)(uv_hrtime() - repl->rt->started) / 1e9,
      repl->ev.waits ? "a line awaits" : "no line awaits", uv_backend_fd(loop));
}

static void add_limit(StrBuf *out, const char *name, int resource) {
  struct rlimit lim;
  if (getrlimit(resource, &lim) != 0) return;
  if (lim.rlim_cur == RLIM_INFINITY) strbuf_addf(out, "%s unlimited, ", name);
  else strbuf_addf(out, "%s %llu, ", name, (unsigned long long)lim.rlim_cur);
}

static void info_limits(lua_State *L, Repl *repl) {
  StrBuf *out = strbuf_new_lua(L);
  strbuf_adds(out, "  limits   ");
  add_limit(out, "descriptors", RLIMIT_NOFILE);
  add_limit(out, "processes", RLIMIT_NPROC);
  strbuf_addf(out, "children of this prompt %d\n", repl->child_limit);
  say_buffer(out);
  lua_pop(L, 1);
}

static void info_procs(lua_State *L, Repl *repl) {
  (void)L;
  int children = procs_count(repl->rt);
  say("  procs    pid %d, parent %d, group %d, session %d\n           %d %s, %d descriptors", (int)getpid(),
      (int)getppid(), (int)getpgrp(), (int)getsid(0), children, children == 1 ? "child" : "children",
      scan_count_fds(getpid()));
}

int cmd_info(lua_State *L) {
  static const struct {
    const char *name;
    void (*fn)(lua_State *L, Repl *repl);
  } topics[] = {
    { "memory", info_memory }, { "loop", info_loop }, { "limits", info_limits }, { "procs", info_procs },
  };
  const Command *command = lua_touserdata(L, 1);
  bool any = false;
  for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
    if (*command->args && strcmp(command->args, topics[i].name) != 0) continue;
    topics[i].fn(L, command->repl);
    any = true;
  }
  if (!any) say("There is no topic %s: memory, loop, limits, procs.", command->args);
  return 0;
}
