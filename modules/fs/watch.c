/* SPDX-License-Identifier: MIT */
/* watch.c - watch, which the kernel tells, and watchFile, which looks again and again.
 *
 * Both are handles that live while they watch. StatWatchers are kept by their path in a table of the
 * registry, for unwatchFile has nothing but the path. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>
#include "../core/error.h"
#include "../core/handle.h"
#include "../core/opts.h"
#include "../events/abort.h"
#include "../events/events.h"
#include "../module.h"
#include "args.h"
#include "stats.h"
#include "watcher.h"

/* ---- FSWatcher ---- */

typedef struct WatchEvent {
  Watcher *watcher;
  const char *name;        /* borrows; NULL: not known */
  int events, status;
} WatchEvent;

static void watcher_shut(Watcher *w);

static int watch_deliver(lua_State *L) {
  const WatchEvent *ev = lua_touserdata(L, 1);
  int self = handle_push(L, &ev->watcher->base);
  if (lua_isnil(L, self)) return 0;
  if (ev->status < 0) {
    watcher_shut(ev->watcher);
    err_push_path(L, ev->status, "watch", NULL, NULL);
    (void)emit(L, self, "error", 1);
    return 0;
  }
  Job names = { .enc = ev->watcher->enc, .raw = ev->watcher->raw };
  lua_pushstring(L, ev->events & UV_RENAME ? "rename" : "change");
  if (ev->name) fs_push_name(L, &names, ev->name, strlen(ev->name));
  else lua_pushnil(L);
  (void)emit(L, self, "change", 2);
  return 0;
}

void watcher_tell(Watcher *w, const char *name, int events, int status) {
  WatchEvent ev = { w, name, events, status };
  if (handle_is_open(&w->base)) (void)rt_enter(w->base.rt, watch_deliver, &ev);
}

static void on_event(uv_fs_event_t *uv, const char *name, int events, int status) {
  Watcher *w = uv->data;
  watcher_tell(w, name, events, status);
  if (w->root && name && (events & UV_RENAME)) watch_tree_look(w, name);
}

static void watcher_shut(Watcher *w) {
  if (w->root) watch_tree_stop(w);
  handle_close(&w->base);
}

static void watcher_release(Handle *h) { free(((Watcher *)h)->root); }

static int watcher_closed(lua_State *L) {
  int self = handle_push(L, lua_touserdata(L, 1));
  if (!lua_isnil(L, self)) (void)emit(L, self, "close", 0);
  return 0;
}

static int fail_watch(lua_State *L, int err, const char *path) {
  err_push_path(L, err, "watch", path, NULL);
  lua_pushstring(L, path);
  lua_setfield(L, -2, "filename");
  return lua_error(L);
}

/* The signal has aborted. upvalue: the FSWatcher */
static int on_abort(lua_State *L) {
  Watcher *w = class_test(L, lua_upvalueindex(1), &fs_watcher_class);
  if (w) watcher_shut(w);
  return 0;
}

/* The watcher at self closes when the signal aborts. */
static void end_with(lua_State *L, int self, int signal) {
  lua_pushvalue(L, self);
  lua_pushcclosure(L, on_abort, 1);
  if (signal_aborted(L, signal)) rt_next_tick(L, 0);
  else signal_on(L, signal);
}

/* (filename, options or encoding, listener) */
int fs_watch(lua_State *L) {
  lua_settop(L, 3);
  const char *path = fs_check_path(L, 1, "path");
  if (lua_isfunction(L, 2)) {
    lua_pushvalue(L, 2);
    lua_replace(L, 3);
    lua_pushnil(L);
    lua_replace(L, 2);
  }
  Job names = { .rt = rt_of(L) };
  int opts = fs_options(L, &names, 2, false), err;
  bool persistent = opt_boolean(L, opts, "persistent", true);
  bool recursive = opt_boolean(L, opts, "recursive", false);
  if (!lua_isnil(L, 3)) arg_function(L, 3, "listener");
  int signal = signal_option(L, opts) ? lua_gettop(L) : 0;
  rt_check_open(L);
  Watcher *w = handle_new(L, &fs_watcher_class, sizeof *w, 0);
  w->enc = names.enc;
  w->raw = names.raw;
  w->base.closed = watcher_closed;
  w->base.release = watcher_release;
  list_init(&w->subs);
  if ((err = uv_fs_event_init(&w->base.rt->loop, &w->uv)) < 0) return fail_watch(L, err, path);
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  if ((err = uv_fs_event_start(&w->uv, on_event, path, 0)) < 0) {
    handle_close(&w->base);
    return fail_watch(L, err, path);
  }
  if (recursive && !(w->root = strdup(path))) {
    handle_close(&w->base);
    return luaL_error(L, "not enough memory");
  }
  if (recursive) watch_tree_start(w);
  int self = lua_gettop(L);
  handle_pin(L, &w->base, self);
  if (signal) end_with(L, self, signal);
  if (!persistent) uv_unref((uv_handle_t *)&w->uv);
  if (lua_isnil(L, 3)) return 1;
  lua_pushvalue(L, 3);
  emitter_on(L, self, "change", false);
  return 1;
}

static int watcher_close(lua_State *L) {
  watcher_shut(class_check(L, 1, &fs_watcher_class));
  return 0;
}

/* ---- StatWatcher ---- */

typedef struct StatWatcher {
  Handle base;
  uv_fs_poll_t uv;
} StatWatcher;

typedef struct StatEvent {
  StatWatcher *watcher;
  const uv_stat_t *before, *now;
} StatEvent;

static const char watched_key = 0;

/* Pushes the table of StatWatchers by path. [+1] */
static void push_watched(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &watched_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &watched_key);
}

static int stat_deliver(lua_State *L) {
  const StatEvent *ev = lua_touserdata(L, 1);
  int self = handle_push(L, &ev->watcher->base);
  if (lua_isnil(L, self)) return 0;
  stats_push(L, ev->now);
  stats_push(L, ev->before);
  (void)emit(L, self, "change", 2);
  return 0;
}

/* A file that is not there has Stats of zeros. */
static void on_poll(uv_fs_poll_t *uv, int status, const uv_stat_t *before, const uv_stat_t *now) {
  static const uv_stat_t none;
  StatEvent ev = { uv->data, before, status < 0 ? &none : now };
  (void)rt_enter(ev.watcher->base.rt, stat_deliver, &ev);
}

/* Pushes a watcher of the path at 1, which is absolute. [+1] */
static void watcher_push(lua_State *L, unsigned interval, bool persistent) {
  rt_check_open(L);
  StatWatcher *w = handle_new(L, &stat_watcher_class, sizeof *w, 0);
  int err = uv_fs_poll_init(&w->base.rt->loop, &w->uv);
  if (err < 0) err_raise_uv(L, err, "watch");
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  if ((err = uv_fs_poll_start(&w->uv, on_poll, lua_tostring(L, 1), interval)) < 0) {
    handle_close(&w->base);
    err_raise_uv(L, err, "watch");
  }
  handle_pin(L, &w->base, lua_gettop(L));
  if (!persistent) uv_unref((uv_handle_t *)&w->uv);
}

/* Replaces the path at 1 by its absolute form. */
static void absolute_path(lua_State *L) {
  module_push_absolute(L, fs_check_path(L, 1, "path"));
  lua_replace(L, 1);
}

/* (filename, options, listener) */
int fs_watch_file(lua_State *L) {
  lua_settop(L, 3);
  absolute_path(L);
  int listener = lua_istable(L, 2) || lua_isnil(L, 2) ? 3 : 2;
  int opts = listener == 3 && lua_istable(L, 2) ? 2 : 0;
  arg_function(L, listener, "listener");
  unsigned interval = (unsigned)opt_integer(L, opts, "interval", 0, UINT32_MAX, 5007);
  bool persistent = opt_boolean(L, opts, "persistent", true);
  push_watched(L);
  lua_pushvalue(L, 1);
  if (lua_rawget(L, 4) == LUA_TNIL) {
    lua_pop(L, 1);
    watcher_push(L, interval, persistent);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 5);
    lua_rawset(L, 4);
  }
  lua_pushvalue(L, listener);
  emitter_on(L, 5, "change", false);
  lua_settop(L, 5);
  return 1;
}

/* (filename, listener): without a listener all of them go. */
int fs_unwatch_file(lua_State *L) {
  lua_settop(L, 2);
  absolute_path(L);
  push_watched(L);
  lua_pushvalue(L, 1);
  if (lua_rawget(L, 3) == LUA_TNIL) return 0;
  if (!lua_isnil(L, 2)) {
    arg_function(L, 2, "listener");
    lua_pushliteral(L, "change");
    lua_pushvalue(L, 2);
    class_call_method(L, 4, "removeListener", 2, 0);
    if (emitter_count(L, 4, "change") > 0) return 0;
  }
  StatWatcher *w = class_check(L, 4, &stat_watcher_class);
  handle_close(&w->base);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  lua_rawset(L, 3);
  return 0;
}

/* ---- rows ---- */

static const FnDef watcher_methods[] = {
  { "close", watcher_close, FN_METHOD, "close()", "Watches no more; then comes \"close\".", NULL, NULL, NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): FSWatcher", "Lets it keep the program running (again).", NULL,
    NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): FSWatcher", "The program may end while it watches.", NULL,
    NULL, NULL },
  { 0 }
};

static const EventDef watcher_events[] = {
  { "change", "eventType: string, filename: string?",
    "\"rename\": a name has come or gone; \"change\": what the file holds, or its attributes." },
  { "error", "error: Error", "Watching failed and has ended." },
  { "close", "", "It watches no more." },
  { 0 }
};

const ClassDef fs_watcher_class = {
  .name = "FSWatcher", .base = &event_emitter_class, .abstract = true, .gc = handle_gc,
  .methods = watcher_methods, .events = watcher_events,
  .doc = "What fs.watch gives: events of one file or of the names in a folder."
};

static const FnDef stat_watcher_methods[] = {
  { "ref", handle_lua_ref, FN_METHOD, "ref(): StatWatcher", "Lets it keep the program running (again).", NULL,
    NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): StatWatcher", "The program may end while it watches.",
    NULL, NULL, NULL },
  { 0 }
};

static const EventDef stat_watcher_events[] = {
  { "change", "current: Stats, previous: Stats", "The file's Stats are others than before." }, { 0 }
};

const ClassDef stat_watcher_class = {
  .name = "StatWatcher", .base = &event_emitter_class, .abstract = true, .gc = handle_gc,
  .methods = stat_watcher_methods, .events = stat_watcher_events,
  .doc = "What fs.watchFile gives: it looks at a file again and again, until fs.unwatchFile."
};
