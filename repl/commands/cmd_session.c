/* SPDX-License-Identifier: MIT */
/* cmd_session.c - commands about the session: .exit .time .load .save .edit .vars .reset .set */
#include "commands.h"
#include "../edit/ed.h"
#include "../eval.h"
#include "leave.h"
#include "../say.h"
#include "../session.h"
#include "shell.h"
#include "../show.h"
#include "timing.h"
#include "../../modules/core/error.h"
#include "../../modules/inspect/inspect.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cmd_exit(const Command *command) {
  if (!leave_ask(command->repl)) repl_finish(command->repl);
}

void cmd_time(const Command *command) {
  if (*command->args) timing_start(command->repl);
  if (*command->args) eval_line(&command->repl->ev, NULL, command->args, strlen(command->args));
  else say(".time LINE, for example: .time for i = 1, 1e7 do end");
}

/* ---- files ---- */

/* Reads all of the file into text; 0 or a negative errno. */
static int read_file(const char *path, StrBuf *text) {
  FILE *f = fopen(path, "re");
  size_t n = 0;
  if (!f) return -errno;
  while (strbuf_reserve(text, 4096) && (n = fread(text->p + text->len, 1, 4096, f)) > 0) text->len += n;
  int err = ferror(f) ? -EIO : text->failed ? -ENOMEM : 0;
  (void)fclose(f);
  return err;
}

/* Runs the file's text under its own name, so that errors tell its lines. */
static void run_file(Repl *repl, const char *path, const char *chunk) {
  StrBuf text;
  strbuf_init(&text);
  int err = read_file(path, &text);
  if (err) {
    say_styled(STYLE_RED, "%s: %s", path, uv_strerror(err));
  } else {
    size_t skip = text.len && *text.p == '#' ? strcspn(text.p, "\n") : 0;
    eval_line(&repl->ev, chunk, text.p ? text.p + skip : "", text.len - skip);
  }
  strbuf_free(&text);
}

void cmd_load(const Command *command) {
  char chunk[PATH_MAX + 2];
  if (!*command->args) {
    say(".load FILE");
    return;
  }
  (void)snprintf(chunk, sizeof chunk, "@%s", command->args);
  run_file(command->repl, command->args, chunk);
}

int cmd_save(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  size_t len;
  if (!*command->args) {
    say(".save FILE");
    return 0;
  }
  session_push_lines(L);
  const char *text = lua_tolstring(L, -1, &len);
  FILE *f = fopen(command->args, "we");
  bool ok = f && fwrite(text, 1, len, f) == len;
  int err = errno;
  if (f && fclose(f) != 0) {
    ok = false;
    err = errno;
  }
  if (!ok) {
    err_push_path(L, -err, "write", command->args, NULL);
    return lua_error(L);
  }
  say("%s: %d bytes, the lines that worked", command->args, (int)len);
  return 0;
}

/* ---- .edit ---- */

typedef struct Edited {
  char *path;     /* owned */
  bool temporary; /* made for this: removed afterwards */
} Edited;

static void edit_done(Repl *repl, void *ctx, int64_t code, int signal) {
  Edited *edited = ctx;
  if (code || signal) say_styled(STYLE_DIM, "(the editor failed: nothing is run)");
  else run_file(repl, edited->path, NULL);
  if (edited->temporary) (void)unlink(edited->path);
  free(edited->path);
  free(edited);
}

/* The last line that worked. */
static int last_line_body(lua_State *L) {
  FILE *f = lua_touserdata(L, 1);
  size_t len;
  session_push_last_line(L);
  const char *text = lua_tolstring(L, -1, &len);
  if (text) (void)fprintf(f, "%.*s\n", (int)len, text);
  return 0;
}

static char *make_temporary(Repl *repl) {
  const char *dir = getenv("TMPDIR");
  char *path = NULL;
  if (asprintf(&path, "%s/moonfork-XXXXXX.lua", dir && *dir ? dir : "/tmp") < 0) return NULL;
  int fd = mkstemps(path, 4);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
  if (!f) {
    if (fd >= 0) (void)close(fd);
    free(path);
    return NULL;
  }
  (void)guarded(repl->rt, last_line_body, f);
  (void)fclose(f);
  return path;
}

void cmd_edit(const Command *command) {
  const char *editor = getenv("VISUAL");
  if (!editor || !*editor) editor = getenv("EDITOR");
  if (!editor || !*editor) editor = "vi";
  Edited *edited = calloc(1, sizeof *edited);
  if (!edited) return;
  edited->temporary = !*command->args;
  edited->path = *command->args ? strdup(command->args) : make_temporary(command->repl);
  /* $EDITOR may have words of its own */
  const char *const argv[] = { "/bin/sh", "-c", "exec $0 \"$1\"", editor, edited->path, NULL };
  int err = edited->path ? shell_run(command->repl, "sh", argv, edit_done, edited) : UV_EIO;
  if (!err) return;
  say_styled(STYLE_RED, ".edit: %s", uv_strerror(err));
  if (edited->path && edited->temporary) (void)unlink(edited->path);
  free(edited->path);
  free(edited);
}

/* ---- names ---- */

/* One line of text of the value on top, cut to `width` columns. [0] */
static void add_short(lua_State *L, StrBuf *out, size_t width) {
  InspectOptions opt = inspect_defaults;
  opt.depth = 0;
  opt.no_calls = true;
  opt.break_length = INT_MAX;
  inspect_push(L, -1, &opt);
  size_t len;
  const char *text = lua_tolstring(L, -1, &len);
  size_t line = strcspn(text, "\n");
  bool cut = line < len || len > width;
  if (line > width) line = width;
  while (cut && line > 0 && ((unsigned char)text[line] & 0xC0) == 0x80) line--; /* no half character */
  strbuf_add(out, text, line);
  if (cut) strbuf_adds(out, " ...");
  lua_pop(L, 1);
}

/* Adds the names of the table on top, sorted. [-1] */
static int add_names(lua_State *L, StrBuf *out, const char *kind, bool skip_builtin) {
  int table = lua_gettop(L), n = inspect_push_keys(L, table), shown = 0;
  for (int i = 1; i <= n; i++) {
    size_t len;
    lua_rawgeti(L, table + 1, i);
    const char *name = lua_tolstring(L, -1, &len);
    bool hidden = !strcmp(name, "_") || !strcmp(name, "_err");
    if (!hidden && !(skip_builtin && session_is_builtin(L, -1))) {
      lua_pushvalue(L, -1);
      lua_rawget(L, table);
      strbuf_addf(out, "  %-16s %-7s %-9s ", name, kind, luaL_typename(L, -1));
      add_short(L, out, 36);
      strbuf_addc(out, '\n');
      lua_pop(L, 1);
      shown++;
    }
    lua_pop(L, 1);
  }
  lua_settop(L, table - 1);
  return shown;
}

int cmd_vars(lua_State *L) {
  StrBuf *out = strbuf_new_lua(L);
  session_push_names(L, true);
  int shown = add_names(L, out, "local", false);
  session_push_names(L, false);
  shown += add_names(L, out, "global", true);
  if (shown == 0) strbuf_adds(out, "no names yet\n");
  say_buffer(out);
  return 0;
}

int cmd_reset(lua_State *L) {
  session_reset(L);
  say("all names of the session are gone; timers and children go on (.handles, .ps)");
  return 0;
}

/* ---- options ---- */

static bool read_switch(const char *value, bool *on) {
  if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) return false;
  *on = value[1] == 'n';
  return true;
}

static void list_options(const Repl *repl) {
  say("  children %-6d the prompt asks before there are more living children", repl->child_limit);
  say("  numbers  %-6s the prompt shows the number of its line", repl->numbers ? "on" : "off");
  say("  preview  %-6s the value of a half-typed line is shown under it", repl->no_preview ? "off" : "on");
}

void cmd_set(const Command *command) {
  char name[32] = "", value[32] = "";
  Repl *repl = command->repl;
  if (sscanf(command->args, "%31s %31s", name, value) < 2) {
    list_options(repl);
    return;
  }
  if (!strcmp(name, "children")) {
    int limit = atoi(value);
    if (limit < 1 || limit > 100000) say("children: a number from 1 to 100000");
    else repl->child_limit = limit;
  } else if (!strcmp(name, "numbers")) {
    if (!read_switch(value, &repl->numbers)) say("numbers: on or off");
  } else if (!strcmp(name, "preview")) {
    bool on = !repl->no_preview;
    if (!read_switch(value, &on)) say("preview: on or off");
    repl->no_preview = !on;
  } else {
    say("There is no option %s:", name);
    list_options(repl);
  }
}
