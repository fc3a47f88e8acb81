/* SPDX-License-Identifier: MIT */
/* parse_env.c - util.parseEnv: the text of an .env file as a table of names and values.
 *
 * Lines are NAME=VALUE; a value in quotes (" ' `) may go over several lines, in double quotes \n is a line
 * end. What stands behind a # in a bare value is a comment. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"

#include <string.h>

typedef struct Text {
  const char *s, *end;
} Text;

static Text trim(Text t) {
  while (t.s < t.end && *t.s == ' ') t.s++;
  while (t.end > t.s && t.end[-1] == ' ') t.end--;
  return t;
}

static const char *find(Text t, char c) {
  return t.s < t.end ? memchr(t.s, c, (size_t)(t.end - t.s)) : NULL;
}

/* The rest behind the next line end. */
static Text next_line(Text t) {
  const char *stop = find(t, '\n');
  return (Text){ stop ? stop + 1 : t.end, t.end };
}

static void push_text(lua_State *L, Text t) { lua_pushlstring(L, t.s, (size_t)(t.end - t.s)); }

/* Pushes what is between double quotes, with line ends in place of \n. [+1] */
static void push_expanded(lua_State *L, Text t) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (; t.s < t.end; t.s++) {
    bool escape = *t.s == '\\' && t.s + 1 < t.end && t.s[1] == 'n';
    luaL_addchar(&b, escape ? '\n' : *t.s);
    if (escape) t.s++;
  }
  luaL_pushresult(&b);
}

/* Pushes the value that begins at the text and returns what is behind its line. [+1] */
static Text push_value(lua_State *L, Text t) {
  char quote = *t.s;
  if (quote == '"' || quote == '\'' || quote == '`') {
    Text inside = { t.s + 1, t.end };
    const char *close = find(inside, quote);
    if (close) {
      inside.end = close;
      if (quote == '"') push_expanded(L, inside);
      else push_text(L, inside);
      return next_line((Text){ close + 1, t.end });
    }
  }
  const char *stop = find(t, '\n');
  Text line = { t.s, stop ? stop : t.end };
  if (quote != '"' && quote != '\'' && quote != '`') {
    const char *hash = find(line, '#');
    if (hash) line.end = hash;
    line = trim(line);
  }
  push_text(L, line);
  return next_line(t);
}

/* A quote that is never closed, on the last line: nothing is stored. */
static bool is_open_quote(Text t) {
  if (t.s == t.end || (*t.s != '"' && *t.s != '\'' && *t.s != '`')) return false;
  return !find((Text){ t.s + 1, t.end }, *t.s) && !find(t, '\n');
}

/* What Node's parser makes of odd lines is kept: names go up to the next =, over line ends, too. */
static void parse(lua_State *L, Text t, int result) {
  while (t.s < t.end) {
    bool skipped = *t.s == '\n' || *t.s == '#';
    if (skipped && find(t, '\n')) {
      t = next_line(t);
      continue;
    }
    const char *equals = find(t, '=');
    if (!equals) return;
    Text key = trim((Text){ t.s, equals });
    if (key.s == key.end) return;
    if (key.end - key.s > 7 && !memcmp(key.s, "export ", 7)) key.s += 7;
    t = trim((Text){ equals + 1, t.end });
    if (is_open_quote(t)) continue;
    push_text(L, key);
    if (t.s == t.end || *t.s == '\n') {
      lua_pushliteral(L, "");
      t = next_line(t);
    } else {
      t = push_value(L, t);
    }
    lua_rawset(L, result);
  }
}

int util_parse_env(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "content", &len);
  lua_settop(L, 1);
  char *lines = lua_newuserdatauv(L, len + 1, 0); /* without carriage returns */
  size_t n = 0;
  for (size_t i = 0; i < len; i++)
    if (s[i] != '\r') lines[n++] = s[i];
  lua_newtable(L);
  parse(L, trim((Text){ lines, lines + n }), 3);
  return 1;
}
