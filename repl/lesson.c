/* SPDX-License-Identifier: MIT */
/* lesson.c - see lesson.h. Reading the catalogue is plain C without a runtime: it costs nothing to start,
 * and the prompt and the command share it. A lesson runs as a script in a process of its own. */
#include "lesson.h"
#include "course/check.h"
#include "course/course.h"
#include "../modules/core/strbuf.h"
#include "../modules/core/trace.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

enum { COLUMNS = 80, NAME_WIDTH = 24, SUGGESTED = 3 };

extern char **environ;

/* ---- finding the folder ---- */

static bool is_folder(const char *path) {
  struct stat st;
  return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *join(const char *a, const char *b) {
  char *path;
  return asprintf(&path, "%s/%s", a, b) < 0 ? NULL : path;
}

/* Pushes nothing and owns nothing: *folder is allocated, or NULL when there is none. */
static int find_folder(char **folder) {
  static const char *const places[] = { "lessons", "../share/moonfork/lessons" };
  char exe[PATH_MAX];
  size_t len = sizeof exe;
  const char *named = getenv("MOONFORK_LESSONS");
  *folder = NULL;
  if (named && *named) {
    *folder = realpath(named, NULL);
    return 0;
  }
  int err = uv_exepath(exe, &len);
  if (err) return err;
  char *slash = strrchr(exe, '/');
  if (slash) *slash = '\0';
  for (size_t i = 0; i < sizeof places / sizeof *places && !*folder; i++) {
    char *path = join(exe, places[i]);
    if (is_folder(path)) *folder = realpath(path, NULL);
    free(path);
  }
  return 0;
}

/* ---- reading heads ---- */

/* The text of a comment line, NULL when the line is none. */
static const char *comment_text(char *line) {
  line[strcspn(line, "\r\n")] = '\0';
  if (strncmp(line, "--", 2)) return NULL;
  return line + 2 + (line[2] == ' ');
}

/* Which field the text begins, and its rest; field stays where it is on a line that goes on. */
static StrBuf *head_field(StrBuf fields[3], const char **text) {
  static const char *const names[] = { "sample:", "watch:", "try:" };
  for (int i = 0; i < 3; i++) {
    size_t len = strlen(names[i]);
    if (strncmp(*text, names[i], len)) continue;
    *text += len;
    return &fields[i];
  }
  return NULL;
}

static void add_words(StrBuf *to, const char *text) {
  while (isspace((unsigned char)*text)) text++;
  if (to->len > 0) strbuf_addc(to, ' ');
  strbuf_adds(to, text);
}

static char *take_text(StrBuf *buf) {
  char *text = buf->failed ? NULL : strdup(buf->p ? buf->p : "");
  strbuf_free(buf);
  return text;
}

static void read_head(FILE *f, StrBuf *title, StrBuf fields[3]) {
  char *line = NULL;
  size_t size = 0;
  StrBuf *field = NULL;
  for (int n = 1; getline(&line, &size, f) >= 0; n++) {
    if (n == 1 && !strncmp(line, "#!", 2)) continue;
    const char *text = comment_text(line);
    if (!text) break;
    StrBuf *next = head_field(fields, &text);
    if (next) field = next;
    if (field && !next && !*text) field = NULL; /* an empty line ends a field */
    else if (field) add_words(field, text);
    else if (title->len == 0) strbuf_adds(title, text);
  }
  free(line);
}

static int lesson_read_head(Lesson *lesson) {
  StrBuf title, fields[3];
  FILE *f = fopen(lesson->path, "re");
  if (!f) return -errno;
  strbuf_init(&title);
  for (int i = 0; i < 3; i++) strbuf_init(&fields[i]);
  read_head(f, &title, fields);
  (void)fclose(f);
  lesson->title = take_text(&title);
  lesson->sample = take_text(&fields[0]);
  lesson->watch = take_text(&fields[1]);
  lesson->try_ = take_text(&fields[2]);
  return lesson->title && lesson->sample && lesson->watch && lesson->try_ ? 0 : UV_ENOMEM;
}

/* ---- reading the folder ---- */

static void lesson_free(Lesson *l) {
  free(l->path);
  free(l->chapter);
  free(l->name);
  free(l->title);
  free(l->sample);
  free(l->watch);
  free(l->try_);
}

void lessons_free(Lessons *all) {
  for (size_t i = 0; i < all->count; i++) lesson_free(&all->list[i]);
  free(all->list);
  free(all->folder);
  memset(all, 0, sizeof *all);
}

/* The entry of a chapter's folder that is a lesson: the length of its name, 0 for anything else. *path
 * is allocated. */
static size_t lesson_entry(const char *folder, const char *entry, char **path) {
  size_t len = strlen(entry);
  *path = NULL;
  if (*entry == '.' || !strcmp(entry, "guide.lua")) return 0;
  if (len > 4 && !strcmp(entry + len - 4, ".lua")) {
    *path = join(folder, entry);
    return len - 4;
  }
  if (asprintf(path, "%s/%s/main.lua", folder, entry) < 0) *path = NULL;
  if (*path && access(*path, F_OK) == 0) return len;
  free(*path);
  *path = NULL;
  return 0;
}

/* Takes path. */
static int lessons_add(Lessons *all, const char *chapter, const char *name, size_t len, char *path) {
  Lesson *grown = realloc(all->list, (all->count + 1) * sizeof *grown);
  if (!grown) {
    free(path);
    return UV_ENOMEM;
  }
  all->list = grown;
  Lesson *l = &grown[all->count++];
  *l = (Lesson){ .path = path, .chapter = strdup(chapter), .name = strndup(name, len) };
  if (!path || !l->chapter || !l->name) return UV_ENOMEM;
  return lesson_read_head(l);
}

static int read_chapter(Lessons *all, const char *chapter) {
  char *folder = join(all->folder, chapter), *path;
  DIR *dir = folder ? opendir(folder) : NULL;
  int err = 0;
  for (struct dirent *e; dir && !err && (e = readdir(dir));) {
    size_t len = lesson_entry(folder, e->d_name, &path);
    if (len > 0) err = lessons_add(all, chapter, e->d_name, len, path);
  }
  if (dir) (void)closedir(dir);
  free(folder);
  return folder ? err : UV_ENOMEM;
}

static int by_chapter_and_name(const void *a, const void *b) {
  const Lesson *x = a, *y = b;
  int order = strcmp(x->chapter, y->chapter);
  return order ? order : strcmp(x->name, y->name);
}

/* Chapters are the folders that begin with two digits. */
static int read_chapters(Lessons *all) {
  DIR *dir = opendir(all->folder);
  int err = 0;
  if (!dir) return -errno;
  for (struct dirent *e; !err && (e = readdir(dir));)
    if (isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]))
      err = read_chapter(all, e->d_name);
  (void)closedir(dir);
  if (all->count > 1) qsort(all->list, all->count, sizeof *all->list, by_chapter_and_name);
  return err;
}

int lessons_read(Lessons *all) {
  memset(all, 0, sizeof *all);
  int err = find_folder(&all->folder);
  if (!err && all->folder) err = read_chapters(all);
  if (err) lessons_free(all);
  return err;
}

/* ---- printing ---- */

/* "01-events" as "1. Events". */
static void print_chapter(FILE *out, const char *chapter) {
  const char *name = chapter + strcspn(chapter, "-");
  (void)fprintf(out, "%d.", atoi(chapter));
  for (bool first = true; *name; first = false) {
    char c = *name++;
    if (c == '-') (void)fputc(' ', out), c = *name ? *name++ : ' ';
    (void)fputc(first ? toupper((unsigned char)c) : c, out);
  }
  (void)fputc('\n', out);
}

/* Columns of a text: one for each character. */
static int columns_of(const char *text, size_t len) {
  int columns = 0;
  for (size_t i = 0; i < len; i++) columns += (text[i] & 0xc0) != 0x80;
  return columns;
}

/* Writes the words of text, of which the first stands at column `indent`; a line that would be too long
 * is broken, and goes on there. */
static void print_words(FILE *out, int indent, const char *text) {
  for (int column = indent; *text;) {
    size_t len = strcspn(text, " ");
    int width = columns_of(text, len);
    if (column > indent && column + 1 + width > COLUMNS) {
      (void)fprintf(out, "\n%*s", indent, "");
      column = indent;
    } else if (column > indent) {
      (void)fputc(' ', out);
      column++;
    }
    (void)fprintf(out, "%.*s", (int)len, text);
    column += width;
    text += len + (text[len] == ' ');
  }
  (void)fputc('\n', out);
}

/* The width of the column of names, which is that of the longest. */
static int name_width(const Lessons *all) {
  int width = 8;
  for (size_t i = 0; i < all->count; i++) {
    int len = (int)strlen(all->list[i].name);
    if (len > width && len <= NAME_WIDTH) width = len;
  }
  return width;
}

static void print_row(FILE *out, const Lessons *all, const Lesson *l) {
  int used = fprintf(out, "   %-*s  %-4s  ", name_width(all), l->name, l->sample);
  print_words(out, used, l->title);
}

void lessons_print(const Lessons *all, FILE *out, const char *how) {
  const char *chapter = "";
  for (size_t i = 0; i < all->count; i++) {
    const Lesson *l = &all->list[i];
    if (strcmp(l->chapter, chapter)) print_chapter(out, l->chapter);
    chapter = l->chapter;
    print_row(out, all, l);
  }
  (void)fprintf(out, in_either("\n%s runs one.\n", "\n%s 运行一个脚本。\n"), how);
}

static void print_field(FILE *out, const char *label, const char *text) {
  if (*text) print_words(out, fprintf(out, "%-7s", label), text);
}

void lesson_print_head(const Lesson *l, FILE *out) {
  (void)fprintf(out, "%s\n", *l->title ? l->title : l->name);
  print_field(out, "watch:", l->watch);
  print_field(out, "try:", l->try_);
  print_field(out, "file:", l->path);
  (void)fputc('\n', out);
}

/* ---- which one ---- */

/* How well the lesson fits: 0 not at all, 1 by a part of title or chapter, 2 by a part of its name, 3 by
 * its sample, 4 by its name. */
static int fits(const Lesson *l, const char *what) {
  size_t chapter = strlen(l->chapter);
  if (!strcasecmp(what, l->name)) return 4;
  if (!strncasecmp(what, l->chapter, chapter) && what[chapter] == '/')
    return strcasecmp(what + chapter + 1, l->name) ? 0 : 4;
  if (*l->sample && !strcasecmp(what, l->sample)) return 3;
  if (strcasestr(l->name, what)) return 2;
  return strcasestr(l->title, what) || strcasestr(l->chapter, what);
}

/* The edit distance of two short words, case ignored; long ones count as far away. */
static size_t distance(const char *a, const char *b) {
  size_t row[64], n = strlen(b);
  if (n >= sizeof row / sizeof *row || strlen(a) >= sizeof row / sizeof *row) return SIZE_MAX;
  for (size_t j = 0; j <= n; j++) row[j] = j;
  for (size_t i = 1; a[i - 1]; i++) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= n; j++) {
      bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
      size_t best = corner + !same;
      corner = row[j];
      if (corner + 1 < best) best = corner + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
    }
  }
  return row[n];
}

/* The names nearest to what was typed. */
static void print_nearest(const Lessons *all, const char *what, FILE *err) {
  size_t near[SUGGESTED], used = 0;
  for (size_t i = 0; i < all->count; i++) {
    size_t at = used < SUGGESTED ? used++ : SUGGESTED, d = distance(what, all->list[i].name);
    if (at == SUGGESTED && distance(what, all->list[near[--at]].name) <= d) continue;
    for (; at > 0 && distance(what, all->list[near[at - 1]].name) > d; at--) near[at] = near[at - 1];
    near[at] = i;
  }
  (void)fprintf(err, in_either("moonfork: there is no lesson '%s'. Near to it:\n", "moonfork: 没有名为 '%s' 的脚本。相近的有：\n"), what);
  for (size_t i = 0; i < used; i++) print_row(err, all, &all->list[near[i]]);
}

const Lesson *lessons_find(const Lessons *all, const char *what, FILE *err) {
  const Lesson *found = NULL;
  int best = 0, count = 0;
  for (size_t i = 0; i < all->count; i++) {
    int fit = *what ? fits(&all->list[i], what) : 0;
    if (fit > best) best = fit, count = 0, found = &all->list[i];
    if (fit == best && fit > 0) count++;
  }
  if (count == 1) return found;
  if (count == 0) {
    print_nearest(all, what, err);
    return NULL;
  }
  (void)fprintf(err, in_either("moonfork: '%s' may be any of these lessons:\n", "moonfork: '%s' 可以是下面任何一个：\n"), what);
  for (size_t i = 0; i < all->count; i++)
    if (fits(&all->list[i], what) == best) print_row(err, all, &all->list[i]);
  return NULL;
}

/* ---- running ---- */

/* Starts the program with the lesson as its script, in the lesson's folder. 0 or a positive errno. */
static int lesson_spawn(const Lesson *l, char **args, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attr;
  sigset_t defaults;
  char *folder = strdup(l->path);
  if (!folder) return ENOMEM;
  *strrchr(folder, '/') = '\0';
  (void)sigemptyset(&defaults);
  (void)sigaddset(&defaults, SIGINT);
  (void)sigaddset(&defaults, SIGQUIT);
  int err = posix_spawn_file_actions_init(&actions);
  if (err) goto no_actions;
  if ((err = posix_spawnattr_init(&attr))) goto no_attr;
  (void)posix_spawnattr_setsigdefault(&attr, &defaults);
  (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
  err = posix_spawn_file_actions_addchdir_np(&actions, folder);
  if (!err) err = posix_spawn(pid, "/proc/self/exe", &actions, &attr, args, environ);
  (void)posix_spawnattr_destroy(&attr);
no_attr:
  (void)posix_spawn_file_actions_destroy(&actions);
no_actions:
  free(folder);
  return err;
}

/* Runs the lesson; Ctrl-C is its affair, not ours. Returns its exit code as a shell tells it. */
static int lesson_run(const Lesson *l, int nargs, char **args) {
  char exe[PATH_MAX];
  size_t len = sizeof exe;
  int err = uv_exepath(exe, &len), status = 0;
  pid_t pid;
  char **argv = calloc((size_t)nargs + 3, sizeof *argv);
  if (err || !argv) {
    free(argv);
    (void)fprintf(stderr, "moonfork: the lesson cannot be started\n");
    return 1;
  }
  argv[0] = exe;
  argv[1] = l->path;
  memcpy(argv + 2, args, (size_t)nargs * sizeof *args);
  (void)fflush(stdout);
  (void)signal(SIGINT, SIG_IGN);
  (void)signal(SIGQUIT, SIG_IGN);
  err = trace_begin(NULL); /* the views show it from the start */
  if (err && err != UV_ENOTSUP) (void)fprintf(stderr, "moonfork: not traced: %s\n", trace_why());
  (void)setenv(TRACE_ENV_ROLE, "lesson", 1); /* for the child, which takes it out */
  err = lesson_spawn(l, argv, &pid);
  free(argv);
  if (err) {
    (void)fprintf(stderr, "moonfork: the lesson cannot be started: %s\n", strerror(err));
    return 1;
  }
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int lesson_main(int argc, char **argv) {
  Lessons all;
  if (argc > 0 && !strcmp(argv[0], "check")) return check_main(argc - 1, argv + 1);
  int err = lessons_read(&all), code = 1;
  if (access("/proc/self/stat", F_OK) != 0)
    (void)fprintf(stderr, in_either("moonfork: /proc is not mounted, and no lesson runs without it: mount -t proc proc /proc\n",
                                    "moonfork: 没有挂载 /proc，课程无法运行：mount -t proc proc /proc\n"));
  if (err) {
    (void)fprintf(stderr, in_either("moonfork: the lessons cannot be read: %s\n", "moonfork: 读不了课程：%s\n"), uv_strerror(err));
    return 1;
  }
  if (all.count == 0) {
    (void)fprintf(stderr, in_either("moonfork: no lessons in %s; MOONFORK_LESSONS names their folder\n",
                                    "moonfork: %s 中没有课程；用 MOONFORK_LESSONS 指定课程目录\n"),
                  all.folder ? all.folder : in_either("lessons or ../share/moonfork/lessons beside the program",
                                                      "程序旁边的 lessons 和 ../share/moonfork/lessons"));
  } else if (!(argc > 0 && !strcmp(argv[0], "scripts")) && course_main(argc, argv, all.folder, &code)) {
    /* it was about the course */
  } else if (argc == 0 || !strcmp(argv[0], "scripts")) {
    lessons_print(&all, stdout, "moonfork lesson NAME");
    code = 0;
  } else {
    const Lesson *l = lessons_find(&all, argv[0], stderr);
    if (l) {
      lesson_print_head(l, stdout);
      code = lesson_run(l, argc - 1, argv + 1);
    }
  }
  lessons_free(&all);
  return code;
}
