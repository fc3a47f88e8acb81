/* SPDX-License-Identifier: MIT */
/* work.c - see work.h. */
#include "work.h"
#include "progress.h"
#include "../whole.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *work_path(const char *chapter, const char *name) {
  const char *own = getenv("MOONFORK_WORK"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  char *path = NULL;
  int len = own && *own            ? asprintf(&path, "%s/%s/%s", own, chapter, name)
            : data && *data == '/' ? asprintf(&path, "%s/moonfork/%s/%s", data, chapter, name)
            : home && *home        ? asprintf(&path, "%s/.local/share/moonfork/%s/%s", home, chapter, name)
                                   : -1;
  if (len < 0) return NULL;
  (void)whole_folders(path); /* opening the file tells */
  return path;
}

char *work_read(const char *path) {
  FILE *f = fopen(path, "re");
  char *text = NULL;
  size_t size = 0;
  if (!f) return NULL;
  ssize_t n = getdelim(&text, &size, '\0', f);
  if (n < 0 && (free(text), text = NULL, !ferror(f))) text = strdup("");
  (void)fclose(f);
  return text;
}

int work_write(const char *path, const char *text) { return whole_replace(path, text, strlen(text)); }

int work_copy(const char *from, const char *to) {
  if (access(to, F_OK) == 0) return 0;
  char *text = work_read(from);
  if (!text) return -errno;
  int err = work_write(to, text);
  free(text);
  return err;
}

int work_copy_folder(const char *from, const char *to) {
  DIR *dir = opendir(from);
  int err = 0;
  if (!dir) return -errno;
  if (mkdir(to, 0700) != 0 && errno != EEXIST) err = -errno;
  for (struct dirent *e; !err && (e = readdir(dir));) {
    size_t len = strlen(e->d_name);
    char *a = NULL, *b = NULL;
    if (*e->d_name == '.' || len < 5 || strcmp(e->d_name + len - 4, ".lua")) continue;
    if (asprintf(&a, "%s/%s", from, e->d_name) < 0 || asprintf(&b, "%s/%s", to, e->d_name) < 0) err = -ENOMEM;
    else err = work_copy(a, b);
    free(a);
    free(b);
  }
  (void)closedir(dir);
  return err;
}

int work_reset(const char *from, const char *to) {
  char *kept;
  if (asprintf(&kept, "%s.1", to) < 0) return -ENOMEM;
  int err = rename(to, kept) != 0 && errno != ENOENT ? -errno : 0;
  free(kept);
  return err ? err : work_copy(from, to);
}
