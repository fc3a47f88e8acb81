/* SPDX-License-Identifier: MIT */
/* editor.h - what the files of the line editor share; nobody else includes it.
 *
 * editor.c life cycle and typed bytes, keys.c what keys do, paint.c the painter,
 * above.c output above the prompt, paste.c pasted text, history.c, menu.c Tab.
 * The state is one struct at file scope because readline's is too, and its
 * callbacks have no context. */
#ifndef REPL_EDITOR_H
#define REPL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "bytes.h"
#include "ed.h"

typedef enum EditorEvent { /* what a key asked for, delivered when readline has returned */
                           EVENT_NONE,
                           EVENT_LINE,
                           EVENT_EOF,
                           EVENT_INTERRUPT,
                           EVENT_SUSPEND,
                           EVENT_VIEW
} EditorEvent;

typedef struct Row { /* one painted row */
  size_t start;      /* in Painter.body */
  int width;         /* columns */
} Row;

typedef struct Painter {
  int rows, columns; /* of the terminal, as last painted */
  bool reflows;      /* the terminal wraps old rows anew when it is resized */
  bool due;          /* readline wants a repaint; done once per read */
  int cursor_row;    /* of the painted rows, counted from the top one */
  int cursor_column;
  int shown;  /* rows painted; 0 = nothing on the screen */
  Bytes body; /* the laid-out text */
  Row *row;   /* owned */
  int row_count, row_space;
  int top;       /* first row shown */
  uint8_t *attr; /* owned, one for each byte of the line */
  size_t attr_space;
} Painter;

typedef struct Above {
  Bytes open; /* the unfinished last line of output, no more than one row of it */
  Bytes sgr;  /* colours switched on by output already written */
  Bytes held; /* output that came while a view had the screen */
  int rows;   /* screen rows of `open` above the prompt */
} Above;

typedef struct Walk { /* Up and Down through the history */
  bool on;
  int at;         /* entry shown */
  Bytes prefix;   /* entries must begin with it */
  Bytes typed;    /* what was there before, for the way back */
  Bytes recalled; /* the entry as shown: edited means a new walk begins */
} Walk;

typedef struct History {
  char *path; /* owned */
  Walk walk;
} History;

typedef struct Editor {
  EdHooks hooks;
  int fd; /* of term.c */
  bool open, shown, loaded;
  bool plain;  /* TERM=dumb: readline paints, no escapes */
  bool colour; /* NO_COLOR is not set */
  uv_poll_t poll;
  uv_signal_t winch, cont;
  uv_timer_t paste_idle;
  uv_idle_t kick; /* goes on with bytes that came before the prompt */
  Bytes typed;    /* read, not yet taken by readline */
  size_t taken;
  Bytes out; /* one write for each read */
  Bytes prompt;
  EditorEvent event;
  Bytes line;     /* of EVENT_LINE; in a plain terminal the lines of a block so far */
  bool was_empty; /* of EVENT_INTERRUPT */
  bool continued; /* after our own stop: the cursor is where we left it */
  Bytes kept;     /* line hidden by ed_stop */
  int kept_point;
  int goal_column; /* Up and Down aim at it */
  bool pasting;
  Bytes paste;
  void (*view)(void *ctx, const char *keys, size_t len); /* of ed_suspend */
  void *view_ctx;
  void (*lent)(void *ctx); /* `again` of ed_lend; `view` is set, too */
  Painter paint;
  Above above;
  History history;
} Editor;

extern Editor ed;

/* editor.c */
void editor_flush(void);
void editor_finish(EditorEvent event); /* from inside a key: delivered afterwards */

/* keys.c */
void keys_bind(void);
void keys_inserted(void); /* characters were typed: a closing word may move its line */
bool keys_editing(void);  /* plain typing, no search or argument under way */

/* paint.c */
enum { PAINT_MARGIN = 6 }; /* columns before the second and later lines of a block, at most */
void paint_later(void);    /* readline's redisplay function */
void paint_now(void);
void paint_again(void); /* on a fresh row: others have used the terminal */
/* The line as it stays on the screen, `mark` behind it; the cursor goes to the row below. */
void paint_last(const char *mark);
void paint_resized(void);
void paint_erase(int rows_above); /* goes to the top of the painted rows and clears to the end */
void paint_forget(void);          /* what was painted is no longer ours */

/* above.c */
void above_started(void);   /* a prompt is about to be painted */
void above_committed(void); /* the rows above belong to the past */
void above_free(void);

/* paste.c */
void paste_begin(void);
bool paste_take(void); /* takes typed bytes; false when all are taken */
void paste_on_idle(uv_timer_t *timer);

/* history.c */
void history_up(void);
void history_down(void);
void history_new_line(void);
const char *
history_ghost(void); /* the rest of the newest entry that begins like the line, or NULL */
void history_free(void);

/* menu.c */
int menu_key(int count, int key);

#endif
