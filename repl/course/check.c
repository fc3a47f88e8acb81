/* SPDX-License-Identifier: MIT */
/* check.c - see check.h. A folder without a guide.lua stands for the chapters in it. */
#include "check.h"
#include "course.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the issue of a chapter is short of. */
static void count_steps(const Guide *g, StrBuf *faults) {
  int runs = 0, predicts = 0, exercises = 0;
  for (int i = 0; i < g->nsteps; i++) {
    runs += g->steps[i].kind == STEP_RUN;
    predicts += g->steps[i].kind == STEP_PREDICT;
    exercises += g->steps[i].kind == STEP_EXERCISE;
  }
  if (runs < 3 || predicts < 2 || exercises < 1)
    strbuf_addf(faults, "%s/guide.lua: %d runs, %d predictions, %d exercises; at least 3, 2 and 1 are wanted\n",
                g->folder, runs, predicts, exercises);
}

/* The files of a chapter; the guide is NULL when it has faults, which are printed. */
static Guide *check_files(const char *folder) {
  StrBuf faults;
  strbuf_init(&faults);
  Guide *g = guide_read(folder, &faults);
  if (g && faults.len == 0) count_steps(g, &faults);
  bool wrong = faults.len > 0 || faults.failed;
  if (wrong) (void)fputs(faults.p ? faults.p : "out of memory\n", stdout);
  strbuf_free(&faults);
  if (g && wrong) {
    guide_free(g);
    return NULL;
  }
  return g;
}

typedef struct Options { bool files_only; const char *wrong; int times; } Options;

static bool check_chapter(const char *folder, const Options *o) {
  Guide *g = check_files(folder);
  if (!g) return false;
  (void)printf("%s: %d steps, nothing wrong in the files\n", g->name, g->nsteps);
  (void)fflush(stdout);
  int faults = o->files_only ? 0 : auto_prove(g->folder, o->wrong, o->times);
  if (!o->files_only) (void)printf("%s: %d faults\n", g->name, faults);
  guide_free(g);
  return faults == 0;
}

static int is_chapter(const struct dirent *e) {
  return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]);
}

static bool check_folder(const char *folder, const Options *o) {
  struct dirent **names;
  bool fine = true;
  if (guide_exists(folder)) return check_chapter(folder, o);
  int n = scandir(folder, &names, is_chapter, alphasort);
  if (n <= 0) (void)printf("%s: no guide.lua, and no chapters\n", folder);
  for (int i = 0; i < n; i++) {
    char *path;
    if (asprintf(&path, "%s/%s", folder, names[i]->d_name) < 0) abort();
    if (guide_exists(path)) fine &= check_chapter(path, o);
    else (void)printf("%s: no guide.lua\n", path), fine = false;
    free(path);
    free(names[i]);
  }
  if (n >= 0) free(names);
  return fine && n > 0;
}

int check_main(int argc, char **argv) {
  Options o = { .times = 20 };
  bool fine = true, any = false;
  for (int i = 0; i < argc; i++) {
    bool value = i + 1 < argc;
    if (!strcmp(argv[i], "--files")) o.files_only = true;
    else if (!strcmp(argv[i], "--wrong") && value) o.wrong = argv[++i];
    else if (!strcmp(argv[i], "--times") && value) o.times = atoi(argv[++i]);
    else any = true, fine &= check_folder(argv[i], &o);
  }
  if (any) return fine ? 0 : 1;
  (void)fputs("moonfork lesson check [--files] [--times N] [--wrong DIR] DIR...: DIR is a chapter, or a folder of "
              "chapters\n", stderr);
  return 9;
}
