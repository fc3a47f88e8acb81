/* SPDX-License-Identifier: MIT */
/* host.c - see host.h. A Host is a prompt without an editor: the same evaluator, whose output is caught
 * while a line of the guest runs. */
#include "host.h"
#include "../commands/commands.h"
#include "../complete.h"
#include "../prompt.h"
#include "../say.h"
#include "../session.h"
#include "../show.h"
#include "../../modules/core/interrupt.h"
#include "../../modules/core/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 2000, NARROW = 20, WIDE = 1000 };

struct Host {
  Repl repl;             /* rt and ev only */
  bool opened;           /* the session is made */
  Link *link;            /* borrows: the guest's; NULL: nobody is in */
  uint32_t serial;       /* of the line that runs or waits; 0: none */
  bool unbuffered;       /* print goes out at once */
  bool colours;
  int width;
  char terminal[64], name[24];
  bool (*uncaught)(Runtime *rt, lua_State *L, int idx); /* the hook, put aside */
};

/* ---- output ---- */

static bool take_output(void *ctx, int fd, const char *data, size_t len) {
  Host *host = ctx;
  Runtime *rt = host->repl.rt;
  if (!host->repl.ev.telling && !interrupt_guest_runs(rt)) return false;
  while (len > 0 && host->link && !host->link->failed) {
    size_t n = len < LINK_PIECE ? len : LINK_PIECE;
    char to = (char)fd;
    link_send(host->link, FRAME_OUT, &to, 1, data, n);
    if (host->link->out.len - host->link->off > LINK_BACKLOG)
      (void)link_drain(host->link, PATIENCE_MS, &rt->interrupt);
    data += n;
    len -= n;
  }
  return true; /* a guest that has gone reads nothing: it is dropped */
}

/* ---- lines ---- */

static uint32_t signal_serial(uint32_t serial) { return serial & 0xffff; }

static void tell_interrupt(lua_State *L) {
  say_styled(STYLE_RED, "interrupted");
  if (!interrupt_push_place(L)) return;
  const char *place = lua_tostring(L, -1);
  if (*place) say_styled(STYLE_DIM, "%s", place + strspn(place, "\n"));
  lua_pop(L, 1);
}

static Host *host_of(lua_State *L) { return evaluator_of(L)->ctx; }

/* What the guest's line, or what it has queued, left uncaught while it was entered. */
static bool on_uncaught(Runtime *rt, lua_State *L, int idx) {
  if (!interrupt_is(L, idx)) show_uncaught(L, idx);
  else if (rt->interrupt == INTR_SIGINT) tell_interrupt(L);
  else if (host_of(L)->uncaught) return host_of(L)->uncaught(rt, L, idx);
  return true;
}

static void line_begins(Evaluator *ev) {
  Host *host = ev->ctx;
  say_elsewhere(host->colours, host->width);
  interrupt_guest_begin(ev->rt, signal_serial(host->serial));
  out_capture(take_output, host);
  host->uncaught = ev->rt->hooks.uncaught;
  ev->rt->hooks.uncaught = on_uncaught;
}

/* The line has returned, or waits: then its coroutine alone is still caught. */
static void line_ends(Evaluator *ev) {
  Host *host = ev->ctx;
  ev->rt->hooks.uncaught = host->uncaught;
  out_flush();
  if (!ev->waits) return;
  interrupt_guest_waits(ev->rt, ev->co);
  out_unbuffered(true);
  host->unbuffered = true;
}

static void finish(Host *host) {
  Runtime *rt = host->repl.rt;
  out_capture(NULL, NULL);
  if (host->unbuffered) out_unbuffered(false);
  host->unbuffered = false;
  say_elsewhere(false, 0);
  interrupt_guest_end(rt);
  uint32_t serial = host->serial;
  host->serial = 0;
  if (serial && host->link) link_send_number(host->link, FRAME_DONE, serial, NULL);
}

/* A line that had waited; one that has not is finished when it has been left. */
static void line_over(Evaluator *ev) {
  if (!ev->rt->guest.entered) finish(ev->ctx);
}

static void run_command(Host *host, const char *text, size_t len) {
  char *copy = strndup(text + 1, len - 1);
  if (!copy) return;
  char *args = copy + strcspn(copy, " \t\n");
  if (*args) *args++ = '\0';
  const CommandDef *d = command_find(copy);
  Command command = { &host->repl, args + strspn(args, " \t\n") };
  line_begins(&host->repl.ev);
  if (d && d->body) command_enter(&command, d->body);
  else say_folded(STYLE_NONE, ".%s does not work inside another process", copy);
  line_ends(&host->repl.ev);
  free(copy);
}

static bool evaluate(Host *host, const char *bytes, size_t len) {
  uint32_t serial;
  if (!link_get(&bytes, &len, &serial) || !signal_serial(serial)) return false;
  if (host->serial || host->repl.ev.waits) return false; /* one at a time */
  char *text = strndup(bytes, len); /* the frame does not outlive the link */
  if (!text) return false;
  host->serial = serial;
  if (link_holds(host->link, FRAME_CANCEL, serial)) { /* taken back while we were busy */
    finish(host);
    free(text);
    return true;
  }
  link_send_number(host->link, FRAME_BEGUN, serial, NULL);
  len = strlen(text);
  if (*text == '.') run_command(host, text, len);
  else eval_line(&host->repl.ev, NULL, text, len);
  free(text);
  if (!host->repl.ev.waits && host->serial) {
    host->repl.rt->guest.entered = false;
    finish(host);
  }
  return true;
}

static bool cancel(Host *host, const char *bytes, size_t len) {
  uint32_t serial;
  if (!link_get(&bytes, &len, &serial)) return false;
  Evaluator *ev = &host->repl.ev;
  if (serial != host->serial || !ev->waits) return true; /* it is over */
  ev->telling = true;
  say_styled(STYLE_DIM, "(stopped waiting; what the line waited for goes on)");
  ev->telling = false;
  eval_cancel(ev);
  return true;
}

/* ---- completion ---- */

static void add_word(void *ctx, const char *word, size_t len) {
  StrBuf *out = ctx;
  if (out->len + len + 1 > LINK_PIECE) return;
  strbuf_add(out, word, len);
  strbuf_addc(out, '\0');
}

static bool complete(Host *host, const char *bytes, size_t len) {
  uint32_t serial, point;
  char head[8];
  StrBuf words;
  if (!link_get(&bytes, &len, &serial) || !link_get(&bytes, &len, &point) || point > len) return false;
  char *text = strndup(bytes, len);
  if (!text) return false;
  if (point > strlen(text)) point = (uint32_t)strlen(text);
  strbuf_init(&words);
  size_t start = complete_text(host->repl.rt, text, point, (CandidateSink){ add_word, &words });
  link_put(head, serial);
  link_put(head + 4, (uint32_t)start);
  link_send(host->link, FRAME_WORDS, head, sizeof head, words.p, words.failed ? 0 : words.len);
  strbuf_free(&words);
  free(text);
  return true;
}

bool host_frame(Host *host, int kind, const char *bytes, size_t len) {
  switch (kind) {
  case FRAME_EVAL: return evaluate(host, bytes, len);
  case FRAME_CANCEL: return cancel(host, bytes, len);
  case FRAME_COMPLETE: return complete(host, bytes, len);
  default: return false;
  }
}

/* ---- coming and going ---- */

Host *host_new(Runtime *rt) {
  Host *host = calloc(1, sizeof *host);
  if (!host) return NULL;
  host->repl.rt = rt;
  host->repl.ev = (Evaluator){ .rt = rt, .name = host->name, .begin = line_begins, .end = line_ends,
                               .over = line_over, .ctx = host };
  return host;
}

/* The runtime ends, perhaps while a line waits. */
void host_free(Host *host) {
  if (host && host->serial) out_capture(NULL, NULL);
  free(host);
}

const char *host_terminal(const Host *host) { return host->terminal; }

/* __index of the session's names: the globals, and behind them every module, as at the prompt. */
static int index_globals(lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_pushvalue(L, 2);
  if (lua_gettable(L, -2) != LUA_TNIL || lua_type(L, 2) != LUA_TSTRING) return 1;
  const char *name = lua_tostring(L, 2);
  if (!strchr(name, '/') && rt_require_builtin(L, name)) return 1;
  return 1;
}

static int open_body(lua_State *L) {
  Host *host = lua_touserdata(L, 1);
  evaluator_open(L, &host->repl.ev);
  session_push(L);
  if (lua_getmetatable(L, -1)) {
    lua_pushcfunction(L, index_globals);
    lua_setfield(L, -2, "__index");
  }
  host->opened = true;
  return 0;
}

static void copy_plain(char *to, size_t size, const char *from, size_t len) {
  size_t n = 0;
  for (size_t i = 0; i < len && from[i] && n + 1 < size; i++)
    if (from[i] > ' ' && from[i] < 127) to[n++] = from[i];
  to[n] = '\0';
}

bool host_enter(Host *host, Link *link, const char *hello, size_t len, const char **why) {
  Runtime *rt = host->repl.rt;
  Evaluator *ev = rt->stopping ? NULL : evaluator_of(rt->L);
  uint32_t colours, width;
  char label[16];
  *why = "it did not say who it is";
  if (!link_get(&hello, &len, &colours) || !link_get(&hello, &len, &width)) return false;
  *why = "it is a prompt itself: type there";
  if (ev && ev != &host->repl.ev) return false;
  *why = "it is ending";
  if (rt->stopping || rt->leaving) return false;
  *why = "memory is short";
  if (!host->opened && !guarded(rt, open_body, host)) return false;
  size_t first = strnlen(hello, len);
  copy_plain(host->terminal, sizeof host->terminal, hello, first);
  copy_plain(label, sizeof label, hello + first + (first < len), first < len ? len - first - 1 : 0);
  (void)snprintf(host->name, sizeof host->name, "moon:%s", label);
  host->colours = colours != 0;
  host->width = width < NARROW ? NARROW : width > WIDE ? WIDE : (int)width;
  host->link = link;
  return true;
}

void host_leave(Host *host) {
  host->link = NULL;
  if (host->repl.ev.waits) eval_cancel(&host->repl.ev);
}
