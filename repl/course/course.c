/* SPDX-License-Identifier: MIT */
/* course.c - `moonfork lesson`: which chapter, where in it, and the catalogue. */
#include "course.h"
#include "check.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what killed runners have left ---- */

char *course_records(void) {
  char *progress = progress_path(), *path = NULL;
  if (progress && asprintf(&path, "%s.runs", progress) < 0) path = NULL;
  free(progress);
  return path;
}

void course_sweep(void) {
  char *records = course_records();
  Reclaimed what = { 0 };
  if (records) lair_sweep(records, &what);
  if (what.runs > 0 && !what.processes && !what.ports && !what.leaked)
    tell_in(SHADE_YELLOW, "A lesson was cut off; nothing of it was left.", "上次的课被中断，没有留下任何进程和端口。");
  else if (what.runs > 0)
    tell_in(SHADE_YELLOW, "A lesson was cut off: %d %s and %d %s of it were still there, %d leaked.",
            "上次的课被中断：还留下 %d %s、%d %s，泄漏 %d 个。", what.processes, word_processes(what.processes), what.ports,
            word_ports(what.ports), what.leaked);
  for (int i = 0; i < what.processes && i < 32; i++)
    tell_in(SHADE_DIM, "  ended pid %d", "  已结束 pid %d", (int)what.pids[i]);
  free(records);
}

/* ---- a chapter ---- */

bool course_open(Course *c, const char *folder) {
  StrBuf faults;
  strbuf_init(&faults);
  c->guide = guide_read(folder, &faults);
  bool fine = c->guide && faults.len == 0;
  if (!fine) (void)fprintf(stderr, "%s", faults.p ? faults.p : "out of memory\n");
  strbuf_free(&faults);
  c->records = course_records();
  int err = !fine ? 0 : c->records ? lair_open(&c->lair, c->records) : -2;
  if (err) {
    tell_in(SHADE_RED, "No lesson can be run: %s: %s", "无法运行课程：%s：%s", c->records ? c->records : "HOME",
            strerror(-err));
    tell("MOONFORK_PROGRESS names a file for your progress, MOONFORK_WORK a folder for your copies: put both where you may write.",
         "用 MOONFORK_PROGRESS 指定进度文件，用 MOONFORK_WORK 指定存放副本的目录：都放到可写的地方。");
  }
  if (fine && !err) return true;
  course_close(c);
  return false;
}

void course_close(Course *c) {
  Reclaimed what = { 0 };
  seen_drop(c);
  if (c->lair.record) {
    lair_reclaim(&c->lair, &what);
    lair_close(&c->lair);
  }
  if (c->guide) guide_free(c->guide);
  free(c->records);
  c->guide = NULL;
  c->records = NULL;
}

/* ---- finding ---- */

static int is_chapter(const struct dirent *e) {
  return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]);
}

static bool means(const char *name, const char *what) {
  size_t digits = strspn(what, "0123456789");
  if (*what && !what[digits]) return atoi(name) == atoi(what);
  const char *rest = strchr(name, '-');
  return !strcasecmp(name, what) || (rest && !strcasecmp(rest + 1, what));
}

char *course_chapter(const char *lessons, const char *what) {
  struct dirent **names;
  char *found = NULL;
  int n = scandir(lessons, &names, is_chapter, alphasort);
  for (int i = 0; i < n; i++) {
    if (!found && means(names[i]->d_name, what) && asprintf(&found, "%s/%s", lessons, names[i]->d_name) < 0)
      found = NULL;
    free(names[i]);
  }
  if (n >= 0) free(names);
  if (found && !guide_exists(found)) free(found), found = NULL;
  return found;
}

/* ---- the catalogue ---- */

/* "[x]" all done, "[s]" done or passed over, "[~]" begun, "[ ]" not yet. */
static const char *chapter_sign(const Guide *g, const Progress *p, int *done) {
  int skipped = 0, begun = 0;
  *done = 0;
  for (int i = 0; i < g->nsteps; i++) {
    const Entry *e = progress_find(p, g->name, g->steps[i].id);
    *done += e && e->mark == MARK_DONE;
    skipped += e && e->mark == MARK_SKIPPED;
    begun += e && e->mark == MARK_BEGUN;
  }
  if (*done == g->nsteps) return "[x]";
  if (*done + skipped == g->nsteps) return "[s]";
  return *done + skipped + begun > 0 ? "[~]" : "[ ]";
}

static void add_row(StrBuf *out, const char *folder, const Progress *p) {
  StrBuf faults;
  int done;
  strbuf_init(&faults);
  Guide *g = guide_read(folder, &faults);
  if (g && faults.len == 0) {
    const char *title = text_in(&g->title, ui_lang()), *sign = chapter_sign(g, p, &done);
    strbuf_addf(out, " %s %2d  %s%*s%3d %s  %d/%d\n", sign, atoi(g->name), title,
                50 - text_columns(title, strlen(title)), "", g->minutes, ui_lang() == LANG_ZH ? "分钟" : "min", done,
                g->nsteps);
  } else {
    strbuf_addf(out, " [!]     %s\n", strrchr(folder, '/') + 1);
  }
  if (g) guide_free(g);
  strbuf_free(&faults);
}

/* False: there is no guide at all. */
static bool catalogue(const char *lessons) {
  struct dirent **names;
  Progress p;
  StrBuf out;
  bool any = false;
  strbuf_init(&out);
  (void)progress_read(&p);
  int n = scandir(lessons, &names, is_chapter, alphasort);
  for (int i = 0; i < n; i++) {
    char *folder;
    if (asprintf(&folder, "%s/%s", lessons, names[i]->d_name) >= 0) {
      if (guide_exists(folder)) any = true, add_row(&out, folder, &p);
      free(folder);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  if (any) {
    ui_write(out.p, out.len);
    tell_blank();
    if (p.at) tell("You are at %s; `moonfork lesson next` goes on.", "你在 %s；`moonfork lesson next` 继续。", p.at);
    tell("`moonfork lesson 4` begins a chapter or goes on in it, `moonfork lesson scripts` lists the scripts, "
         "`moonfork lesson NAME` runs one.",
         "`moonfork lesson 4` 开始或继续一章，`moonfork lesson scripts` 列出脚本，`moonfork lesson NAME` 运行一个脚本。");
  }
  progress_free(&p);
  strbuf_free(&out);
  return any;
}

/* ---- where to begin ---- */

typedef struct Args {
  const char *words[8];
  int nwords;
  const char *record;
  const char *wrong;  /* an option that there is not, or whose value is none */
  bool from_start, help;
} Args;

/* The step where the student was, unless it is done (`again`: even so), else the first that is not done. A chapter
 * that is walked once more, all of it done, goes on where the student was, and after its end at its beginning. */
static int where(const Guide *g, bool again) {
  Progress p;
  int at = -1, first = -1;
  size_t len = strlen(g->name);
  (void)progress_read(&p);
  for (int i = g->nsteps - 1; i >= 0; i--) {
    const Entry *e = progress_find(&p, g->name, g->steps[i].id);
    if (!e || e->mark < MARK_SKIPPED) first = i;
    if (p.at && !strncmp(p.at, g->name, len) && p.at[len] == '/' && !strcmp(p.at + len + 1, g->steps[i].id)) at = i;
  }
  const Entry *e = at < 0 ? NULL : progress_find(&p, g->name, g->steps[at].id);
  bool over = at + 1 == g->nsteps;
  if (!again && e && e->mark >= MARK_SKIPPED && (first >= 0 || over)) at = over ? first : at + 1;
  progress_free(&p);
  return at >= 0 ? at : first >= 0 ? first : 0;
}

static int walk_chapter(Course *c, const char *folder, const Args *a) {
  if (!course_open(c, folder)) return 1;
  c->at = a->from_start ? 0 : where(c->guide, !strcmp(a->words[0], "again"));
  tell_in(SHADE_BOLD, "%d. %s (%d min)", "%d. %s（%d 分钟）", atoi(c->guide->name), text_in(&c->guide->title, ui_lang()),
          c->guide->minutes);
  if (c->at > 0) tell("You are at step %d of %d.", "你在第 %d 步，共 %d 步。", c->at + 1, c->guide->nsteps);
  if (c->present) present_tell(c);
  int code = walk(c);
  course_close(c);
  return code;
}

/* The chapter where the student was last. The caller frees. */
static char *last_chapter(void) {
  Progress p;
  (void)progress_read(&p);
  char *name = p.at ? strndup(p.at, strcspn(p.at, "/")) : NULL;
  progress_free(&p);
  return name;
}

/* ---- the command ---- */

static const char usage_en[] =
    "Usage: moonfork lesson                   the chapters, and where you are\n"
    "       moonfork lesson CHAPTER | next | again [--from-start] [--seed N]\n"
    "                       [--lang zh|en] [--sim] [--present [--speed 0.25]]\n"
    "                       [--record FILE.cast]\n"
    "       moonfork lesson scripts           the scripts\n"
    "       moonfork lesson NAME [ARGS]       runs a script\n"
    "       moonfork lesson report [--json]   what was done\n"
    "       moonfork lesson --auto [CHAPTER...] [--lang zh|en]\n"
    "       moonfork lesson check [--files] FOLDER\n";
static const char usage_zh[] =
    "用法：moonfork lesson                    列出各章，以及你在哪里\n"
    "      moonfork lesson CHAPTER | next | again [--from-start] [--seed N]\n"
    "                       [--lang zh|en] [--sim] [--present [--speed 0.25]]\n"
    "                       [--record FILE.cast]\n"
    "      moonfork lesson scripts            列出脚本\n"
    "      moonfork lesson NAME [ARGS]        运行一个脚本\n"
    "      moonfork lesson report [--json]    做过什么\n"
    "      moonfork lesson --auto [CHAPTER...] [--lang zh|en]   自动走一遍\n"
    "      moonfork lesson check [--files] FOLDER               检查一章\n";

/* Is argv[*i] the option? Its value is in the word or is the next one. */
static bool takes(const char *name, int argc, char **argv, int *i, const char **value) {
  const char *word = argv[*i];
  size_t len = strlen(name);
  if (strncmp(word, name, len) != 0 || (word[len] && word[len] != '=')) return false;
  *value = word[len] ? word + len + 1 : *i + 1 < argc ? argv[++*i] : "";
  return true;
}

/* Reads the options, wherever they stand. */
static void read_args(Course *c, Args *a, int argc, char **argv) {
  Lang lang;
  for (int i = 0; i < argc; i++) {
    const char *word = argv[i], *value;
    if (takes("--lang", argc, argv, &i, &value)) {
      if (lang_of_word(value, &lang)) ui_set_lang(lang);
      else if (!a->wrong) a->wrong = word;
    }
    else if (takes("--seed", argc, argv, &i, &value)) c->seed = strtol(value, NULL, 10);
    else if (takes("--speed", argc, argv, &i, &value)) c->speed = strtod(value, NULL);
    else if (takes("--record", argc, argv, &i, &value)) a->record = value;
    else if (!strcmp(word, "--sim")) c->sim = true;
    else if (!strcmp(word, "--present")) c->present = true;
    else if (!strcmp(word, "--from-start")) a->from_start = true;
    else if (!strcmp(word, "--help") || !strcmp(word, "-h")) a->help = true;
    else if (*word == '-') a->wrong = a->wrong ? a->wrong : word;
    else if (a->nwords < 8) a->words[a->nwords++] = word;
  }
  if (!(c->speed > 0)) c->speed = 1;
}

/* The chapter's folder that the words ask for; NULL: none. */
static char *asked_chapter(const char *lessons, const Args *a) {
  const char *word = a->words[0];
  if (strcmp(word, "next") && strcmp(word, "again")) return course_chapter(lessons, word);
  char *last = last_chapter(), *folder = course_chapter(lessons, last ? last : "1");
  free(last);
  return folder;
}

static int refuse(const char *option) {
  (void)fprintf(stderr, in_either("moonfork lesson: bad option: %s\n%s", "moonfork lesson：没有这个选项，或它的值不对：%s\n%s"), option,
                in_either(usage_en, usage_zh));
  return 2;
}

bool course_main(int argc, char **argv, const char *lessons, int *code) {
  Course c = { .folder = lessons, .lair = { .fd = -1 } };
  Args a = { .nwords = 0 };
  ui_open();
  read_args(&c, &a, argc, argv);
  int result = 0;
  if (argc > 0 && !strcmp(argv[0], "--auto")) {
    result = auto_main(argc, argv, lessons);
  } else if (a.nwords > 0 && !strcmp(a.words[0], "report")) {
    result = report_main(argc, argv, lessons);
  } else if (argc > 0 && *argv[0] == '-' && (a.help || a.wrong)) {
    if (a.help) (void)fputs(in_either(usage_en, usage_zh), stdout);
    else result = refuse(a.wrong);
  } else if (a.nwords == 0) {
    course_sweep();
    if (!catalogue(lessons)) return false;
  } else {
    char *folder = asked_chapter(lessons, &a);
    if (!folder) return false;
    if (a.help || a.wrong) {
      if (a.help) (void)fputs(in_either(usage_en, usage_zh), stdout);
      else *code = refuse(a.wrong);
      if (a.help) *code = 0;
      free(folder);
      return true;
    }
    if (a.record) record_to(a.record);
    course_sweep();
    result = walk_chapter(&c, folder, &a);
    free(folder);
  }
  ui_close();
  *code = result;
  return true;
}
