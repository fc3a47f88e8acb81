/* SPDX-License-Identifier: MIT */
/* judge.c - what a run has shown, against what the guide waits for. */
#include "course.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int judge_checks(Stage *stage, StrBuf *detail) {
  const Step *step = stage->step;
  int missing = -1;
  (void)stage_hold(stage);
  for (int i = 0; i < step->nchecks && missing < 0; i++) {
    strbuf_clear(detail);
    if (!facts_check(stage->guide, step->checks[i].fn, &stage->facts, detail)) missing = i;
  }
  stage_release(stage);
  return missing;
}

/* The last lines that were printed when the first process has failed: its error is among them. */
static void tell_failure(const Stage *stage) {
  const Facts *f = &stage->facts;
  size_t from = f->nlines > 6 ? f->nlines - 6 : 0;
  if (!f->ended || (!f->code && !f->signal) || stage->ending != END_ENDED) return;
  if (f->signal) tell_in(SHADE_DIM, "It was ended by signal %d.", "它被信号 %d 结束了。", f->signal);
  else tell_in(SHADE_DIM, "It ended with exit code %d.", "它以退出码 %d 结束。", f->code);
  if (stage->show) return;
  for (size_t i = from; i < f->nlines; i++) tell_output(f->lines[i].text, strlen(f->lines[i].text));
}

/* "a function"; nothing is what a file returns that has no return. */
static const char *type_word(const char *type) {
  static const struct { const char *type, *en, *zh; } words[] = {
    { "function", "a function", "函数" }, { "table", "a table", "表" }, { "nothing", "nothing", "没有返回值" },
    { "string", "a string", "字符串" }, { "number", "a number", "数" }, { "boolean", "a boolean", "布尔值" },
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (!strcmp(type, words[i].type)) return ui_lang() == LANG_ZH ? words[i].zh : words[i].en;
  return type;
}

/* What lessons/student.lua has sent: the student's file does not return what it has to. */
static bool tell_return(Stage *stage) {
  char *wanted = facts_told(stage->guide, &stage->facts, "wanted");
  char *returned = facts_told(stage->guide, &stage->facts, "returned");
  bool told = wanted && returned;
  if (told)
    tell_in(SHADE_RED, "The file has to return %s at its end; now it is: %s.", "文件末尾要返回%s，现在是：%s。", type_word(wanted),
            type_word(returned));
  free(wanted);
  free(returned);
  return told;
}

void judge_tell(Stage *stage, int missing, const char *detail) {
  if (tell_return(stage)) return;
  const char *what = text_in(&stage->step->checks[missing].text, ui_lang());
  bool some = detail && *detail;
  if (some) tell_in(SHADE_RED, "not seen: %s (it is: %s)", "没有看到：%s（实际：%s）", what, detail);
  else tell_in(SHADE_RED, "not seen: %s", "没有看到：%s", what);
  tell_failure(stage);
  beside_around(stage);
}

char *judge_answer(Stage *stage, StrBuf *why) {
  (void)stage_hold(stage);
  char *is = facts_value(stage->guide, stage->step->answer, &stage->facts, why);
  stage_release(stage);
  return is;
}

char *judge_puzzle(Guide *guide, const Step *step, long seed, StrBuf *why) {
  Facts none = { .seed = seed };
  return facts_value(guide, step->puzzle, &none, why);
}

char *judge_known(Guide *guide, const Step *step, long seed, StrBuf *why) {
  Facts none = { .seed = seed };
  return facts_value(guide, step->known, &none, why);
}

/* The length of a sign that only parts: a blank, a comma. "10，1" is "10 1". */
static size_t parting(const char *p) {
  static const char *const signs[] = { ",", ";", "，", "、", "；", "　" };
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (!strncmp(p, signs[i], strlen(signs[i]))) return strlen(signs[i]);
  return isspace((unsigned char)*p) ? 1 : 0;
}

/* The character at p in ASCII, when it is one of its wide forms (U+FF01 to U+FF5E), which Chinese keyboards
 * type; else 0. */
static char narrow(const char *p) {
  const unsigned char *u = (const unsigned char *)p;
  if (u[0] != 0xEF || (u[1] != 0xBC && u[1] != 0xBD)) return '\0';
  int cp = 0xF000 | (u[1] & 0x3F) << 6 | (u[2] & 0x3F);
  return cp >= 0xFF01 && cp <= 0xFF5E ? (char)(cp - 0xFF01 + '!') : '\0';
}

/* The text in small letters, with one blank between its parts. */
static char *plain(const char *text) {
  char *copy = malloc(strlen(text) + 1), *to = copy;
  for (const char *p = text; copy && *p;) {
    size_t len = parting(p);
    char wide = len ? '\0' : narrow(p);
    if (len && to > copy && to[-1] != ' ') *to++ = ' ';
    else if (!len) *to++ = (char)tolower((unsigned char)(wide ? wide : *p));
    p += len ? len : wide ? 3 : 1;
  }
  if (copy && to > copy && to[-1] == ' ') to--;
  if (to) *to = '\0';
  return copy;
}

/* The same without blanks: "y x p" is "yxp". */
static void close_up(char *text) {
  char *to = text;
  for (const char *p = text; *p; p++)
    if (*p != ' ') *to++ = *p;
  *to = '\0';
}

/* Numbers are told apart by the blanks between them: "1 01" is not "10 1". */
static bool same_text(char *a, char *b) {
  if (!strcmp(a, b)) return true;
  for (const char *p = b; *p; p++)
    if (isdigit((unsigned char)p[0]) && p[1] == ' ' && isdigit((unsigned char)p[2])) return false;
  close_up(a);
  close_up(b);
  return !strcmp(a, b);
}

static bool same_number(const char *a, const char *b) {
  char *a_end, *b_end;
  double x = strtod(a, &a_end), y = strtod(b, &b_end);
  return *a && *b && !*a_end && !*b_end && x == y;
}

bool judge_equal(Guide *guide, const Step *step, Facts *facts, const char *said, const char *is) {
  char *a = plain(said), *b = plain(is);
  bool equal = a && b && (same_number(a, b) || same_text(a, b));
  free(a);
  free(b);
  return equal || (step->accept && facts_accept(guide, step->accept, facts, said, is));
}

/* What the run had: processes, and sockets that listened. */
static void count_run(Stage *stage, int *processes, int *ports) {
  int64_t seen[64];
  const Model *m = stage_hold(stage);
  for (const LiveProc *p = m ? m->procs : NULL; p; p = p->next) *processes += !p->self;
  for (uint64_t i = m ? m->first : 0; m && i < m->count; i++) {
    const LiveRecord *r = model_record(m, i);
    bool known = !r || r->r.event != TRACE_PORT_LISTEN;
    for (int k = 0; k < *ports && !known; k++) known = seen[k] == r->r.n[1];
    if (!known && *ports < 64) seen[(*ports)++] = r->r.n[1];
  }
  stage_release(stage);
}

const char *word_processes(int n) {
  return ui_lang() == LANG_ZH ? "个进程" : n == 1 ? "process" : "processes";
}

const char *word_ports(int n) {
  return ui_lang() == LANG_ZH ? "个端口" : n == 1 ? "port" : "ports";
}

void judge_reclaimed(Stage *stage) {
  const Reclaimed *r = &stage->reclaimed;
  int processes = 0, ports = 0;
  count_run(stage, &processes, &ports);
  if (processes < r->processes) processes = r->processes;
  tell_in(r->leaked ? SHADE_RED : SHADE_DIM, "reclaimed %d %s, %d %s, %d leaked", "回收了 %d %s、%d %s，泄漏 %d 个", processes,
          word_processes(processes), ports, word_ports(ports), r->leaked);
  if (r->processes > 0)
    tell_in(SHADE_DIM, "(%d of them had to be ended)", "（其中 %d 个是被强制结束的）", r->processes);
}
