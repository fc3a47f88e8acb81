/* SPDX-License-Identifier: MIT */
/* node.c - see node.h. A sample may lie in another chapter's folder than the script that names it. */
#include "node.h"
#include "course.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- files ---- */

static void add_file(NodeText *out, const char *path) {
  char *text = work_read(path);
  const char *slash = strrchr(path, '/');
  if (!text) return;
  strbuf_addf(&out->text, "%s-- %s%s\n%s", out->head_on, slash ? slash + 1 : path, out->head_off, text);
  if (*text && text[strlen(text) - 1] != '\n') strbuf_addc(&out->text, '\n');
  free(text);
}

/* Adds the files of the folder that end so; how many. */
static int add_folder(NodeText *out, const char *folder, const char *ending) {
  struct dirent **names;
  int n = scandir(folder, &names, NULL, alphasort), count = 0;
  for (int i = 0; i < n; i++) {
    size_t len = strlen(names[i]->d_name), size = strlen(ending);
    char *path;
    if (len > size && !strcmp(names[i]->d_name + len - size, ending) &&
        asprintf(&path, "%s/%s", folder, names[i]->d_name) >= 0) {
      add_file(out, path);
      count++;
      free(path);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  return count;
}

/* A lesson of several files is its folder. */
static void add_lua(NodeText *out, const char *script) {
  const char *slash = strrchr(script, '/');
  char *folder = slash && !strcmp(slash, "/main.lua") ? strndup(script, (size_t)(slash - script)) : NULL;
  if (folder) (void)add_folder(out, folder, ".lua");
  else add_file(out, script);
  free(folder);
}

static bool add_sample(NodeText *out, const char *lessons, const char *sample) {
  struct dirent **names;
  bool found = false;
  int n = scandir(lessons, &names, NULL, alphasort);
  for (int i = 0; i < n; i++) {
    char *folder;
    if (!found && *names[i]->d_name != '.' &&
        asprintf(&folder, "%s/%s/node/%s", lessons, names[i]->d_name, sample) >= 0) {
      found = add_folder(out, folder, ".js") > 0;
      free(folder);
    }
    free(names[i]);
  }
  if (n >= 0) free(names);
  return found;
}

/* ---- which one ---- */

/* The sample that the script names in its head: "S048", "" none. */
static void sample_of(const char *path, char *name, size_t size) {
  static const char mark[] = "-- sample: ";
  char *text = work_read(path), *at = text ? strstr(text, mark) : NULL;
  *name = '\0';
  if (at) at += sizeof mark - 1;
  if (at) (void)snprintf(name, size, "%.*s", (int)strcspn(at, " \r\n"), at);
  free(text);
}

bool node_add_script(NodeText *out, const char *lessons, const char *script) {
  char sample[16];
  sample_of(script, sample, sizeof sample);
  if (!*sample) return false;
  size_t before = out->text.len;
  add_lua(out, script);
  if (add_sample(out, lessons, sample)) return true;
  if (out->text.p) out->text.p[out->text.len = before] = '\0';
  return false;
}

/* Only what has a sample is asked for, so `orphan` means the lesson that has one. */
static const Lesson *find_sampled(Lessons *all, const char *word, FILE *why) {
  size_t kept = 0;
  for (size_t i = 0; i < all->count; i++) {
    Lesson one = all->list[i];
    if (!*one.sample) continue;
    all->list[i] = all->list[kept];
    all->list[kept++] = one;
  }
  Lessons sampled = { .folder = all->folder, .list = all->list, .count = kept };
  return lessons_find(&sampled, word, why);
}

bool node_add_named(NodeText *out, const char *word) {
  Lessons all;
  char *why = NULL;
  size_t len;
  FILE *f = lessons_read(&all) == 0 ? open_memstream(&why, &len) : NULL;
  if (!f) {
    strbuf_adds(&out->text, "The lessons cannot be read.\n");
    return false;
  }
  bool is_sample = *word == 'S' || *word == 's', found = false;
  const Lesson *lesson = all.folder ? find_sampled(&all, word, f) : NULL;
  (void)fclose(f);
  if (lesson) {
    found = node_add_script(out, all.folder, lesson->path);
  } else if (is_sample && all.folder && strspn(word + 1, "0123456789") == strlen(word + 1)) {
    char sample[16]; /* no script in Lua names it */
    (void)snprintf(sample, sizeof sample, "S%s", word + 1);
    found = add_sample(out, all.folder, sample);
  }
  if (!found && why) strbuf_adds(&out->text, !strncmp(why, "moonfork: ", 10) ? why + 10 : why);
  free(why);
  lessons_free(&all);
  return found;
}

char *node_last_script(const char *lessons) {
  Progress p;
  StrBuf faults;
  char *folder = NULL, *script = NULL;
  strbuf_init(&faults);
  (void)progress_read(&p);
  const char *slash = p.at ? strchr(p.at, '/') : NULL;
  if (slash && asprintf(&folder, "%s/%.*s", lessons, (int)(slash - p.at), p.at) < 0) folder = NULL;
  Guide *g = folder && guide_exists(folder) ? guide_read(folder, &faults) : NULL;
  for (int i = 0; g && i < g->nsteps && !script; i++)
    if (!strcmp(g->steps[i].id, slash + 1) && g->steps[i].script) script = guide_script(g, g->steps[i].script);
  if (g) guide_free(g);
  free(folder);
  progress_free(&p);
  strbuf_free(&faults);
  return script;
}
