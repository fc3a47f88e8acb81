/* SPDX-License-Identifier: MIT */
/* say.c - see say.h. Everything goes out by out_pass, so that it comes in order with the program's own
 * output and above the line being typed. */
#include "say.h"
#include "course/text.h"
#include "edit/cells.h"
#include "edit/ed.h"
#include "../modules/core/out.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDEST = 80, NARROWEST = 20 };

/* Decided once, at start; by each guest anew where one is in. */
static _Thread_local bool colours;
static _Thread_local int width_elsewhere; /* 0: the terminal is ours */

void say_open(void) {
  colours = isatty(1) && style_allowed();
}

bool say_colours(void) { return colours; }

void say_elsewhere(bool has_colours, int width) {
  colours = has_colours;
  width_elsewhere = width;
}

const char *say_style(Style style) { return colours ? style_code(style) : ""; }

void say_add(StrBuf *out, Style style, const char *text, size_t len) {
  if (style != STYLE_NONE) strbuf_adds(out, say_style(style));
  strbuf_add(out, text, len);
  if (style != STYLE_NONE) strbuf_adds(out, say_style(STYLE_NONE));
}

static void say_args(Style style, const char *fmt, va_list ap) {
  char *text;
  int len = vasprintf(&text, fmt, ap);
  if (len < 0) return; /* no memory for a message: nothing is said */
  StrBuf out;
  strbuf_init(&out);
  say_add(&out, style, text, (size_t)len);
  strbuf_addc(&out, '\n');
  free(text);
  say_buffer(&out);
  strbuf_free(&out);
}

void say(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  say_args(STYLE_NONE, fmt, ap);
  va_end(ap);
}

void say_styled(Style style, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  say_args(style, fmt, ap);
  va_end(ap);
}

void say_folded(Style style, const char *fmt, ...) {
  char *text;
  va_list ap;
  va_start(ap, fmt);
  int len = vasprintf(&text, fmt, ap);
  va_end(ap);
  if (len < 0) return;
  StrBuf out;
  strbuf_init(&out);
  if (style != STYLE_NONE) strbuf_adds(&out, say_style(style));
  say_wrap(&out, text, 0);
  if (style != STYLE_NONE) strbuf_adds(&out, say_style(STYLE_NONE));
  free(text);
  say_buffer(&out);
  strbuf_free(&out);
}

void say_buffer(StrBuf *text) {
  if (!text->failed && text->len) (void)out_pass(1, text->p, text->len); /* no terminal, no prompt */
  strbuf_clear(text);
}

static size_t word_length(const char *text) { return strcspn(text, " \n"); }

/* Chinese has no blanks to be broken at. */
static bool is_chinese(const char *text) {
  for (; *text; text++)
    if ((unsigned char)*text >= 0xE3 && (unsigned char)*text <= 0xE9) return true;
  return false;
}

void say_wrap_from(StrBuf *out, const char *text, int indent, int column) {
  int width = width_elsewhere ? width_elsewhere : ed_width();
  if (width > WIDEST || width <= 0) width = WIDEST;
  if (width < NARROWEST) width = NARROWEST;
  if (is_chinese(text)) {
    text_wrap(out, text, width, indent, column);
    return;
  }
  bool first = true; /* word of its line */
  while (*text) {
    size_t len = word_length(text);
    int cells = (int)cells_width(text, len);
    if (!first && column + 1 + cells >= width) {
      strbuf_addc(out, '\n');
      column = 0;
      first = true;
    }
    if (len > 0) {
      for (; first && column < indent; column++) strbuf_addc(out, ' ');
      if (!first) strbuf_addc(out, ' ');
      column += cells + !first;
      first = false;
    }
    strbuf_add(out, text, len);
    text += len;
    if (*text == '\n') {
      strbuf_addc(out, '\n');
      column = 0;
      first = true;
    }
    if (*text) text++;
  }
  if (column > 0) strbuf_addc(out, '\n');
}

void say_wrap(StrBuf *out, const char *text, int indent) { say_wrap_from(out, text, indent, 0); }

void say_item(StrBuf *out, const char *head, int indent, const char *text) {
  int column = 2 + (int)cells_width(head, strlen(head));
  strbuf_addf(out, "  %s", head);
  if (column >= indent) {
    strbuf_addc(out, '\n');
    column = 0;
  }
  say_wrap_from(out, text, indent, column);
}

void say_no_file(const char *path, int err) {
  if (err == UV_EEXIST) say("%s is there already: take another name, or remove it first", path);
  else say_styled(STYLE_RED, "%s: %s", path, uv_strerror(err));
}
