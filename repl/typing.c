/* SPDX-License-Identifier: MIT */
/* typing.c - see typing.h. Runs on every key: raw access only, nothing of the user's runs. */
#include "typing.h"
#include "edit/highlight.h"
#include "known.h"
#include "preview.h"
#include "inside/inside.h"
#include "session.h"
#include "inside/inside.h"

#include <string.h>
#include <time.h>

enum { MOST_PREVIEW_NS = 5000000 };

typedef struct Asked {
  const char *text;
  size_t len;
  bool answer;
} Asked;

bool typing_is_command(const char *text, size_t len) {
  size_t at = 0;
  while (at < len && (text[at] == ' ' || text[at] == '\t')) at++;
  if (at == len) return false;
  if (text[at] == '?' || text[at] == '!') return true;
  return text[at] == '.' && at + 1 < len && text[at + 1] >= 'a' && text[at + 1] <= 'z';
}

static int ask_incomplete(lua_State *L) {
  Asked *asked = lua_touserdata(L, 1);
  asked->answer = session_incomplete(L, asked->text, asked->len);
  return 0;
}

bool typing_incomplete(void *ctx, const char *text, size_t len) {
  Repl *repl = ctx;
  Asked asked = { text, len, false };
  if (typing_is_command(text, len)) return false;
  (void)guarded(repl->rt, ask_incomplete, &asked);
  return asked.answer;
}

static int ask_known(lua_State *L) {
  Asked *asked = lua_touserdata(L, 1);
  asked->answer = known_global(L, asked->text, asked->len);
  return 0;
}

static bool is_known(void *ctx, const char *name, size_t len) {
  Repl *repl = ctx;
  Asked asked = { name, len, true };
  if (inside_active()) return true; /* names there are not asked for at each key */
  (void)guarded(repl->rt, ask_known, &asked);
  return asked.answer;
}

void typing_highlight(void *ctx, const char *text, size_t len, size_t point, uint8_t *attr) {
  highlight(text, len, attr, inside_active() ? NULL : is_known, ctx); /* names of another process */
  highlight_brackets(text, len, point, attr);
}

/* Of this thread: another program that runs meanwhile does not count. */
static uint64_t cpu_now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A look that took long is the last one for this line: keys come first. */
bool typing_preview(void *ctx, const char *text, size_t len, char *out, size_t size) {
  Repl *repl = ctx;
  if (repl->no_preview || repl->slow_preview || inside_active() || repl->rt->stopping || typing_is_command(text, len)) return false;
  if (inside_active()) return false;
  uint64_t start = cpu_now();
  bool found = preview_text(repl->rt->L, text, len, out, size);
  repl->slow_preview = cpu_now() - start > MOST_PREVIEW_NS && !repl->rt->stress;
  return found;
}

int typing_indent(void *ctx, const char *text, size_t len, size_t line) {
  (void)ctx;
  return highlight_indent(text, len, line);
}
