/* SPDX-License-Identifier: MIT */
/* ed.h - the line editor behind the prompt, exchangeable behind these functions.
 *
 * It knows a terminal and an event loop, nothing of Lua: what it needs to know of
 * the language it asks through EdHooks. There is one editor in a process, as there
 * is one terminal. Main thread only, but for ed_emergency_restore.
 *
 * The prompt is shown from ed_start to the next line, end of input or ed_stop.
 * While it is shown the terminal sends keys, Ctrl-C among them, and no signals;
 * otherwise it is as it was found and Ctrl-C is SIGINT. Every byte of the
 * program's output goes through ed_print_above from ed_open to ed_close. */
#ifndef REPL_ED_H
#define REPL_ED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "bytes.h"

typedef struct EdList EdList; /* receives completion candidates */

/* The texts are borrowed for the call. `highlight` to `ghost` run on keys: they may
 * run nothing of the user's, and NULL leaves the feature out. */
typedef struct EdHooks {
  void *ctx;
  const char
      *name; /* pasted lines that begin `name> ` or `name[..]> ` lose that; kept by the caller */

  /* These are called between keys and may call everything here. Before on_line
   * and on_eof the editor has stopped; ed_start brings the next prompt. */
  void (*on_line)(void *ctx, const char *text, size_t len);
  void (*on_eof)(void *ctx);
  void (*on_interrupt)(void *ctx, bool line_was_empty); /* a fresh prompt is shown already */
  void (*on_view)(void *ctx); /* F2 or Alt-v; the line is shown as it is typed. NULL: those keys do nothing */

  /* Gives candidates to ed_candidate; returns where the word they replace begins. */
  size_t (*complete)(void *ctx, const char *text, size_t len, size_t point, EdList *out);
  /* Fills one HighlightAttr (highlight.h) for each byte; attr is HL_PLAIN on entry. */
  void (*highlight)(void *ctx, const char *text, size_t len, size_t point, uint8_t *attr);
  bool (*incomplete)(void *ctx, const char *text, size_t len);
  /* Columns for the line that starts at `line`, text ending at the cursor; -1: leave it. */
  int (*indent)(void *ctx, const char *text, size_t len, size_t line);
  bool (*ghost)(void *ctx); /* may a history entry be suggested now? NULL: always */
  /* One line without control bytes that is shown under the text; false: none. */
  bool (*preview)(void *ctx, const char *text, size_t len, char *out, size_t size);
} EdHooks;

/* Takes the terminal of descriptor 0 and copies the hooks. Returns 0, or a uv error
 * with a sentence in `why`. */
int ed_open(uv_loop_t *loop, const EdHooks *hooks, char *why, size_t size);
/* Restores the terminal; run the loop once more before closing it. */
void ed_close(void);

void ed_start(void);
/* Hides the prompt; what was typed comes back with the next ed_start. */
void ed_stop(void);
bool ed_shown(void);
/* Text between \001 and \002 takes no columns and is left out without colours. */
void ed_set_prompt(const char *prompt);
/* As if Ctrl-C were typed: for a SIGINT from outside while the prompt is shown. */
void ed_interrupt(void);

/* Where keys come from: for a thread that reads them while the loop cannot. */
int ed_keys_fd(void);
/* Such keys, as if they were typed now. */
void ed_type_ahead(const char *keys, size_t len);

/* Writes above the prompt if there is one. An unfinished last line stays open: the
 * next bytes continue it. */
void ed_print_above(const char *data, size_t len);
/* Before ed_start, when another program has written to the terminal: makes the prompt
 * begin on a row of its own. */
void ed_fresh_line(void);
int ed_width(void);

/* Gives keys to a full-screen view, and back; output waits until ed_resume. */
void ed_suspend(void (*on_keys)(void *ctx, const char *keys, size_t len), void *ctx);
void ed_resume(void);

/* Lends the terminal to a full-screen view that reads the keys itself, on a thread of its own, until
 * ed_resume. `keys` (owned by the caller) gets those that were typed already; `again` is called when others
 * have used the terminal meanwhile. False when the prompt is not shown. */
bool ed_lend(void (*again)(void *ctx), void *ctx, Bytes *keys);
bool ed_lent(void);

/* Can the terminal do what a full screen needs? */
bool ed_can_draw(void);

/* Candidates of `complete`, in the order they are shown. */
void ed_candidate(EdList *out, const char *text, size_t len);

/* Reads the file and appends to it from now on. Returns 0 or a uv error; a file that
 * does not exist yet is none. */
int ed_history_load(const char *path);
/* Adds an entry of one or more lines, to the file as well. Returns 0 or a uv error. */
int ed_history_append(const char *text, size_t len);
const char *ed_history_path(void); /* NULL before ed_history_load */

/* Restores the terminal from a handler of a fatal signal; async-signal-safe. Also
 * done at exit. */
void ed_emergency_restore(void);

#endif
