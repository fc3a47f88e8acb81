/* SPDX-License-Identifier: MIT */
/* ui.h - what the lesson runner says and which keys it hears.
 *
 * Its words stand in the code in both languages side by side: tell("Press a key.", "按任意键。"). One
 * thread, one terminal; standard input and output need not be one, so that tests can drive it. */
#ifndef MOONFORK_COURSE_UI_H
#define MOONFORK_COURSE_UI_H

#include <stdbool.h>
#include "text.h"

#define TWO_FORMATS __attribute__((format(printf, 1, 3), format(printf, 2, 3)))
#define TWO_FORMATS_AT(a, b, c) __attribute__((format(printf, a, c), format(printf, b, c)))

typedef enum Shade { SHADE_NONE, SHADE_DIM, SHADE_RED, SHADE_GREEN, SHADE_YELLOW, SHADE_BOLD } Shade;

/* KEY_VIEW: F2 or Alt-v. */
enum { KEY_NOTHING = 0, KEY_INTERRUPT = 3, KEY_ENTER = '\n', KEY_BACK = 127, KEY_EVENT = -1, KEY_GONE = -2, KEY_VIEW = -3 };

void ui_open(void);
void ui_close(void); /* the terminal is as it was found */

/* Nothing is written any more but what tell_error says: for `--auto`. */
void ui_quiet(bool quiet);

Lang ui_lang(void);
void ui_set_lang(Lang lang); /* also of what we start: the free prompt */

/* MOONFORK_LANG, else the first of LC_ALL, LC_MESSAGES, LANG that begins with zh or en. */
Lang lang_of_environment(void);

/* One of the two texts, by that; also where nothing of this is open. */
const char *in_either(const char *en, const char *zh) __attribute__((format_arg(1), format_arg(2)));

/* "zh" and "en", as .lang takes them. */
bool lang_of_word(const char *word, Lang *lang);

/* The columns of the terminal, at most 80. */
int ui_columns(void);

/* Its lines; 24 when it is none. */
int ui_rows(void);

/* A paragraph in the language of the moment, broken to these columns. */
void tell(const char *en, const char *zh, ...) TWO_FORMATS;
void tell_in(Shade shade, const char *en, const char *zh, ...) TWO_FORMATS_AT(2, 3, 4);

/* The same without a line end, for questions. */
void ask(const char *en, const char *zh, ...) TWO_FORMATS;

/* An author's text behind a head ("look: "), or the lines of a picture or of code. */
void tell_text(Shade shade, const char *head, const char *text);
void tell_picture(const char *text);

/* A line as it is. */
void tell_line(Shade shade, const char *text);

/* A line that a lesson's process has printed. */
void tell_output(const char *line, size_t len);

void tell_blank(void);

/* Keys typed before this are dropped; those typed from now on count. */
void ui_ready(void);

/* Waits for a key: at most timeout milliseconds (-1: for ever), or until fd (-1: none) can be read
 * (KEY_EVENT). KEY_NOTHING: time is over; KEY_GONE: there will be no key any more, or a signal has asked to
 * end. */
int ui_key(int timeout, int fd);

/* The same while a run is on: what is typed is dropped, but for Ctrl-C and KEY_VIEW; input that is no terminal
 * stays, and so does what is typed for another program. */
int ui_wait(int timeout, int fd);

/* Reads a line, without its end; NULL at the end of input or after Ctrl-C. The caller frees. */
char *ui_line(const char *begin);

/* SIGHUP, SIGTERM: the runner is asked to end. */
bool ui_gone(void);

bool ui_is_terminal(void);
bool ui_colours(void);

/* The terminal belongs to another program or a full screen until ui_back; what is said meanwhile is said then. */
void ui_away(void);
void ui_back(void);

/* Writes bytes as they are. */
void ui_write(const char *bytes, size_t len);

#endif
