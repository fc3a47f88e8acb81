/* SPDX-License-Identifier: MIT */
/* paste.c - bracketed paste without blocking.
 *
 * Between the marks ESC[200~ and ESC[201~ bytes are text, not keys. Readline would
 * wait for the end mark and stop the loop; here every read adds what it has. A paste
 * whose end does not come ends by itself after a second of silence. */
#include "editor.h"

#include <string.h>

#include "rl.h"

static const char end_mark[] = "\033[201~";
enum { MARK = sizeof end_mark - 1, IDLE_MS = 1000, MOST_TRANSCRIPT = 1 << 16 };

void paste_begin(void) {
  ed.pasting = true;
  ed.paste.len = 0;
  uv_timer_start(&ed.paste_idle, paste_on_idle, IDLE_MS, 0);
}

/* Line ends become \n, zeros go: readline's line is a C string. */
static void normalise(Bytes *text) {
  size_t to = 0;
  for (size_t i = 0; i < text->len; i++) {
    char c = text->data[i];
    if (c == '\0' || (c == '\n' && i > 0 && text->data[i - 1] == '\r')) continue;
    text->data[to++] = c;
  }
  text->len = to;
  for (size_t i = 0; i < to; i++)
    if (text->data[i] == '\r') text->data[i] = '\n';
}

/* ---- transcripts ---- */

/* Length of our own prompt at the start of a line: `moon> `, `moon[2p]> `, `moon:412> `. */
static size_t prompt_length(const char *line, size_t len) {
  size_t at = strlen(ed.hooks.name);
  if (at >= len || memcmp(line, ed.hooks.name, at) != 0) return 0;
  if (line[at] == '[') {
    const char *close = memchr(line + at, ']', len - at);
    if (!close) return 0;
    at = (size_t)(close - line) + 1;
  } else if (line[at] == ':') {
    for (at++; at < len && line[at] >= '0' && line[at] <= '9';) at++;
  }
  if (at >= len || line[at] != '>') return 0;
  at++;
  return at == len         ? at
         : line[at] == ' ' ? at + 1
                           : 0; /* an empty prompt may have lost its space */
}

static size_t line_length(const char *text, const char *end) {
  const char *stop = memchr(text, '\n', (size_t)(end - text));
  return (size_t)((stop ? stop : end) - text);
}

static bool has_prompt(const Bytes *text) {
  const char *end = text->data + text->len;
  for (const char *line = text->data; line < end; line += line_length(line, end) + 1)
    if (prompt_length(line, line_length(line, end))) return true;
  return false;
}

/* Does the entry being collected want another line? Long pastes are not asked about:
 * that would compile them once for every line. */
static bool entry_goes_on(const Bytes *kept, size_t entry, size_t total) {
  if (kept->len == entry || total > MOST_TRANSCRIPT || !ed.hooks.incomplete) return true;
  Bytes copy = { 0 };
  bytes_add(&copy, kept->data + entry, kept->len - entry);
  bool more = ed.hooks.incomplete(ed.hooks.ctx, bytes_cstr(&copy), copy.len);
  bytes_free(&copy);
  return more;
}

/* The painter's margin before the second and later lines of a block. */
static size_t margin_length(const char *line, size_t len) {
  size_t at = 0;
  while (at < len && at < PAINT_MARGIN && line[at] == ' ') at++;
  return at == PAINT_MARGIN ? at : 0;
}

/* Keeps what was typed behind prompts and the lines that finish it; the rest is what
 * the program answered. */
static void strip_transcript(Bytes *text) {
  const char *end = text->data + text->len;
  Bytes kept = { 0 };
  size_t entry = 0;
  for (const char *line = text->data; line < end;) {
    size_t len = line_length(line, end), prompt = prompt_length(line, len);
    size_t skip = prompt ? prompt : margin_length(line, len);
    if (len > skip && (prompt || entry_goes_on(&kept, entry, text->len))) {
      if (kept.len) bytes_char(&kept, '\n');
      if (prompt) entry = kept.len;
      bytes_add(&kept, line + skip, len - skip);
    }
    line += len + 1;
  }
  bytes_free(text);
  *text = kept;
}

/* ---- the end ---- */

static void paste_end(void) {
  Bytes *text = &ed.paste;
  ed.pasting = false;
  uv_timer_stop(&ed.paste_idle);
  normalise(text);
  if (text->len && has_prompt(text)) strip_transcript(text);
  while (text->len && text->data[text->len - 1] == '\n') text->len--;
  if (text->len) rl.insert_text(bytes_cstr(text)); /* one step for undo */
  bytes_free(text);
  paint_later();
}

void paste_on_idle(uv_timer_t *timer) {
  (void)timer;
  ed.taken = ed.typed.len; /* at most the beginning of an end mark */
  paste_end();
  paint_now();
  editor_flush();
}

/* Bytes at the end that may be the beginning of the end mark, split between two reads. */
static size_t split_mark(const char *text, size_t len) {
  for (size_t k = MARK - 1; k > 0; k--)
    if (len >= k && !memcmp(text + len - k, end_mark, k)) return k;
  return 0;
}

bool paste_take(void) {
  const char *text = ed.typed.data + ed.taken;
  size_t len = ed.typed.len - ed.taken;
  const char *end = memmem(text, len, end_mark, MARK);
  if (end) {
    bytes_add(&ed.paste, text, (size_t)(end - text));
    ed.taken += (size_t)(end - text) + MARK;
    paste_end();
    return true;
  }
  size_t take = len - split_mark(text, len);
  bytes_add(&ed.paste, text, take);
  ed.taken += take;
  uv_timer_start(&ed.paste_idle, paste_on_idle, IDLE_MS, 0);
  return false;
}
