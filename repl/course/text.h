/* SPDX-License-Identifier: MIT */
/* text.h - text in two languages, and its place on the screen.
 *
 * A text is paragraphs: its lines are joined and broken anew, an empty line ends a paragraph, and a line
 * that begins with two blanks stands as it is. Columns are counted by the width on the screen; Chinese
 * may be broken between any two characters, but not before a closing mark. */
#ifndef MOONFORK_COURSE_TEXT_H
#define MOONFORK_COURSE_TEXT_H

#include "../../modules/core/strbuf.h"

typedef enum Lang { LANG_EN, LANG_ZH, LANG_COUNT } Lang;

/* Borrowed strings; NULL: not given. */
typedef struct Text { const char *in[LANG_COUNT]; } Text;

enum { TEXT_COLUMNS = 80 };

/* Columns that n bytes take. */
int text_columns(const char *text, size_t n);

/* Appends the text broken into lines of at most `columns`, all but the first behind `indent` blanks;
 * `column` columns of the first are taken already. Ends with a line end. */
void text_wrap(StrBuf *out, const char *text, int columns, int indent, int column);

/* Appends one line of code or output behind a gutter; what is wider than `columns` goes on in lines that
 * begin further in than the first. */
void text_fold(StrBuf *out, const char *line, size_t n, int columns, const char *gutter);

/* The width of the widest line that text_wrap would write, and how many lines there are. */
int text_widest(const char *text, int columns, int *lines);

#endif
