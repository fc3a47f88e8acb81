/* SPDX-License-Identifier: MIT */
/* guide.c - see guide.h. Reading is one protected body; each fault is one line, and reading goes on. */
#include "guide.h"
#include "facts.h"
#include "work.h"

#include <ctype.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const step_kinds[STEP_KINDS] = { "explain", "say", "run", "predict", "try", "exercise" };

enum { PICTURE_LINES = 12, TEXT_LINES = 18, TITLE_COLUMNS = 48, CHOICE_COLUMNS = 74, CODE_COLUMNS = 78 };
enum { LONGEST_RUN = 90 };

typedef struct Reader {
  Guide *guide;
  StrBuf *faults;
  const char *path;
  char where[96]; /* "step 3 (late-timer)", "" outside */
} Reader;

static void fault(Reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void fault(Reader *r, const char *fmt, ...) {
  char text[512];
  va_list ap;
  va_start(ap, fmt);
  (void)vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  strbuf_addf(r->faults, "%s: %s%s%s\n", r->path, r->where, *r->where ? ": " : "", text);
}

/* ---- texts ---- */

static const char *const lang_names[LANG_COUNT] = { "en", "zh" };

static void check_width(Reader *r, const char *field, const char *lang, const char *text, int most_lines) {
  int lines, columns = text_widest(text, TEXT_COLUMNS, &lines);
  if (columns > TEXT_COLUMNS) fault(r, "%s.%s is %d columns wide, 80 are there", field, lang, columns);
  if (lines > most_lines) fault(r, "%s.%s has %d lines, at most %d fit", field, lang, lines, most_lines);
}

/* The string of a key of the table at idx, NULL when it is none. The table keeps it alive. */
static const char *field_string(lua_State *L, int idx, const char *key) {
  lua_getfield(L, idx, key);
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  lua_pop(L, 1);
  return text;
}

/* Both languages of the table at idx. */
static void read_both(Reader *r, lua_State *L, int idx, const char *field, Text *text, int most_lines) {
  for (int lang = 0; lang < LANG_COUNT; lang++) {
    text->in[lang] = field_string(L, idx, lang_names[lang]);
    if (!text->in[lang] || !*text->in[lang]) fault(r, "%s%shas no %s", field, *field ? " " : "", lang_names[lang]);
    else check_width(r, *field ? field : "text", lang_names[lang], text->in[lang], most_lines);
  }
}

static bool read_text_field(Reader *r, lua_State *L, int idx, const char *field, Text *text, bool must) {
  int type = lua_getfield(L, idx, field);
  if (type == LUA_TTABLE) read_both(r, L, lua_gettop(L), field, text, TEXT_LINES);
  else if (type != LUA_TNIL) fault(r, "%s is not a table with en and zh", field);
  else if (must) fault(r, "has no %s", field);
  lua_pop(L, 1);
  return type == LUA_TTABLE;
}

/* One text for both languages, or one for each; lines stand as they are. */
static void read_picture(Reader *r, lua_State *L, int idx, Text *text) {
  int type = lua_getfield(L, idx, "picture");
  if (type == LUA_TSTRING) text->in[LANG_EN] = text->in[LANG_ZH] = lua_tostring(L, -1);
  else if (type == LUA_TTABLE)
    for (int lang = 0; lang < LANG_COUNT; lang++)
      if (!(text->in[lang] = field_string(L, -1, lang_names[lang]))) fault(r, "picture has no %s", lang_names[lang]);
  lua_pop(L, 1);
  for (int lang = 0; lang < LANG_COUNT; lang++) {
    int lines = 0;
    for (const char *p = text->in[lang]; p && *p; lines++) {
      size_t n = strcspn(p, "\n");
      int width = text_columns(p, n);
      if (width > TEXT_COLUMNS) fault(r, "picture: a line is %d columns wide, 80 are there", width);
      p += n + (p[n] == '\n');
    }
    if (lines > PICTURE_LINES) fault(r, "picture has %d lines, at most %d", lines, PICTURE_LINES);
  }
}

/* ---- lists and functions ---- */

static int read_function(Reader *r, lua_State *L, int idx, const char *field, bool must) {
  int type = lua_getfield(L, idx, field);
  if (type == LUA_TFUNCTION) return luaL_ref(L, LUA_REGISTRYINDEX);
  if (type != LUA_TNIL) fault(r, "%s is not a function", field);
  else if (must) fault(r, "has no %s", field);
  lua_pop(L, 1);
  return 0;
}

static int read_texts(Reader *r, lua_State *L, int idx, const char *field, Text *list, int most) {
  int count = 0;
  if (lua_getfield(L, idx, field) == LUA_TTABLE) {
    for (int i = 1; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
      char name[48];
      (void)snprintf(name, sizeof name, "%s[%d]", field, i);
      if (count == most) fault(r, "%s: more than %d", field, most);
      else read_both(r, L, lua_gettop(L), name, &list[count++], TEXT_LINES);
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return count;
}

static void read_checks(Reader *r, lua_State *L, int idx, Step *s, bool must) {
  int type = lua_getfield(L, idx, "check");
  for (int i = 1; type == LUA_TTABLE && lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "check[%d]", i);
    if (s->nchecks == MOST_ITEMS) {
      fault(r, "check: more than %d", MOST_ITEMS);
    } else {
      Check *c = &s->checks[s->nchecks++];
      read_both(r, L, lua_gettop(L), name, &c->text, 4);
      if (lua_rawgeti(L, -1, 1) == LUA_TFUNCTION) c->fn = luaL_ref(L, LUA_REGISTRYINDEX);
      else {
        fault(r, "%s: the first value is not a function", name);
        lua_pop(L, 1);
      }
    }
    lua_pop(L, 1);
  }
  if (type == LUA_TTABLE) lua_pop(L, 1);
  if (type != LUA_TTABLE && (must || type != LUA_TNIL)) fault(r, must ? "has no check" : "check is not a list");
  if (type == LUA_TTABLE && s->nchecks == 0) fault(r, "check is empty");
  lua_pop(L, 1);
}

static void read_args(Reader *r, lua_State *L, int idx, Step *s) {
  if (lua_getfield(L, idx, "args") == LUA_TTABLE) {
    for (int i = 1; lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
      if (lua_type(L, -1) != LUA_TSTRING) fault(r, "args[%d] is not a string", i);
      else if (s->nargs == MOST_ARGS) fault(r, "args: more than %d", MOST_ARGS);
      else s->args[s->nargs++] = lua_tostring(L, -1);
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* ---- files ---- */

bool guide_exists(const char *folder) {
  char *path;
  if (asprintf(&path, "%s/guide.lua", folder) < 0) return false;
  bool is = access(path, R_OK) == 0;
  free(path);
  return is;
}

char *guide_script(const Guide *guide, const char *script) {
  char *path;
  struct stat st;
  if (asprintf(&path, "%s/%s", guide->folder, script) < 0) return NULL;
  if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) return path;
  free(path);
  return asprintf(&path, "%s/%s/main.lua", guide->folder, script) < 0 ? NULL : path;
}

char *guide_exercise(const Guide *guide, const Step *step, const char *file) {
  char *path;
  return asprintf(&path, "%s/exercises/%s/%s", guide->folder, step->id, file) < 0 ? NULL : path;
}

static void need_file(Reader *r, char *path) {
  if (path && access(path, R_OK) != 0) fault(r, "there is no %s", path + strlen(r->guide->folder) + 1);
  free(path);
}

/* The student reads it as it stands, in an editor or by the key `s`: code that folds is hard to read. */
static void check_code(Reader *r, const char *file, const char *text) {
  int number = 1;
  for (const char *p = text; *p; number++) {
    size_t n = strcspn(p, "\n");
    int width = text_columns(p, n);
    if (width > CODE_COLUMNS) fault(r, "%s:%d is %d columns wide, at most %d", file, number, width, CODE_COLUMNS);
    p += n + (p[n] == '\n');
  }
}

static void need_code(Reader *r, char *path) {
  char *text = path ? work_read(path) : NULL;
  if (text) check_code(r, path + strlen(r->guide->folder) + 1, text);
  free(text);
  need_file(r, path);
}

/* ---- steps ---- */

static void read_predict(Reader *r, lua_State *L, int idx, Step *s) {
  s->nchoices = read_texts(r, L, idx, "choices", s->choices, MOST_CHOICES);
  for (int i = 0; i < s->nchoices; i++)
    for (int lang = 0; lang < LANG_COUNT; lang++) {
      const char *text = text_in(&s->choices[i], lang);
      int width = text_columns(text, strlen(text));
      if (strchr(text, '\n') || width > CHOICE_COLUMNS)
        fault(r, "choices[%d].%s is %d columns wide, at most %d", i + 1, lang_names[lang], width, CHOICE_COLUMNS);
    }
  if (s->nchoices == 1) fault(r, "choices: one is no choice");
  s->answer = read_function(r, L, idx, "answer", true);
  s->accept = read_function(r, L, idx, "accept", false);
  if (lua_getfield(L, idx, "known") == LUA_TNIL) fault(r, "has no known"), lua_pop(L, 1);
  else s->known = luaL_ref(L, LUA_REGISTRYINDEX);
  (void)read_text_field(r, L, idx, "because", &s->because, true);
}

static void read_exercise(Reader *r, lua_State *L, int idx, Step *s) {
  s->nhints = read_texts(r, L, idx, "hints", s->hints, MOST_HINTS);
  if (s->nhints != MOST_HINTS) fault(r, "has %d hints, not %d", s->nhints, MOST_HINTS);
  need_code(r, guide_exercise(r->guide, s, "start.lua"));
  need_code(r, guide_exercise(r->guide, s, "solution.lua"));
}

static void read_script(Reader *r, lua_State *L, int idx, Step *s) {
  s->script = field_string(L, idx, "script");
  if (!s->script) fault(r, "has no script");
  else if (*s->script == '/' || strstr(s->script, "..")) fault(r, "script must lie in the chapter's folder");
  else need_file(r, guide_script(r->guide, s->script));
}

static void read_try(Reader *r, lua_State *L, int idx, Step *s) {
  s->from = field_string(L, idx, "from");
  s->to = field_string(L, idx, "to");
  if (!s->from || !s->to) fault(r, "has no from and to");
  (void)read_text_field(r, L, idx, "differs", &s->differs, true);
}

static void read_limits(Reader *r, lua_State *L, int idx, Step *s) {
  lua_getfield(L, idx, "limit");
  s->limit = lua_isnumber(L, -1) ? lua_tonumber(L, -1) : 10;
  lua_getfield(L, idx, "random");
  s->random = lua_toboolean(L, -1);
  lua_pop(L, 2);
  s->puzzle = read_function(r, L, idx, "puzzle", false);
  if (s->puzzle && !(s->random && s->kind == STEP_PREDICT)) fault(r, "puzzle: only in a predict step with random = true");
  if (!(s->limit > 0 && s->limit <= LONGEST_RUN)) fault(r, "limit: seconds, at most %d", LONGEST_RUN);
  s->stop = field_string(L, idx, "stop");
  s->over = read_function(r, L, idx, "over", false);
}

static bool is_id(const char *id) {
  size_t len = strlen(id);
  return len > 0 && len <= 40 && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* The key that names the kind also holds the step's id. */
static bool read_kind(Reader *r, lua_State *L, int idx, Step *s) {
  bool found = false;
  for (int kind = 0; kind < STEP_KINDS; kind++) {
    const char *id = field_string(L, idx, step_kinds[kind]);
    if (!id) continue;
    if (found) fault(r, "is a %s and a %s", step_kinds[s->kind], step_kinds[kind]);
    found = true;
    s->kind = (StepKind)kind;
    s->id = id;
  }
  if (!found) fault(r, "is none of explain, say, run, predict, try, exercise");
  else if (!is_id(s->id)) fault(r, "its name may have a-z, 0-9 and -");
  return found;
}

static void check_keys(Reader *r, lua_State *L, int idx) {
  static const char *const known[] = { "explain", "say", "run", "predict", "try", "exercise", "en", "zh", "look",
    "because", "differs", "picture", "view", "script", "args", "from", "to", "choices", "hints", "check", "answer",
    "accept", "known", "over", "limit", "random", "puzzle", "stop", NULL };
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
    bool is = false;
    if (lua_type(L, -2) == LUA_TSTRING)
      for (int i = 0; known[i] && !is; i++) is = !strcmp(known[i], lua_tostring(L, -2));
    if (!is) fault(r, "no step has the field %s", luaL_tolstring(L, -2, NULL)), lua_pop(L, 1);
  }
}

static void read_step(Reader *r, lua_State *L, int idx, int number) {
  Guide *g = r->guide;
  Step *s = &g->steps[g->nsteps++];
  (void)snprintf(r->where, sizeof r->where, "step %d", number);
  if (!lua_istable(L, idx)) {
    fault(r, "is no table");
    return;
  }
  if (!read_kind(r, L, idx, s)) return;
  (void)snprintf(r->where, sizeof r->where, "step %d (%.40s)", number, s->id);
  for (int i = 0; i < g->nsteps - 1; i++)
    if (g->steps[i].id && !strcmp(g->steps[i].id, s->id)) fault(r, "step %d has this name, too", i + 1);
  check_keys(r, L, idx);
  read_both(r, L, idx, "", &s->text, TEXT_LINES);
  read_picture(r, L, idx, &s->picture);
  (void)read_text_field(r, L, idx, "look", &s->look, s->kind == STEP_RUN);
  s->view = field_string(L, idx, "view");
  if (s->view && *s->view != '.') fault(r, "view is no command that begins with a point");
  if (s->kind == STEP_RUN && !s->view) fault(r, "has no view");
  if (s->kind == STEP_RUN || s->kind == STEP_PREDICT || s->kind == STEP_TRY) read_script(r, L, idx, s);
  read_args(r, L, idx, s);
  read_limits(r, L, idx, s);
  read_checks(r, L, idx, s, s->kind == STEP_EXERCISE);
  if (s->kind == STEP_PREDICT) read_predict(r, L, idx, s);
  if (s->kind == STEP_TRY) read_try(r, L, idx, s);
  if (s->kind == STEP_EXERCISE) read_exercise(r, L, idx, s);
}

static void read_steps(Reader *r, lua_State *L, int idx) {
  Guide *g = r->guide;
  if (lua_getfield(L, idx, "steps") == LUA_TTABLE) {
    int n = (int)lua_rawlen(L, -1);
    g->steps = calloc((size_t)n + 1, sizeof *g->steps);
    for (int i = 1; g->steps && i <= n; i++) {
      lua_rawgeti(L, -1, i);
      read_step(r, L, lua_gettop(L), i);
      lua_pop(L, 1);
    }
    *r->where = '\0';
    if (n == 0) fault(r, "steps is empty");
  } else {
    fault(r, "has no steps");
  }
  lua_pop(L, 1);
}

static void read_head(Reader *r, lua_State *L, int idx) {
  Guide *g = r->guide;
  if (read_text_field(r, L, idx, "title", &g->title, true))
    for (int lang = 0; lang < LANG_COUNT; lang++) {
      const char *text = text_in(&g->title, lang);
      if (text_columns(text, strlen(text)) > TITLE_COLUMNS || strchr(text, '\n'))
        fault(r, "title.%s is wider than %d columns", lang_names[lang], TITLE_COLUMNS);
    }
  lua_getfield(L, idx, "minutes");
  g->minutes = (int)lua_tointeger(L, -1);
  if (g->minutes < 1) fault(r, "has no minutes");
  lua_getfield(L, idx, "skip");
  g->no_skip = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
  lua_pop(L, 2);
}

/* ---- the file ---- */

static int read_body(lua_State *L) {
  Reader *r = lua_touserdata(L, 1);
  facts_open(L, &r->guide->facts); /* [+1] the globals of guides */
  if (luaL_loadfilex(L, r->path, "t") != LUA_OK) return lua_error(L);
  lua_pushvalue(L, -2);
  if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1); /* a chunk without globals */
  lua_call(L, 0, 1);
  if (!lua_istable(L, -1)) {
    fault(r, "returns no table");
    return 0;
  }
  int idx = lua_gettop(L);
  read_head(r, L, idx);
  read_steps(r, L, idx);
  lua_pushvalue(L, idx);
  (void)luaL_ref(L, LUA_REGISTRYINDEX); /* keeps the strings */
  return 0;
}

static bool guide_init(Guide *g, const char *folder) {
  g->folder = realpath(folder, NULL);
  if (!g->folder) g->folder = strdup(folder);
  const char *slash = g->folder ? strrchr(g->folder, '/') : NULL;
  g->name = g->folder ? strdup(slash ? slash + 1 : g->folder) : NULL;
  g->L = luaL_newstate();
  return g->name && g->L;
}

Guide *guide_read(const char *folder, StrBuf *faults) {
  Guide *g = calloc(1, sizeof *g);
  char *path = NULL;
  if (!g || !guide_init(g, folder) || asprintf(&path, "%s/guide.lua", g->folder) < 0) {
    strbuf_addf(faults, "%s: out of memory\n", folder);
    if (g) guide_free(g);
    return NULL;
  }
  Reader r = { .guide = g, .faults = faults, .path = path };
  lua_pushcfunction(g->L, read_body);
  lua_pushlightuserdata(g->L, &r);
  if (lua_pcall(g->L, 1, 0, 0) != LUA_OK) {
    const char *why = lua_tostring(g->L, -1);
    strbuf_addf(faults, "%s\n", why ? why : "the guide raises an error");
    lua_pop(g->L, 1);
  }
  free(path);
  return g;
}

void guide_free(Guide *g) {
  if (g->L) lua_close(g->L);
  free(g->steps);
  free(g->folder);
  free(g->name);
  free(g);
}
