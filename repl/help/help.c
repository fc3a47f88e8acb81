/* SPDX-License-Identifier: MIT */
/* help.c - ?name, ?? word, .help and help(x): prints documentation rows.
 *
 * A question is a name or qualifier.name; a qualifier may be a module, a class (or one derived from the
 * member's), or a variable that holds an object. Lessons that use a name are found by reading them. */
#include "../commands/commands.h"
#include "culprit.h"
#include "docs.h"
#include "../known.h"
#include "../lesson.h"
#include "../say.h"
#include "../session.h"
#include "zh.h"
#include "../course/text.h"
#include "../../modules/builtins.h"
#include "../../modules/core/class.h"
#include "../../modules/core/source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FULL = 2, MOST_BRIEF = 30, MOST_LESSONS = 6, NAME_SIZE = 80 };

typedef struct Question {
  lua_State *L;
  StrBuf *out;
  char qualifier[NAME_SIZE], name[NAME_SIZE];
  const ClassDef *of;   /* the qualifier's class: members of its bases fit, too */
  lua_CFunction fn;     /* of help(f): only the row of this function fits */
  int found, full;      /* rows that fit; how many to print in full */
  const char *word;     /* of a search, NULL otherwise */
  int best;             /* spelling distance of the nearest name */
  char nearest[NAME_SIZE];
} Question;

/* ---- one row ---- */

/* A signature of Lua's own functions has the library's name already. */
static bool begins_with(const char *sig, const char *owner) {
  size_t len = strlen(owner);
  return !strncmp(sig, owner, len) && sig[len] == '.';
}

static void add_title(StrBuf *out, const DocRow *row) {
  strbuf_adds(out, say_style(STYLE_BOLD));
  switch (row->kind) {
  case DOC_MODULE: strbuf_addf(out, "module %s", row->name); break;
  case DOC_CLASS: strbuf_addf(out, "class %s", row->name); break;
  case DOC_EVENT: strbuf_addf(out, "%s:on(\"%s\", function(%s) end)", row->owner, row->name, row->sig); break;
  case DOC_PROPERTY:
    strbuf_addf(out, "%s%s%s: %s", row->owner ? row->owner : "", row->owner ? "." : "", row->name, row->sig);
    break;
  case DOC_COMMAND: strbuf_addf(out, ".%s%s%s", row->name, *row->sig ? " " : "", row->sig); break;
  case DOC_CODE: strbuf_adds(out, row->name); break;
  default:
    if (row->owner && !(row->sig && begins_with(row->sig, row->owner)))
      strbuf_addf(out, "%s%s", row->owner, docs_separator(row));
    strbuf_adds(out, row->sig ? row->sig : row->name);
  }
  strbuf_adds(out, say_style(STYLE_NONE));
  if (row->cls && row->cls->base && row->kind == DOC_CLASS) strbuf_addf(out, ", a kind of %s", row->cls->base->name);
  strbuf_addc(out, '\n');
}

static void add_head(StrBuf *out, const char *text) {
  strbuf_addf(out, "%s%s%s\n", say_style(STYLE_DIM), text, say_style(STYLE_NONE));
}

static void add_options(StrBuf *out, const OptDef *rows) {
  if (!rows) return;
  add_head(out, "Options:");
  for (const OptDef *o = rows; o->name; o++) {
    strbuf_addf(out, "  %s: %s%s%s\n", o->name, o->type, o->fallback ? " = " : "", o->fallback ? o->fallback : "");
    say_wrap(out, o->doc, 6);
  }
}

static void add_code(StrBuf *out, const char *text) {
  while (*text) {
    size_t len = strcspn(text, "\n");
    strbuf_addf(out, "  %.*s\n", (int)len, text);
    text += len + (text[len] == '\n');
  }
}

/* `  methods: a, b, c` */
static void add_names(StrBuf *out, const char *kind, const void *rows, size_t size) {
  char line[4096];
  int len = 0;
  for (const char *row = rows; row; row += size) {
    const char *const *name = (const void *)row; /* every row begins with its name */
    if (!*name) break;
    if ((size_t)len + strlen(*name) + 3 > sizeof line) break;
    len += snprintf(line + len, sizeof line - (size_t)len, "%s%s", len ? ", " : "", *name);
  }
  if (!len) return;
  add_head(out, kind);
  say_wrap(out, line, 2);
}

static void add_members(StrBuf *out, const DocRow *row) {
  if (row->kind == DOC_MODULE) {
    char classes[1024] = "";
    add_names(out, "Functions:", row->module->functions, sizeof(FnDef));
    for (const ClassDef *const *c = row->module->classes; c && *c; c++)
      if (strlen(classes) + strlen((*c)->name) + 3 < sizeof classes)
        strcat(strcat(classes, *classes ? ", " : ""), (*c)->name);
    if (*classes) {
      add_head(out, "Classes:");
      say_wrap(out, classes, 2);
    }
    add_names(out, "Values:", row->module->constants, sizeof(PropDef));
    for (const ClassDef *const *c = row->module->objects; c && *c; c++) {
      if (strcasecmp((*c)->name, row->name) != 0) continue; /* the module is this object: trace, process */
      add_names(out, "Methods:", (*c)->methods, sizeof(FnDef));
      add_names(out, "Properties:", (*c)->props, sizeof(PropDef));
    }
  } else if (row->kind == DOC_CLASS) {
    add_names(out, "Methods:", row->cls->methods, sizeof(FnDef));
    add_names(out, "Properties:", row->cls->props, sizeof(PropDef));
    add_names(out, "Events:", row->cls->events, sizeof(EventDef));
  }
}

/* A command's text in the language of the moment. */
static const char *command_text(const char *name, const char *english) {
  char key[24];
  (void)snprintf(key, sizeof key, ".%s", name);
  return in_language(key, english);
}

/* The row's; "" where it has none. */
static const char *row_text(const DocRow *row) {
  if (!row->doc) return "";
  return row->kind == DOC_COMMAND ? command_text(row->name, row->doc) : in_language(row->name, row->doc);
}

/* ---- lessons ---- */

static bool is_word_char(char c) { return isalnum((unsigned char)c) || c == '_'; }

static bool text_has_word(const char *text, const char *word) {
  size_t len = strlen(word);
  for (const char *at = text; (at = strstr(at, word)); at += len)
    if ((at == text || !is_word_char(at[-1])) && !is_word_char(at[len])) return true;
  return false;
}

static bool file_has_word(const char *path, const char *word) {
  char line[1024];
  bool found = false;
  FILE *f = fopen(path, "re");
  if (!f) return false;
  while (!found && fgets(line, sizeof line, f)) {
    const char *code = line + strspn(line, " \t");
    found = strncmp(code, "--", 2) != 0 && text_has_word(code, word);
  }
  (void)fclose(f);
  return found;
}

static void add_lessons(StrBuf *out, const char *word) {
  Lessons all;
  int shown = 0;
  if (lessons_read(&all) != 0) return;
  for (size_t i = 0; i < all.count && shown < MOST_LESSONS; i++) {
    if (!file_has_word(all.list[i].path, word)) continue;
    if (shown++ == 0) strbuf_addf(out, "%sLessons:%s", say_style(STYLE_DIM), say_style(STYLE_NONE));
    strbuf_addf(out, " %s", all.list[i].name);
  }
  if (shown) strbuf_addc(out, '\n');
  lessons_free(&all);
}

static void add_full(lua_State *L, StrBuf *out, const DocRow *row) {
  const char *example = row->fn ? row->fn->example
                        : row->kind == DOC_CLASS ? row->cls->example
                        : row->kind == DOC_MODULE ? row->module->example : NULL;
  add_title(out, row);
  if (row->doc) say_wrap(out, row_text(row), 2);
  if (row->kind == DOC_CODE) culprit_add(L, row->name, out);
  add_members(out, row);
  if (row->fn) add_options(out, row->fn->options);
  if (example) {
    add_head(out, "Example:");
    add_code(out, example);
  }
  if (row->fn && row->fn->differs) {
    add_head(out, "Unlike Node:");
    say_wrap(out, row->fn->differs, 2);
  }
  if (row->kind != DOC_CODE && row->kind != DOC_COMMAND) add_lessons(out, row->name);
}

/* The name as it is asked for, and the first sentence, on one line of 80 columns. */
static void add_brief(StrBuf *out, const DocRow *row) {
  char name[2 * NAME_SIZE];
  const char *doc = row_text(row), *stop = strstr(doc, ". ");
  if (!stop) stop = strstr(doc, "。");
  int len = stop ? (int)(stop - doc) : (int)strcspn(doc, "\n");
  (void)snprintf(name, sizeof name, "%s%s%s%s%s", row->kind == DOC_COMMAND ? "." : "",
                 row->owner ? row->owner : "", docs_separator(row), row->name,
                 row->kind == DOC_EVENT ? " (event)" : "");
  int room = 76 - (int)(strlen(name) > 26 ? strlen(name) : 26);
  if (room < 10) room = 10;
  bool cut = text_columns(doc, (size_t)len) > room;
  while (cut && (text_columns(doc, (size_t)len) > room - 3 || ((unsigned char)doc[len] & 0xC0) == 0x80)) len--;
  strbuf_addf(out, "  %-26s %.*s%s\n", name, len, doc, cut ? "..." : "");
}

/* ---- questions ---- */

static bool class_is_below(const ClassDef *def, const ClassDef *base) {
  for (; def; def = def->base)
    if (def == base || (def->also && class_is_below(def->also, base))) return true;
  return false;
}

static bool fits(const Question *q, const DocRow *row) {
  if (q->fn) return row->fn && row->fn->fn == q->fn;
  if (docs_match(row, q->qualifier, q->name)) return true;
  return q->of && row->cls && row->kind != DOC_CLASS && !strcmp(row->name, q->name) &&
         class_is_below(q->of, row->cls);
}

static void count_row(const DocRow *row, void *ctx) {
  Question *q = ctx;
  if (fits(q, row)) q->found++;
}

static void print_row(const DocRow *row, void *ctx) {
  Question *q = ctx;
  if (!fits(q, row)) return;
  if (q->full) add_full(q->L, q->out, row);
  else if (row->kind != DOC_MODULE) add_brief(q->out, row); /* print_module had it */
}

static void find_class(const DocRow *row, void *ctx) {
  Question *q = ctx;
  if (row->kind == DOC_CLASS && !strcmp(row->name, q->qualifier)) q->of = row->cls;
}

static void measure_row(const DocRow *row, void *ctx) {
  Question *q = ctx;
  size_t len = strlen(q->name), size = strlen(row->name);
  int distance = spelling_distance(q->name, len, row->name, size, q->best - 1);
  if (distance >= q->best || size >= sizeof q->nearest) return;
  q->best = distance;
  (void)snprintf(q->nearest, sizeof q->nearest, "%s", row->name);
}

/* Splits "a.b:c" into qualifier "b" and name "c". */
static void split_question(Question *q, const char *text, size_t len) {
  size_t name = len, qualifier;
  while (name > 0 && !strchr(".:", text[name - 1])) name--;
  qualifier = name > 0 ? name - 1 : 0;
  while (qualifier > 0 && !strchr(".:", text[qualifier - 1])) qualifier--;
  size_t size = name > 0 ? name - 1 - qualifier : 0;
  (void)snprintf(q->name, sizeof q->name, "%.*s", (int)(len - name), text + name);
  (void)snprintf(q->qualifier, sizeof q->qualifier, "%.*s", (int)size, text + qualifier);
}

/* Pushes the variable's value, raw. [+1] */
static int push_variable(lua_State *L, const char *name) {
  session_push(L);
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    lua_remove(L, -2);
  }
  lua_remove(L, -2);
  return lua_type(L, -1);
}

static const ClassDef *class_of_variable(lua_State *L, const char *name) {
  if (!*name) return NULL;
  (void)push_variable(L, name);
  const ClassDef *def = class_of(L, -1);
  lua_pop(L, 1);
  return def;
}

/* A system error that has no row of its own. */
static bool add_system_error(StrBuf *out, const char *name) {
  for (int number = 1; number < 200; number++)
    if (!strcmp(uv_err_name(-number), name)) {
      strbuf_addf(out, "%s%s%s\n  %s (errno %d)\n", say_style(STYLE_BOLD), name, say_style(STYLE_NONE),
                  uv_strerror(-number), -number);
      return true;
    }
  return false;
}

static void answer_nothing(Question *q, const char *text, size_t len) {
  if (add_system_error(q->out, q->name)) return;
  q->best = spelling_limit(strlen(q->name)) + 1;
  docs_each(q->L, measure_row, q);
  if (*q->nearest) strbuf_addf(q->out, "nothing is known of %.*s; did you mean %s?\n", (int)len, text, q->nearest);
  else strbuf_addf(q->out, "nothing is known of %.*s; ?? WORD searches in all texts\n", (int)len, text);
}

/* A module whose name others share, like trace, has its page first; theirs are one line each. */
static void print_module(const DocRow *row, void *ctx) {
  Question *q = ctx;
  if (row->kind != DOC_MODULE || !fits(q, row)) return;
  add_full(q->L, q->out, row);
  add_head(q->out, "Other things of that name:");
}

static void answer_rows(Question *q) {
  q->full = q->found <= MOST_FULL;
  if (!q->full) docs_each(q->L, print_module, q);
  docs_each(q->L, print_row, q);
  if (!q->full) strbuf_adds(q->out, "?OWNER.NAME tells more of one\n");
}

/* A Lua function: where it is. */
static void describe_function(lua_State *L, int idx, StrBuf *out) {
  lua_Debug ar;
  lua_pushvalue(L, idx);
  lua_getinfo(L, ">Su", &ar);
  if (*ar.what == 'C') {
    strbuf_adds(out, "a function in C without documentation\n");
    return;
  }
  strbuf_addf(out, "a Lua function of %d%s %s, defined at %s:%d\n", ar.nparams, ar.isvararg ? " or more" : "",
              ar.nparams == 1 && !ar.isvararg ? "argument" : "arguments", ar.short_src, ar.linedefined);
  for (int line = ar.linedefined; line <= ar.lastlinedefined && line < ar.linedefined + 12; line++) {
    if (!source_push_line(L, ar.source, line)) break;
    strbuf_addf(out, "  %s\n", lua_tostring(L, -1));
    lua_pop(L, 1);
  }
}

static void answer(Question *q, const char *text, size_t len) {
  lua_State *L = q->L;
  split_question(q, text, len);
  q->of = class_of_variable(L, q->qualifier);
  if (!q->of && *q->qualifier) docs_each(L, find_class, q);
  docs_each(L, count_row, q);
  if (q->found) {
    answer_rows(q);
    return;
  }
  const ClassDef *def = *q->qualifier ? NULL : class_of_variable(L, q->name);
  if (def) {
    (void)snprintf(q->name, sizeof q->name, "%s", def->name);
    docs_each(L, count_row, q);
    answer_rows(q);
    return;
  }
  if (!*q->qualifier && push_variable(L, q->name) == LUA_TFUNCTION) describe_function(L, lua_gettop(L), q->out);
  else answer_nothing(q, text, len);
}

/* ---- searching ---- */

static bool text_contains(const char *text, const char *word) { return text && strcasestr(text, word); }

static void search_row(const DocRow *row, void *ctx) {
  Question *q = ctx;
  if (!text_contains(row->name, q->word) && !text_contains(row->doc, q->word) &&
      !text_contains(row->sig, q->word))
    return;
  if (q->found++ < MOST_BRIEF) add_brief(q->out, row);
}

static void search(Question *q, const char *word) {
  q->word = word;
  docs_each(q->L, search_row, q);
  if (q->found > MOST_BRIEF) strbuf_addf(q->out, "... and %d more\n", q->found - MOST_BRIEF);
  if (q->found == 0) strbuf_addf(q->out, "no text has %s\n", word);
}

/* ---- entries ---- */

static void add_overview(StrBuf *out) {
  say_wrap(out, in_language("", "Type Lua. An expression shows its value, one without any effect already while it "
                "is typed; _ is the last one, _err the last error, v(n) "
                "what line n gave. Tab completes, Up and Ctrl-R recall, Alt-Enter breaks a line, Ctrl-C "
                "stops what runs."), 0);
  strbuf_adds(out, in_language("(questions)", "\n"
              "  ?NAME             documentation of a name: ?cp.fork, ?ENOENT, ?SIGTERM\n"
              "  ?? WORD           searches in all of it\n"
              "  !COMMAND          runs it in the shell\n"));
  for (const CommandDef *c = command_defs; c->name; c++) {
    char head[64];
    (void)snprintf(head, sizeof head, ".%s %s", c->name, c->args);
    say_item(out, head, 20, command_text(c->name, c->doc));
  }
  char modules[1024] = "";
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (strcmp((*m)->name, "_G") && strlen(modules) + strlen((*m)->name) + 3 < sizeof modules)
      strcat(strcat(modules, *modules ? ", " : ""), (*m)->name);
  strbuf_adds(out, in_language("(modules)", "\nModules, there without require:\n"));
  say_wrap(out, modules, 2);
}

int cmd_help(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  Question q = { .L = L, .out = out };
  const char *name = command->args + (*command->args == '.');
  if (!*name) add_overview(out);
  else answer(&q, name, strlen(name));
  say_buffer(out);
  return 0;
}

int help_question(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  const char *text = command->args;
  StrBuf *out = strbuf_new_lua(L);
  Question q = { .L = L, .out = out };
  bool searching = *text == '?';
  text += searching;
  text += strspn(text, " .");
  size_t len = strcspn(text, " (\n?");
  if (!*text) add_overview(out);
  else if (searching) search(&q, text);
  else answer(&q, text, len);
  say_buffer(out);
  return 0;
}

/* The C function behind the value at idx; methods of singletons are closures over it. */
static lua_CFunction c_function(lua_State *L, int idx) {
  if (!lua_iscfunction(L, idx)) return NULL;
  if (!lua_getupvalue(L, idx, 1)) return lua_tocfunction(L, idx);
  lua_CFunction inner = lua_tocfunction(L, -1);
  lua_pop(L, 1);
  return inner ? inner : lua_tocfunction(L, idx);
}

/* The name of the class or module that the table at idx is; NULL for any other. */
static const char *name_of_table(lua_State *L, int idx) {
  const char *name = NULL;
  for (const ModuleDef *const *m = builtin_modules; *m && !name; m++) {
    for (const ClassDef *const *c = (*m)->classes; c && *c && !name; c++) {
      class_push(L, *c);
      if (lua_rawequal(L, -1, idx)) name = (*c)->name;
      lua_pop(L, 1);
    }
    if (!name && rt_require_builtin(L, (*m)->name)) {
      if (lua_rawequal(L, -1, idx)) name = (*m)->name;
      lua_pop(L, 1);
    }
  }
  return name;
}

int help_function(lua_State *L) {
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  Question q = { .L = L, .out = out };
  const ClassDef *def = class_of(L, 1);
  const char *name = def ? def->name : lua_istable(L, 1) ? name_of_table(L, 1) : NULL;
  if (lua_type(L, 1) == LUA_TSTRING) name = lua_tostring(L, 1);
  q.fn = name ? NULL : c_function(L, 1);
  if (q.fn) docs_each(L, count_row, &q);
  if (name) answer(&q, name, strlen(name));
  else if (q.found) answer_rows(&q);
  else if (lua_isfunction(L, 1)) describe_function(L, 1, out);
  else strbuf_addf(out, "a %s; help(f) explains functions, objects, classes and modules\n", luaL_typename(L, 1));
  say_buffer(out);
  return 0;
}
