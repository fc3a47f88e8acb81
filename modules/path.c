/* SPDX-License-Identifier: MIT */
/* path.c - the module `path`: POSIX paths as text. Only resolve and relative look at the system,
 * for the working folder. Strings are bytes; a slash is never a part of another character in
 * UTF-8. */
#include "path.h"
#include "core/error.h"
#include "core/opts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

/* A part of a path between slashes; borrows. */
typedef struct Part {
  const char *at;
  size_t len;
} Part;

static bool is_dots(Part p, size_t count) {
  return p.len == count && !memcmp(p.at, "..", count);
}

/* The next part of [*at, end), empty ones left out; false at the end. */
static bool next_part(const char **at, const char *end, Part *part) {
  while (*at < end && **at == '/') (*at)++;
  if (*at == end) return false;
  const char *slash = memchr(*at, '/', (size_t)(end - *at));
  *part = (Part){ *at, (size_t)((slash ? slash : end) - *at) };
  *at += part->len;
  return true;
}

/* ---- normal form ---- */

/* Writes the parts of s joined by slashes, without "." and with each ".." taking one part away;
 * those that are left over stay unless the path is absolute. out has room for len bytes. */
static size_t write_normal(char *out, const char *s, size_t len, bool absolute) {
  size_t n = 0, fixed = 0; /* fixed: bytes of leading ".." that nothing takes away */
  Part part;
  for (const char *at = s; next_part(&at, s + len, &part);) {
    if (is_dots(part, 1)) continue;
    if (is_dots(part, 2) && n > fixed) {
      while (n > fixed && out[n - 1] != '/') n--;
      if (n > 0) n--; /* the slash before it */
      continue;
    }
    if (is_dots(part, 2) && absolute) continue;
    if (n > 0) out[n++] = '/';
    memmove(out + n, part.at, part.len);
    n += part.len;
    if (is_dots(part, 2)) fixed = n;
  }
  return n;
}

/* Replaces the string on top by its normal form. [-1, +1] */
static void push_normal(lua_State *L) {
  size_t len;
  luaL_Buffer b;
  const char *s = lua_tolstring(L, -1, &len);
  int at = lua_gettop(L);
  bool absolute = len > 0 && *s == '/', trailing = len > 0 && s[len - 1] == '/';
  char *out = luaL_buffinitsize(L, &b, len + 3);
  size_t n = 0;
  if (absolute) out[n++] = '/';
  n += write_normal(out + n, s, len, absolute);
  if (n == 0) out[n++] = '.';
  if (trailing && out[n - 1] != '/') out[n++] = '/';
  luaL_pushresultsize(&b, n);
  lua_replace(L, at);
}

static int path_normalize(lua_State *L) {
  lua_settop(L, 1);
  (void)arg_string(L, 1, "path", NULL);
  push_normal(L);
  return 1;
}

static int path_join(lua_State *L) {
  int n = lua_gettop(L);
  luaL_Buffer b;
  bool any = false;
  for (int i = 1; i <= n; i++) (void)arg_string(L, i, "path", NULL);
  luaL_buffinit(L, &b);
  for (int i = 1; i <= n; i++) {
    if (lua_rawlen(L, i) == 0) continue;
    if (any) luaL_addchar(&b, '/');
    lua_pushvalue(L, i);
    luaL_addvalue(&b);
    any = true;
  }
  luaL_pushresult(&b);
  push_normal(L);
  return 1;
}

/* ---- absolute paths ---- */

static void push_cwd(lua_State *L) {
  char cwd[PATH_MAX];
  size_t len = sizeof cwd;
  int err = uv_cwd(cwd, &len);
  if (err < 0) {
    err_push_path(L, err, "uv_cwd", NULL, NULL);
    lua_error(L);
  }
  lua_pushlstring(L, cwd, len);
}

/* Replaces the string on top, made absolute by the working folder, by its normal form without a
 * slash at the end. [-1, +1] */
static void push_absolute(lua_State *L) {
  size_t len;
  luaL_Buffer b;
  if (*lua_tostring(L, -1) != '/') {
    push_cwd(L);
    lua_pushliteral(L, "/");
    lua_rotate(L, -3, -1); /* cwd / path */
    lua_concat(L, 3);
  }
  const char *s = lua_tolstring(L, -1, &len);
  int at = lua_gettop(L);
  char *out = luaL_buffinitsize(L, &b, len + 1);
  *out = '/';
  size_t n = 1 + write_normal(out + 1, s, len, true);
  luaL_pushresultsize(&b, n);
  lua_replace(L, at);
}

static int path_resolve(lua_State *L) {
  int n = lua_gettop(L);
  char name[32];
  luaL_checkstack(L, 8, "resolve");
  lua_pushliteral(L, "");
  for (int i = n; i >= 1 && *lua_tostring(L, -1) != '/'; i--) {
    (void)snprintf(name, sizeof name, "paths[%d]", i);
    (void)arg_string(L, i, name, NULL);
    if (lua_rawlen(L, i) == 0) continue;
    lua_pushvalue(L, i);
    lua_pushliteral(L, "/");
    lua_rotate(L, -3, -1); /* path / rest */
    lua_concat(L, 3);
  }
  push_absolute(L);
  return 1;
}

/* Pushes the way from the absolute path at `from` to the one at `to`. [+1] */
static void push_relative(lua_State *L, int from, int to) {
  size_t from_len, to_len;
  const char *a = lua_tolstring(L, from, &from_len), *b = lua_tolstring(L, to, &to_len);
  const char *a_end = a + from_len, *b_end = b + to_len, *a_at = a, *b_at = b;
  Part x, y;
  luaL_Buffer out;
  bool any = false;
  for (;;) { /* past what is common; then the places before the first difference */
    const char *a_next = a_at, *b_next = b_at;
    if (!next_part(&a_next, a_end, &x) || !next_part(&b_next, b_end, &y)) break;
    if (x.len != y.len || memcmp(x.at, y.at, x.len) != 0) break;
    a_at = a_next;
    b_at = b_next;
  }
  luaL_buffinit(L, &out);
  while (next_part(&a_at, a_end, &x)) {
    luaL_addstring(&out, any ? "/.." : "..");
    any = true;
  }
  while (next_part(&b_at, b_end, &y)) {
    if (any) luaL_addchar(&out, '/');
    luaL_addlstring(&out, y.at, y.len);
    any = true;
  }
  luaL_pushresult(&out);
}

static int path_relative(lua_State *L) {
  lua_settop(L, 2);
  (void)arg_string(L, 1, "from", NULL);
  (void)arg_string(L, 2, "to", NULL);
  lua_pushvalue(L, 1);
  push_absolute(L);
  lua_pushvalue(L, 2);
  push_absolute(L);
  push_relative(L, 3, 4);
  return 1;
}

static int path_is_absolute(lua_State *L) {
  lua_pushboolean(L, *arg_string(L, 1, "path", NULL) == '/');
  return 1;
}

/* ---- pieces ---- */

/* The last part; the slashes behind it do not count. */
static Part last_part(const char *s, size_t len) {
  while (len > 0 && s[len - 1] == '/') len--;
  size_t start = len;
  while (start > 0 && s[start - 1] != '/') start--;
  return (Part){ s + start, len - start };
}

/* How many bytes of the part come before its extension. */
static size_t stem_length(Part p) {
  const char *dot = p.len > 0 ? memrchr(p.at, '.', p.len) : NULL;
  return !dot || dot == p.at || is_dots(p, 2) ? p.len : (size_t)(dot - p.at);
}

static int path_basename(lua_State *L) {
  size_t len, suffix_len = 0;
  const char *suffix = arg_missing(L, 2) ? "" : arg_string(L, 2, "suffix", &suffix_len);
  const char *s = arg_string(L, 1, "path", &len);
  Part base = last_part(s, len);
  bool ends = suffix_len > 0 && suffix_len <= base.len &&
              !memcmp(base.at + base.len - suffix_len, suffix, suffix_len);
  bool whole = suffix_len > 0 && suffix_len == len && !memcmp(s, suffix, len);
  if (whole) base.len = 0;
  else if (ends && suffix_len < base.len) base.len -= suffix_len;
  lua_pushlstring(L, base.at, base.len);
  return 1;
}

static int path_dirname(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "path", &len);
  Part base = last_part(s, len);
  size_t end = (size_t)(base.at - s);
  if (base.len == 0 || end == 0) lua_pushstring(L, len > 0 && *s == '/' ? "/" : ".");
  else if (end == 1) lua_pushliteral(L, "/");
  else if (end == 2 && *s == '/') lua_pushliteral(L, "//");
  else lua_pushlstring(L, s, end - 1);
  return 1;
}

static int path_extname(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "path", &len);
  Part base = last_part(s, len);
  size_t stem = stem_length(base);
  lua_pushlstring(L, base.at + stem, base.len - stem);
  return 1;
}

static void set_piece(lua_State *L, const char *key, const char *s, size_t len) {
  lua_pushlstring(L, s, len);
  lua_setfield(L, -2, key);
}

static int path_parse(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "path", &len);
  size_t root = len > 0 && *s == '/' ? 1 : 0;
  Part base = last_part(s, len);
  size_t start = (size_t)(base.at - s), stem = stem_length(base);
  lua_createtable(L, 0, 5);
  set_piece(L, "root", s, root);
  set_piece(L, "dir", s, base.len == 0 || start <= 1 ? root : start - 1);
  set_piece(L, "base", base.at, base.len);
  set_piece(L, "ext", base.at + stem, base.len - stem);
  set_piece(L, "name", base.at, stem);
  return 1;
}

/* Pushes the field of the table at 1 as text, "" when there is none. [+1] */
static const char *push_field(lua_State *L, const char *key) {
  if (lua_getfield(L, 1, key) == LUA_TNIL || (lua_isboolean(L, -1) && !lua_toboolean(L, -1)))
    lua_pushliteral(L, "");
  else (void)luaL_tolstring(L, -1, NULL);
  lua_remove(L, -2);
  return lua_tostring(L, -1);
}

static int path_format(lua_State *L) {
  luaL_Buffer b;
  lua_settop(L, 1);
  arg_table(L, 1, "pathObject");
  const char *root = push_field(L, "root"), *dir = push_field(L, "dir");
  const char *base = push_field(L, "base"), *name = push_field(L, "name");
  const char *ext = push_field(L, "ext");
  if (!*dir) dir = root;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, dir);
  if (*dir && strcmp(dir, root) != 0) luaL_addchar(&b, '/');
  if (*base) {
    luaL_addstring(&b, base);
  } else {
    luaL_addstring(&b, name);
    if (*ext && *ext != '.') luaL_addchar(&b, '.');
    luaL_addstring(&b, ext);
  }
  luaL_pushresult(&b);
  return 1;
}

static int path_to_namespaced(lua_State *L) {
  lua_settop(L, 1);
  return 1;
}

/* ---- rows ---- */

static int path_open(lua_State *L) {
  lua_pushliteral(L, "/");
  lua_setfield(L, 1, "sep");
  lua_pushliteral(L, ":");
  lua_setfield(L, 1, "delimiter");
  lua_pushvalue(L, 1);
  lua_setfield(L, 1, "posix");
  lua_settop(L, 1);
  return 1;
}

static const FnDef path_functions[] = {
  { "basename", path_basename, FN_STATIC, "basename(path: string, suffix: string?): string",
    "The last part of the path, without the suffix if it ends with it.", NULL,
    "print(require \"path\".basename(\"/a/b.lua\", \".lua\"))", NULL },
  { "dirname", path_dirname, FN_STATIC, "dirname(path: string): string",
    "The path without its last part.", NULL, "print(require \"path\".dirname \"/a/b.lua\")", NULL },
  { "extname", path_extname, FN_STATIC, "extname(path: string): string",
    "The last part from its last dot on; empty when there is none or it comes first.", NULL,
    "print(require \"path\".extname \"a.tar.gz\")", NULL },
  { "format", path_format, FN_STATIC, "format(pathObject: table): string",
    "The path made of dir or root, and base or name and ext.", NULL,
    "print(require \"path\".format { dir = \"/a\", name = \"b\", ext = \"lua\" })", NULL },
  { "isAbsolute", path_is_absolute, FN_STATIC, "isAbsolute(path: string): boolean",
    "Does it begin with a slash?", NULL, NULL, NULL },
  { "join", path_join, FN_STATIC, "join(...: string): string",
    "The paths joined by slashes, in normal form.", NULL,
    "print(require \"path\".join(\"a\", \"..\", \"b\", \"c.lua\"))", NULL },
  { "normalize", path_normalize, FN_STATIC, "normalize(path: string): string",
    "The path without \".\", doubled slashes and the \"..\" that something comes before.", NULL,
    "print(require \"path\".normalize \"a//b/../c/.\")", NULL },
  { "parse", path_parse, FN_STATIC, "parse(path: string): table",
    "The pieces of the path: { root, dir, base, name, ext }.", NULL,
    "print(require \"path\".parse(\"/a/b.lua\").name)", NULL },
  { "relative", path_relative, FN_STATIC, "relative(from: string, to: string): string",
    "The way from one path to the other; empty when they are the same.", NULL,
    "print(require \"path\".relative(\"/a/b\", \"/a/c/d\"))", NULL },
  { "resolve", path_resolve, FN_STATIC, "resolve(...: string): string",
    "The absolute path that following the paths one after the other leads to, from the working "
    "folder.",
    NULL, "print(require \"path\".resolve(\"lessons\", \"..\", \"README.md\"))", NULL },
  { "toNamespacedPath", path_to_namespaced, FN_STATIC, "toNamespacedPath(path: any): any",
    "The path as it is: this means something on Windows only.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef path_constants[] = {
  { "delimiter", NULL, NULL, "string", "What stands between the paths of a list: \":\"." },
  { "posix", NULL, NULL, "table", "The module itself." },
  { "sep", NULL, NULL, "string", "What stands between the parts of a path: \"/\"." },
  { 0 }
};

const ModuleDef path_module = {
  .name = "path",
  .functions = path_functions,
  .constants = path_constants,
  .open = path_open,
  .doc = "Paths as text. Nothing here looks whether a file exists.",
  .example = "local path = require \"path\"\nprint(path.join(\"a\", \"b\"), path.extname \"x.lua\")"
};
