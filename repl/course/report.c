/* SPDX-License-Identifier: MIT */
/* report.c - `moonfork lesson report [--json] [CHAPTER]`: what was done, step by step. */
#include "course.h"
#include "../trace/export.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const mark_names[] = { "new", "begun", "skipped", "done" };

static void json_string(const char *text) { export_text(text, strlen(text), stdout); }

static void json_step(const Step *s, const Entry *e, bool first) {
  (void)printf("%s\n      { \"step\": \"%s\", \"kind\": \"%s\", \"mark\": \"%s\", \"tries\": %d, \"hints\": %d, "
               "\"shown\": %d, \"skipped\": %s, \"right\": %d",
               first ? "" : ",", s->id, step_kinds[s->kind], mark_names[e ? e->mark : MARK_NONE], e ? e->tries : 0,
               e ? e->hints : 0, e ? e->shown : 0, e && e->mark == MARK_SKIPPED ? "true" : "false", e ? e->right : 0);
  if (e && e->said) {
    (void)fputs(", \"said\": ", stdout);
    json_string(e->said);
  }
  (void)fputs(" }", stdout);
}

static void json_chapter(const Guide *g, const Progress *p, bool first) {
  (void)printf("%s\n  { \"chapter\": \"%s\", \"title\": ", first ? "" : ",", g->name);
  json_string(text_in(&g->title, ui_lang()));
  (void)fputs(", \"steps\": [", stdout);
  for (int i = 0; i < g->nsteps; i++) json_step(&g->steps[i], progress_find(p, g->name, g->steps[i].id), i == 0);
  (void)fputs("\n    ] }", stdout);
}

static const char *mark_name(const Entry *e) {
  static const char *const zh[] = { "未做", "开始了", "跳过", "完成" };
  return ui_lang() == LANG_ZH ? zh[e ? e->mark : MARK_NONE] : mark_names[e ? e->mark : MARK_NONE];
}

/* Up to the column behind the word. */
static int blanks(const char *word, int column) { return column - text_columns(word, strlen(word)); }

static bool is_begun(const Guide *g, const Progress *p) {
  for (int i = 0; i < g->nsteps; i++) {
    const Entry *e = progress_find(p, g->name, g->steps[i].id);
    if (e && e->mark != MARK_NONE) return true;
  }
  return false;
}

/* Of a chapter that is not begun there is nothing to tell but that, unless it was asked for. */
static void text_chapter(const Guide *g, const Progress *p, bool asked) {
  if (!asked && !is_begun(g, p)) {
    tell_in(SHADE_DIM, "%d. %s: not begun", "%d. %s：未开始", atoi(g->name), text_in(&g->title, ui_lang()));
    return;
  }
  tell_in(SHADE_BOLD, "%d. %s", "%d. %s", atoi(g->name), text_in(&g->title, ui_lang()));
  for (int i = 0; i < g->nsteps; i++) {
    const Entry *e = progress_find(p, g->name, g->steps[i].id);
    char row[160];
    const char *kind = step_kind_name(g->steps[i].kind), *mark = mark_name(e);
    (void)snprintf(row, sizeof row, in_either("   %-24s %s%*s%s%*s%d tries, %d hints, %d shown",
                   "   %-24s %s%*s%s%*s尝试 %d 次，提示 %d 条，看答案 %d 次"), g->steps[i].id, kind, blanks(kind, 10), "", mark,
                   blanks(mark, 9), "", e ? e->tries : 0, e ? e->hints : 0, e ? e->shown : 0);
    ui_write(row, strlen(row));
    tell_blank();
    if (e && e->said) tell_text(SHADE_DIM, "     ", e->said);
  }
}

static int is_chapter(const struct dirent *e) {
  return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]);
}

/* Prints one chapter; false: it has no guide. */
static bool report_one(const char *folder, const Progress *p, bool json, bool first, bool asked) {
  StrBuf faults;
  strbuf_init(&faults);
  Guide *g = guide_exists(folder) ? guide_read(folder, &faults) : NULL;
  bool fine = g && faults.len == 0;
  if (fine && json) json_chapter(g, p, first);
  else if (fine) text_chapter(g, p, asked);
  if (g) guide_free(g);
  strbuf_free(&faults);
  return fine;
}

int report_main(int argc, char **argv, const char *lessons) {
  struct dirent **names;
  Progress p;
  bool json = false, first = true;
  int only = 0;
  for (int i = 0; i < argc; i++) {
    json |= !strcmp(argv[i], "--json");
    if (isdigit((unsigned char)*argv[i])) only = atoi(argv[i]);
  }
  int err = progress_read(&p);
  if (err) (void)fprintf(stderr, in_either("moonfork: the progress cannot be read: %s\n", "moonfork：读不了进度：%s\n"), strerror(-err));
  if (json) (void)putchar('[');
  int n = scandir(lessons, &names, is_chapter, alphasort);
  for (int i = 0; i < n; i++) {
    char *folder;
    if ((!only || only == atoi(names[i]->d_name)) && asprintf(&folder, "%s/%s", lessons, names[i]->d_name) >= 0) {
      if (report_one(folder, &p, json, first, only > 0)) first = false;
      free(folder);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  if (json) (void)puts("\n]");
  else if (first) tell("There is no chapter %d.", "没有第 %d 章。", only);
  progress_free(&p);
  return err || first ? 1 : 0;
}
