/* SPDX-License-Identifier: MIT */
/* culprit.c - see culprit.h.
 *
 * The last refusal of the run comes from the collector; without one, from the error that the session keeps
 * as `_err`. Who holds the port now is looked for in the run first, then in all of /proc. */
#include "culprit.h"
#include "../say.h"
#include "../session.h"
#include "../course/ui.h"
#include "../live/live.h"
#include "../live/scan.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct Refused {
  int port;            /* 0: a unix socket */
  char address[64];    /* "" every one */
  enum { PROTOCOL_ANY, PROTOCOL_TCP, PROTOCOL_UDP } protocol; /* an error does not tell which */
  char who[96];        /* who asked for it and when; "" not known */
} Refused;

static void describe(const LiveProc *p, char *text, size_t size) {
  (void)snprintf(text, size, "%s %d %.40s", p->letter, p->pid, p->self ? in_either("(this prompt)", "（本提示符）") : p->name);
}

static bool last_refusal(const Model *m, Refused *r) {
  size_t room = sizeof m->refusals / sizeof *m->refusals;
  for (size_t n = m->nrefusals; n > 0 && n + room > m->nrefusals; n--) {
    const LiveRefusal *from = &m->refusals[(n - 1) % room];
    if (strcmp(from->code, "EADDRINUSE") != 0) continue;
    char when[16], who[64];
    time_t t = (time_t)(((int64_t)from->t + m->wall_offset) / 1000000000);
    struct tm tm;
    (void)strftime(when, sizeof when, "%H:%M:%S", localtime_r(&t, &tm));
    describe(from->proc, who, sizeof who);
    (void)snprintf(r->who, sizeof r->who, in_either("to %s at %s", "（%s，%s）"), who, when);
    (void)snprintf(r->address, sizeof r->address, "%s", from->address);
    r->port = from->port;
    r->protocol = from->udp ? PROTOCOL_UDP : PROTOCOL_TCP;
    return true;
  }
  return false;
}

/* From the error kept as `_err`. */
static bool last_error(lua_State *L, Refused *r) {
  int top = lua_gettop(L);
  session_push(L);
  lua_pushliteral(L, "_err");
  bool found = lua_rawget(L, -2) == LUA_TTABLE;
  if (found) {
    int err = lua_gettop(L);
    lua_pushliteral(L, "code");
    found = lua_rawget(L, err) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "EADDRINUSE");
    lua_pushliteral(L, "port");
    (void)lua_rawget(L, err);
    r->port = (int)lua_tointeger(L, -1);
    r->protocol = PROTOCOL_ANY;
    lua_pushliteral(L, "address");
    if (lua_rawget(L, err) == LUA_TSTRING) (void)snprintf(r->address, sizeof r->address, "%s", lua_tostring(L, -1));
  }
  lua_settop(L, top);
  return found;
}

static bool is_every(const char *address) {
  return !*address || !strcmp(address, "::") || !strcmp(address, "0.0.0.0");
}

/* Would a socket there refuse this address? */
static bool clashes(const Refused *r, const char *address, int port, bool udp) {
  if (r->port != port || r->protocol == (udp ? PROTOCOL_TCP : PROTOCOL_UDP)) return false;
  if (!strcmp(r->address, address)) return true;
  return port != 0 && (is_every(r->address) || is_every(address));
}

/* Adds the processes of the run that hold it; how many. A socket that is closed meanwhile is not in `net`. */
static int add_holders(const Model *m, const Net *net, const Refused *r, StrBuf *out) {
  int shown = 0;
  for (const LiveSocket *s = m->sockets; s; s = s->next)
    for (size_t i = 0; clashes(r, s->address, s->port, s->udp) && net_find(net, s->inode) && i < s->nholders; i++) {
      char who[64];
      describe(s->holders[i].proc, who, sizeof who);
      strbuf_addf(out, "%s%s (fd %d)", shown++ ? in_either(", ", "、") : in_either("Held now by ", "现在持有它的是 "), who, s->holders[i].fd);
    }
  if (shown) strbuf_adds(out, in_either(".\n", "。\n"));
  return shown;
}

typedef struct Descriptor {
  uint64_t inode;
  int fd;
} Descriptor;

static void match_descriptor(void *ctx, int fd, uint64_t inode) {
  Descriptor *d = ctx;
  if (inode == d->inode && d->fd < 0) d->fd = fd;
}

static void add_outside(uint64_t inode, StrBuf *out) {
  char name[32] = "";
  Descriptor d = { inode, -1 };
  int pid = net_holder(inode, name, sizeof name);
  if (pid <= 0) {
    strbuf_adds(out, in_either("Held now by a process of another user: `sudo ss -ltnp` tells which.\n",
                               "现在由另一个用户的进程持有：用 `sudo ss -ltnp` 查看是哪个。\n"));
    return;
  }
  scan_sockets(pid, match_descriptor, &d);
  strbuf_addf(out, in_either("Held now by %d %s (fd %d), %s.\n", "现在持有它的是 %d %s（描述符 %d），%s。\n"), pid, name, d.fd,
              pid == (int)getpid() ? in_either("this prompt itself", "就是本提示符")
                                   : in_either("a process outside of this run", "不属于本次运行的进程"));
}

static void search_outside(const Net *net, const Refused *r, StrBuf *out) {
  bool found = false;
  for (size_t i = 0; i < net->count && !found; i++) {
    found = clashes(r, net->list[i].address, net->list[i].port, net->list[i].udp);
    if (found) add_outside(net->list[i].inode, out);
  }
  if (!found) strbuf_adds(out, in_either("Nobody listens there now.\n", "现在没有进程在那里监听。\n"));
}

static void add_refused(const Refused *r, StrBuf *out) {
  bool brackets = strchr(r->address, ':') != NULL && r->port;
  strbuf_addf(out, "%s%s%s%s", in_either("Refused last: ", "最近被拒绝的："), brackets ? "[" : "",
              *r->address ? r->address : in_either("port", "端口"), brackets ? "]" : "");
  if (r->port) strbuf_addf(out, "%s%d", *r->address ? ":" : " ", r->port);
  strbuf_addf(out, "%s%s%s", *r->who ? " " : "", r->who, in_either(".\n", "。\n"));
}

void culprit_add(lua_State *L, const char *code, StrBuf *out) {
  Live *live = live_running();
  Refused r = { 0 };
  if (strcmp(code, "EADDRINUSE") != 0) return;
  StrBuf *text = strbuf_new_lua(L);
  bool inside = false;
  Net net = { 0 };
  if (live) live_refresh(live);
  net_read(&net);
  const Model *m = live ? live_hold(live) : NULL;
  bool found = (m && last_refusal(m, &r)) || last_error(L, &r);
  if (found) add_refused(&r, text);
  if (found && m) inside = add_holders(m, &net, &r, text) > 0;
  if (m) live_release(live);
  if (found && !inside) search_outside(&net, &r, text);
  net_free(&net);
  if (!found) strbuf_adds(text, in_either("In this session no address was refused yet.\n", "本次会话还没有地址被拒绝。\n"));
  if (!text->failed) say_wrap(out, text->p, 2);
  strbuf_free(text);
  lua_pop(L, 1);
}
