/* SPDX-License-Identifier: MIT */
/* say.h - the prompt's own words on the screen, with colours where the terminal has them. */
#ifndef MOONFORK_SAY_H
#define MOONFORK_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include "style.h"
#include "../modules/core/strbuf.h"

/* Decides about colours: not with NO_COLOR, TERM=dumb or an output that is no terminal. Once. */
void say_open(void);
bool say_colours(void);

/* The same for a terminal elsewhere: what this thread says from now on is read there. width 0: our own. */
void say_elsewhere(bool colours, int width);

/* The escape that begins the style; "" without colours. STYLE_NONE ends any. */
const char *say_style(Style style);

/* Text and a line end, above the prompt when it is shown. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say_styled(Style style, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same, broken at blanks where it is longer than a line. */
void say_folded(Style style, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The buffer's text as it is. Clears it. */
void say_buffer(StrBuf *text);

/* Appends text in a style. */
void say_add(StrBuf *out, Style style, const char *text, size_t len);

/* Appends the text broken at blanks into lines of at most 80 columns (or the terminal's, when it is
 * narrower), each behind `indent` blanks; line ends of the text stay. */
void say_wrap(StrBuf *out, const char *text, int indent);

/* The same with `column` columns of the first line taken already. */
void say_wrap_from(StrBuf *out, const char *text, int indent, int column);

/* Appends `  head` and the text broken into lines behind column `indent`; a long head has a line of its
 * own. */
void say_item(StrBuf *out, const char *head, int indent, const char *text);

/* A file that was to be made could not be: why, and for -EEXIST what to do. */
void say_no_file(const char *path, int err);

#endif
