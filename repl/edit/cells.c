/* SPDX-License-Identifier: MIT */
/* cells.c - how many columns text takes on a terminal; see cells.h. */
#include "cells.h"

#include <stdint.h>
#include <wchar.h>

/* Bytes a UTF-8 character starting with this byte has; 0 for a byte that starts none. */
static size_t lead_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

/* Decodes one character; 0 when the bytes are not one. */
static size_t decode(const char *text, size_t len, uint32_t *code) {
  static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  unsigned char lead = (unsigned char)text[0];
  size_t need = lead_length(lead);
  if (need == 0 || need > len) return 0;
  uint32_t c = need == 1 ? lead : lead & (0x7fu >> need);
  for (size_t i = 1; i < need; i++) {
    unsigned char next = (unsigned char)text[i];
    if ((next & 0xc0) != 0x80) return 0;
    c = c << 6 | (next & 0x3f);
  }
  if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 0;
  *code = c;
  return need;
}

size_t cells_char(const char *text, size_t len, int *width, bool *valid) {
  uint32_t code;
  *valid = true;
  *width = 1;
  if ((unsigned char)text[0] < 0x80) return 1;
  size_t used = decode(text, len, &code);
  if (used == 0 || code < 0xa0) {
    *valid = false;
    return used ? used : 1;
  }
  int columns = wcwidth((wchar_t)code);
  *width = columns < 0 ? 1 : columns;
  return used;
}

size_t cells_escape(const char *text, size_t len) {
  if (len < 2) return 0;
  if (text[1] == '[') { /* CSI: ends with a byte from @ to ~ */
    for (size_t i = 2; i < len; i++)
      if (text[i] >= '@' && text[i] <= '~') return i + 1;
    return 0;
  }
  if (text[1] == ']') { /* OSC: ends with BEL or ESC \ */
    for (size_t i = 2; i < len; i++) {
      if (text[i] == '\a') return i + 1;
      if (text[i] == '\\' && text[i - 1] == '\033') return i + 1;
    }
    return 0;
  }
  return 2;
}

size_t cells_unfinished(const char *text, size_t len) {
  for (size_t back = 1; back <= len && back <= 64; back++) { /* no sane escape is longer */
    if (text[len - back] != '\033') continue;
    if (cells_escape(text + len - back, back) == 0) return back;
    break;
  }
  for (size_t back = 1; back <= len && back <= 3; back++) {
    unsigned char c = (unsigned char)text[len - back];
    if ((c & 0xc0) == 0x80) continue;
    return lead_length(c) > back ? back : 0;
  }
  return 0;
}

size_t cells_width(const char *text, size_t len) {
  size_t column = 0, widest = 0;
  for (size_t i = 0; i < len;) {
    int width = 0;
    bool valid;
    size_t used = 1;
    unsigned char c = (unsigned char)text[i];
    if (c == '\033') used = cells_escape(text + i, len - i);
    else if (c == '\r') column = 0;
    else if (c == '\t') column = (column / 8 + 1) * 8;
    else if (c == '\b') column -= column > 0;
    else if (c >= ' ' && c != 127) used = cells_char(text + i, len - i, &width, &valid);
    if (used == 0) break; /* an unfinished escape */
    column += (size_t)width;
    if (column > widest) widest = column;
    i += used;
  }
  return widest;
}
