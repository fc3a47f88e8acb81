/* SPDX-License-Identifier: MIT */
/* auto.c - everything by itself: known answers, changes, solutions, and what must fail. */
#include "course.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Nobody waits for what must pass: a machine that has much else to do gets time for it. */
enum { PATIENCE = 10 };

typedef struct Prover {
  Course course;
  const Step *step;
  int steps, faults;
  bool strict;    /* what must fail is tried, too */
  long seed;      /* of what is random */
  char what[160]; /* what is proved now */
} Prover;

static void report(Prover *p, bool fine, double seconds, const char *why) {
  p->steps++;
  p->faults += !fine;
  if (fine) (void)printf("ok %s (%.1f s)\n", p->what, seconds);
  else (void)printf("not ok %s (%.1f s): %s\n", p->what, seconds, why);
  (void)fflush(stdout);
}

static void name_it(Prover *p, const char *more) {
  (void)snprintf(p->what, sizeof p->what, "%s/%s%s%s", p->course.guide->name, p->step->id, *more ? " " : "", more);
}

/* ---- what a run has left ---- */

static bool is_empty(const char *path) {
  DIR *dir = opendir(path);
  bool empty = true;
  for (struct dirent *e; dir && empty && (e = readdir(dir));) empty = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
  if (dir) (void)closedir(dir);
  return empty;
}

/* Appends what is wrong with how it went, whatever the checks say. */
static void look_at_ends(Prover *p, Stage *s, StrBuf *why) {
  char *scratch;
  if (s->ending == END_FAILED) strbuf_addf(why, "cannot be started: %s", strerror(s->err));
  else if (s->ending == END_LIMIT) strbuf_adds(why, "was stopped at the limit");
  else if (s->ending == END_INTERRUPTED || s->ending == END_GONE) strbuf_adds(why, "was interrupted");
  else if (s->ending == END_ENDED && s->facts.left > 0) strbuf_addf(why, "left %d processes", s->facts.left);
  if (s->reclaimed.leaked) strbuf_addf(why, " %d processes cannot be ended", s->reclaimed.leaked);
  if (asprintf(&scratch, "%s/tmp", p->course.lair.scratch) < 0) return;
  if (s->ending == END_ENDED && !is_empty(scratch)) strbuf_adds(why, " left files in TMPDIR");
  remove_tree(scratch);
  free(scratch);
}

static void add_output(const Stage *s, StrBuf *why) {
  size_t from = s->facts.nlines > 5 ? s->facts.nlines - 5 : 0;
  for (size_t i = from; i < s->facts.nlines; i++) strbuf_addf(why, "\n# %s", s->facts.lines[i].text);
  if (s->facts.ended && s->facts.signal) strbuf_addf(why, "\n# (signal %d)", s->facts.signal);
  else if (s->facts.ended) strbuf_addf(why, "\n# (exit code %d)", s->facts.code);
}

/* Appends the first check that is not met; true: one was not. */
static bool add_missing(Stage *s, StrBuf *why) {
  StrBuf detail;
  strbuf_init(&detail);
  int missing = judge_checks(s, &detail);
  if (missing >= 0)
    strbuf_addf(why, "%snot seen: %s (%s)", why->len ? "; " : "", text_in(&s->step->checks[missing].text, ui_lang()),
                detail.len ? detail.p : "");
  strbuf_free(&detail);
  return missing >= 0;
}

static void prepare(Prover *p, Stage *s) {
  *s = (Stage){ .guide = p->course.guide, .step = p->step, .lair = &p->course.lair };
  if (p->step->random) s->seed = p->seed;
}

/* ---- steps ---- */

static void add_wrong_answer(Prover *p, Stage *s, StrBuf *why) {
  StrBuf trouble;
  strbuf_init(&trouble);
  char *is = judge_answer(s, &trouble), *known = judge_known(p->course.guide, p->step, s->seed, &trouble);
  (void)stage_hold(s);
  bool equal = is && known && judge_equal(p->course.guide, p->step, &s->facts, known, is);
  stage_release(s);
  if (!equal)
    strbuf_addf(why, "%sknown is %s, the run says %s %s", why->len ? "; " : "", known ? known : "nil", is ? is : "nil",
                trouble.len ? trouble.p : "");
  free(is);
  free(known);
  strbuf_free(&trouble);
}

/* Runs the file as this step does; false and why: something is wrong. */
static bool prove_run(Prover *p, const char *file, StrBuf *why, double *seconds) {
  Stage s;
  char *harness = NULL;
  prepare(p, &s);
  s.patience = PATIENCE;
  watch_stage(&p->course, p->step, file, &s, &harness);
  stage_run(&s);
  look_at_ends(p, &s, why);
  if (s.ending != END_FAILED) {
    bool missing = add_missing(&s, why);
    if (p->step->kind == STEP_PREDICT) add_wrong_answer(p, &s, why);
    if (missing || why->len) add_output(&s, why);
  }
  *seconds = s.seconds;
  stage_close(&s);
  free(harness);
  return why->len == 0;
}

static void prove_file(Prover *p, const char *file) {
  StrBuf why;
  double seconds = 0;
  strbuf_init(&why);
  bool fine = prove_run(p, file, &why, &seconds);
  report(p, fine, seconds, why.p);
  strbuf_free(&why);
}

/* A file that must not pass. */
static void refuse(Prover *p, const char *file, const char *what) {
  StrBuf why;
  double seconds = 0;
  Stage s;
  char *harness = NULL;
  name_it(p, what);
  strbuf_init(&why);
  prepare(p, &s);
  watch_stage(&p->course, p->step, file, &s, &harness);
  stage_run(&s);
  seconds = s.seconds;
  bool refused = s.ending != END_FAILED && add_missing(&s, &why);
  report(p, refused, seconds, s.ending == END_FAILED ? strerror(s.err) : "passes, and should not");
  if (refused) (void)printf("# %s\n", why.p);
  stage_close(&s);
  free(harness);
  strbuf_free(&why);
}

/* The text with its one place changed; NULL: there is not exactly one. */
static char *changed(const char *text, const char *from, const char *to) {
  const char *at = strstr(text, from);
  char *out;
  if (!at || strstr(at + 1, from)) return NULL;
  return asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0 ? NULL : out;
}

/* Makes the change in a copy below the scratch folder and runs that. */
static void prove_try(Prover *p) {
  Course *c = &p->course;
  char *work, *copy = NULL, *original = NULL, *text = NULL, *new = NULL;
  if (asprintf(&work, "%s/work", c->lair.scratch) < 0) return;
  (void)setenv("MOONFORK_WORK", work, 1);
  if (watch_copy(c, p->step, &copy, &original) && (text = work_read(copy)))
    new = changed(text, p->step->from, p->step->to);
  if (!new) report(p, false, 0, "`from` does not stand in the script exactly once");
  else if (work_write(copy, new)) report(p, false, 0, "the copy cannot be written");
  else prove_file(p, copy);
  if (new && p->strict && p->step->nchecks && !work_write(copy, "-- nothing\n")) refuse(p, copy, "an empty file");
  remove_tree(work);
  free(new);
  free(text);
  free(copy);
  free(original);
  free(work);
}

/* A drawn puzzle fits the screen as a picture does. */
static void prove_puzzle(Prover *p) {
  enum { MOST_LINES = 12, WIDEST = 80 };
  StrBuf why;
  int lines = 0, widest = 0;
  strbuf_init(&why);
  char *text = judge_puzzle(p->course.guide, p->step, p->seed, &why);
  for (const char *at = text; at && *at; lines++) {
    size_t len = strcspn(at, "\n");
    int width = text_columns(at, len);
    if (width > widest) widest = width;
    at += len + (at[len] == '\n');
  }
  if (!text) report(p, false, 0, why.len ? why.p : "no puzzle is drawn");
  else if (lines > MOST_LINES || widest > WIDEST) report(p, false, 0, "the puzzle has more than 12 lines of 80 columns");
  free(text);
  strbuf_free(&why);
}

/* What is drawn is proved with several seeds. */
static void prove_drawn(Prover *p, const char *file) {
  enum { SEEDS = 3 };
  for (p->seed = 1; p->seed <= SEEDS && !ui_gone(); p->seed++) {
    char what[32];
    (void)snprintf(what, sizeof what, "seed %ld", p->seed);
    name_it(p, what);
    if (p->step->puzzle) prove_puzzle(p);
    prove_file(p, file);
  }
  p->seed = 1;
}

static void prove_step(Prover *p) {
  const Step *step = p->step;
  char *file = NULL;
  name_it(p, "");
  switch (step->kind) {
  case STEP_RUN:
  case STEP_PREDICT: file = guide_script(p->course.guide, step->script); break;
  case STEP_EXERCISE: file = guide_exercise(p->course.guide, step, "solution.lua"); break;
  case STEP_TRY: prove_try(p); return;
  default: return;
  }
  if (file && step->random) prove_drawn(p, file);
  else if (file) prove_file(p, file);
  free(file);
}

/* ---- exercises ---- */

static int is_lua(const struct dirent *e) {
  size_t len = strlen(e->d_name);
  return len > 4 && !strcmp(e->d_name + len - 4, ".lua");
}

static void refuse_wrong(Prover *p, const char *wrong) {
  struct dirent **names;
  char *folder, *file;
  if (asprintf(&folder, "%s/%s/%s", wrong, p->course.guide->name, p->step->id) < 0) return;
  int n = scandir(folder, &names, is_lua, alphasort);
  for (int i = 0; i < n; i++) {
    if (asprintf(&file, "%s/%s", folder, names[i]->d_name) >= 0) {
      char *full = realpath(file, NULL);
      if (full) refuse(p, full, names[i]->d_name);
      free(full);
      free(file);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  name_it(p, "wrong solutions");
  if (n < 3) report(p, false, 0, "there are not three of them");
  free(folder);
}

static void prove_exercise(Prover *p, const char *wrong, int times) {
  enum { LONGEST_REPEAT = 60 };
  char *start = guide_exercise(p->course.guide, p->step, "start.lua");
  char *solution = guide_exercise(p->course.guide, p->step, "solution.lua");
  time_t until = time(NULL) + LONGEST_REPEAT;
  if (start) refuse(p, start, "start");
  if (wrong) refuse_wrong(p, wrong);
  for (int i = 2; solution && i <= times && time(NULL) < until; i++) {
    char what[32];
    (void)snprintf(what, sizeof what, "solution, time %d", i);
    name_it(p, what);
    prove_file(p, solution);
  }
  free(start);
  free(solution);
}

/* ---- chapters ---- */

static int prove_chapter(const char *lessons, const char *folder, const char *wrong, int times) {
  Prover p = { .course = { .folder = lessons, .lair = { .fd = -1 }, .speed = 1 }, .strict = times > 0, .seed = 1 };
  if (!course_open(&p.course, folder)) return 1;
  for (int i = 0; i < p.course.guide->nsteps && !ui_gone(); i++) {
    p.course.at = i;
    p.step = &p.course.guide->steps[i];
    prove_step(&p);
    if (times > 0 && p.step->kind == STEP_EXERCISE) prove_exercise(&p, wrong, times);
  }
  if (lair_alive(&p.course.lair) > 0) (void)printf("not ok %s: processes are left\n", p.course.guide->name), p.faults++;
  course_close(&p.course);
  return p.faults;
}

int auto_prove(const char *folder, const char *wrong, int times) {
  ui_open();
  course_sweep();
  return prove_chapter(folder, folder, wrong, times);
}

static int is_chapter(const struct dirent *e) {
  return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]);
}

static bool is_asked(int argc, char **argv, const char *name) {
  bool any = false;
  for (int i = 0; i < argc; i++) {
    if (!strcmp(argv[i], "--lang")) i++;
    else if (argv[i][0] != '-') {
      any = true;
      if (atoi(argv[i]) == atoi(name)) return true;
    }
  }
  return !any;
}

/* `--auto [--lang zh] [chapter numbers]` */
int auto_main(int argc, char **argv, const char *lessons) {
  struct dirent **names;
  int faults = 0, chapters = 0;
  course_sweep();
  int n = scandir(lessons, &names, is_chapter, alphasort);
  for (int i = 0; i < n; i++) {
    char *folder;
    if (is_asked(argc, argv, names[i]->d_name) && !ui_gone() &&
        asprintf(&folder, "%s/%s", lessons, names[i]->d_name) >= 0) {
      if (guide_exists(folder)) chapters++, faults += prove_chapter(lessons, folder, NULL, 0);
      free(folder);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  tell("%d %s, %d %s", "%d %s，%d %s", chapters, ui_lang() == LANG_ZH ? "章" : chapters == 1 ? "chapter" : "chapters", faults,
       ui_lang() == LANG_ZH ? "处错误" : faults == 1 ? "fault" : "faults");
  return faults || chapters == 0 ? 1 : 0;
}
