/* SPDX-License-Identifier: MIT */
/* fields.c - the fields of a head as tables for Lua. */
#include "internal.h"

#include <string.h>
#include <strings.h>
#include "core/json.h"

enum { LONG_NAME = 128 };

void fields_push_span(lua_State *L, const HttpHead *head, HttpSpan span) {
  lua_pushlstring(L, span.len ? head->bytes + span.at : "", span.len);
}

static uint32_t shown(const HttpHead *head, uint32_t limit) {
  return head->count < limit ? head->count : limit;
}

/* Pushes the name in lower case. [+1] */
static void push_lower(lua_State *L, const HttpHead *head, HttpSpan name) {
  char few[LONG_NAME];
  luaL_Buffer many;
  char *to = name.len <= sizeof few ? few : luaL_buffinitsize(L, &many, name.len);
  for (uint32_t i = 0; i < name.len; i++) {
    char c = head->bytes[name.at + i];
    to[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  if (to == few) lua_pushlstring(L, few, name.len);
  else luaL_pushresultsize(&many, name.len);
}

void fields_push_raw(lua_State *L, const HttpHead *head) {
  uint32_t n = head->count;
  lua_createtable(L, (int)n * 2, 0);
  json_mark_array(L, lua_gettop(L));
  for (uint32_t i = 0; i < n; i++) {
    fields_push_span(L, head, head->fields[i].name);
    lua_rawseti(L, -2, (lua_Integer)i * 2 + 1);
    fields_push_span(L, head, head->fields[i].value);
    lua_rawseti(L, -2, (lua_Integer)i * 2 + 2);
  }
}

void fields_push_distinct(lua_State *L, const HttpHead *head, uint32_t limit) {
  uint32_t n = shown(head, limit);
  lua_createtable(L, 0, (int)n);
  int t = lua_gettop(L);
  for (uint32_t i = 0; i < n; i++) {
    push_lower(L, head, head->fields[i].name);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, t) != LUA_TTABLE) {
      lua_pop(L, 1);
      lua_createtable(L, 1, 0);
      lua_pushvalue(L, -2);
      lua_pushvalue(L, -2);
      lua_rawset(L, t);
    }
    fields_push_span(L, head, head->fields[i].value);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_settop(L, t);
  }
}

/* What happens to a field that comes again. */
typedef enum Again { JOIN_COMMA, JOIN_SEMICOLON, LIST, KEEP_FIRST } Again;

static Again again_of(const char *name, size_t len) {
  static const char *const first[] = {
    "age", "host", "from", "etag", "server", "referer", "expires", "location", "user-agent",
    "retry-after", "content-type", "max-forwards", "authorization", "last-modified", "content-length",
    "if-modified-since", "proxy-authorization", "if-unmodified-since"
  };
  if (len == 6 && !memcmp(name, "cookie", 6)) return JOIN_SEMICOLON;
  if (len == 10 && !memcmp(name, "set-cookie", 10)) return LIST;
  for (size_t i = 0; i < sizeof first / sizeof *first; i++)
    if (strlen(first[i]) == len && !memcmp(first[i], name, len)) return KEEP_FIRST;
  return JOIN_COMMA;
}

/* name, value and what there is so far are at t + 1, t + 2, t + 3. */
static void add_again(lua_State *L, int t, Again how, bool join) {
  if (how == KEEP_FIRST && !join) return;
  lua_pushvalue(L, t + 1);
  lua_pushvalue(L, t + 3);
  lua_pushstring(L, how == JOIN_SEMICOLON ? "; " : ", ");
  lua_pushvalue(L, t + 2);
  lua_concat(L, 3);
  lua_rawset(L, t);
}

void fields_push(lua_State *L, const HttpHead *head, uint32_t limit, bool join) {
  uint32_t n = shown(head, limit);
  luaL_checkstack(L, 10, "headers");
  lua_createtable(L, 0, (int)n);
  int t = lua_gettop(L);
  for (uint32_t i = 0; i < n; i++) {
    push_lower(L, head, head->fields[i].name);
    fields_push_span(L, head, head->fields[i].value);
    size_t len;
    const char *name = lua_tolstring(L, t + 1, &len);
    Again how = again_of(name, len);
    lua_pushvalue(L, t + 1);
    int had = lua_rawget(L, t);
    if (how == LIST) {
      if (had == LUA_TNIL) {
        lua_createtable(L, 1, 0);
        lua_pushvalue(L, t + 1);
        lua_pushvalue(L, -2);
        lua_rawset(L, t);
      }
      lua_pushvalue(L, t + 2);
      lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    } else if (had == LUA_TNIL) {
      lua_settop(L, t + 2);
      lua_rawset(L, t);
    } else {
      add_again(L, t, how, join);
    }
    lua_settop(L, t);
  }
}

bool fields_find(const HttpHead *head, const char *lower, const char **value, size_t *len) {
  for (uint32_t i = 0; i < head->count; i++)
    if (http_name_is(head, head->fields[i].name, lower)) {
      *value = head->bytes + head->fields[i].value.at;
      *len = head->fields[i].value.len;
      return true;
    }
  return false;
}

static bool is_word_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool has_word(const char *text, size_t len, const char *word) {
  size_t n = strlen(word);
  for (size_t i = 0; i + n <= len; i++)
    if (!strncasecmp(text + i, word, n) && (i == 0 || !is_word_char(text[i - 1])) &&
        (i + n == len || !is_word_char(text[i + n])))
      return true;
  return false;
}
