/* SPDX-License-Identifier: MIT */
/* module.c - see module.h.
 *
 * package.loaded holds everything that was required: built-in modules and plain names by name, files
 * by their absolute real path. Errors name the file that asked, found by the chunk name of the first
 * Lua function on the stack (source.h). A loop of files that require each other is seen by the main
 * chunks that are still on the stack, so nothing is left over when one of them fails. */
#include "module.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/runtime.h"
#include "core/source.h"
#include "os.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILENAME "__filename"
#define DIRNAME "__dirname"

enum { LOOP_SHOWN = 12 }; /* files of a loop, or of a require stack, that an error names */

enum { NAME_BITS = 256 };

typedef struct ModuleState {
  const GlobalDef *globals; /* borrowed */
  bool all;                 /* every built-in module is a global */
  bool maybe[NAME_BITS];    /* by name_hash: a name of the rows may be this one */
} ModuleState;

static const char module_state = 0, module_parents = 0; /* parents: registry table, file -> who asked first */

static ModuleState *state_of(lua_State *L) { return rt_data(L, &module_state, sizeof(ModuleState)); }

/* ---- paths ---- */

/* Pushes path without "." and ".." parts, "//" and a slash at the end; it is absolute. [+1] */
static void push_normal(lua_State *L, const char *path) {
  luaL_Buffer b;
  char *out = luaL_buffinitsize(L, &b, strlen(path) + 2);
  size_t len = 0;
  while (*path) {
    size_t part = strcspn(path, "/");
    if (part == 2 && !strncmp(path, "..", 2)) {
      while (len > 0 && out[--len] != '/') {}
    } else if (part > 0 && !(part == 1 && *path == '.')) {
      out[len++] = '/';
      memcpy(out + len, path, part);
      len += part;
    }
    path += part + (path[part] == '/');
  }
  if (len == 0) out[len++] = '/';
  luaL_pushresultsize(&b, len);
}

/* Pushes path made absolute: relative to `dir`, or to the working folder when that is NULL. [+1] */
static void push_absolute(lua_State *L, const char *dir, const char *path) {
  char cwd[PATH_MAX];
  int top = lua_gettop(L);
  if (*path != '/') {
    if (!dir && !getcwd(cwd, sizeof cwd)) err_raise_uv(L, -errno, "getcwd");
    path = lua_pushfstring(L, "%s/%s", dir ? dir : cwd, path);
  }
  push_normal(L, path);
  if (lua_gettop(L) > top + 1) lua_remove(L, top + 1);
}

/* Pushes the folder of the path on top. [-1, +1] */
static void push_folder(lua_State *L) {
  const char *path = lua_tostring(L, -1), *slash = strrchr(path, '/');
  lua_pushlstring(L, path, slash && slash > path ? (size_t)(slash - path) : 1);
  lua_remove(L, -2);
}

/* A file that can be read (or would, had we the right to: the error then says so)? */
static bool is_file(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* Pushes the real path of the file, or the path itself where there is none (a pipe in /dev/fd). [+1] */
static void push_real(lua_State *L, const char *path) {
  char real[PATH_MAX];
  lua_pushstring(L, realpath(path, real) ? real : path);
}

/* module_find_file for the absolute path. [+1|0] */
static bool find_file(lua_State *L, const char *path) {
  static const char *const endings[] = { "", ".lua", ".json", "/init.lua" };
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const char *file = lua_pushfstring(L, "%s%s", path, endings[i]);
    if (is_file(file)) {
      push_real(L, file);
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  return false;
}

void module_push_absolute(lua_State *L, const char *path) { push_absolute(L, NULL, path); }

bool module_find_file(lua_State *L, const char *path) {
  push_absolute(L, NULL, path);
  bool found = find_file(L, lua_tostring(L, -1));
  lua_remove(L, found ? -2 : -1);
  return found;
}

/* ---- text and chunks ---- */

/* Pushes what the file holds. [+1] */
static void push_contents(lua_State *L, const char *path) {
  FILE *f = fopen(path, "re");
  if (!f) {
    err_push_path(L, -errno, "open", path, NULL);
    lua_error(L);
    return;
  }
  StrBuf *text = strbuf_new_lua(L);
  size_t n = 0;
  while (strbuf_reserve(text, 16384) && (n = fread(text->p + text->len, 1, 16384, f)) > 0)
    text->len += n;
  int err = ferror(f) ? -errno : 0;
  (void)fclose(f);
  if (err) {
    err_push_path(L, err, "read", path, NULL);
    lua_error(L);
  }
  if (text->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, text->p ? text->p : "", text->len);
  strbuf_free(text);
  lua_remove(L, -2);
}

/* The line of the chunk that Lua's message speaks of: where an unclosed block begins, a goto stands, else
 * the line at its begin. */
static int syntax_error_line(const char *message) {
  const char *at = strstr(message, " at line "), *colon = message;
  int line = 0, end = 0;
  if (at && (strstr(at, " near <eof>") || strstr(message, " <goto> at line "))) return atoi(at + 9);
  while ((colon = strchr(colon, ':')))
    if (sscanf(++colon, "%d:%n", &line, &end) == 1 && end > 0) return line;
  return 0;
}

/* Turns lua_load's message on top into a SyntaxError whose stack begins at the faulty line. [-1, +1] */
static void wrap_syntax_error(lua_State *L, const char *name) {
  const char *message = lua_tostring(L, -1);
  err_push(L, &syntax_error_class, NULL, "%s", message);
  lua_getfield(L, -1, "stack");
  const char *stack = lua_tostring(L, -1), *frames = strstr(stack, "\n    at ");
  size_t head = frames ? (size_t)(frames - stack) : strlen(stack);
  lua_pushlstring(L, stack, head);
  lua_pushfstring(L, "\n    at %s:%d", name + 1, syntax_error_line(message));
  lua_pushstring(L, frames ? frames : "");
  lua_concat(L, 3);
  lua_setfield(L, -3, "stack");
  lua_pop(L, 1);
  lua_remove(L, -2);
}

void module_load_text(lua_State *L, const char *name, const char *text, size_t len) {
  int status = luaL_loadbufferx(L, text, len, name, "t"); /* bytecode can crash the VM: refused */
  if (status == LUA_OK) return;
  if (status == LUA_ERRSYNTAX) wrap_syntax_error(L, name);
  lua_error(L);
}

const char *module_skip_shebang(const char *text, size_t *len) {
  size_t skip = *len >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;
  if (skip < *len && text[skip] == '#')
    while (skip < *len && text[skip] != '\n') skip++;
  *len -= skip;
  return text + skip;
}

/* Pushes the chunk name of the file: short, unless another file has that name since the working folder
 * was changed. [+1] */
static const char *push_chunk_name(lua_State *L, const char *path) {
  source_push_name(L, path);
  if (source_push_path(L, lua_tostring(L, -1))) {
    bool same = !strcmp(lua_tostring(L, -1), path);
    lua_pop(L, 1);
    if (!same) {
      lua_pop(L, 1);
      lua_pushfstring(L, "@%s", path);
    }
  }
  return lua_tostring(L, -1);
}

void module_load_file(lua_State *L, const char *path) {
  size_t len;
  int top = lua_gettop(L);
  const char *name = push_chunk_name(L, path);
  source_add_file(L, name, path);
  push_contents(L, path);
  const char *text = lua_tolstring(L, -1, &len);
  text = module_skip_shebang(text, &len);
  module_load_text(L, name, text, len);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

/* ---- who asks ---- */

/* Pushes the path of the file whose code called; false when that is the prompt, -e or no Lua code. [+1|0] */
static bool push_asker(lua_State *L) {
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "S", &ar);
    if (*ar.what != 'C') return source_push_path(L, ar.source);
  }
  return false;
}

/* Pushes the table of the registry at key, made on first use. [+1] */
static void push_registry_table(lua_State *L, const void *key) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/* Pushes "\nRequire stack:\n- file..." of the asking file and its askers, "" when there is none; fills the
 * array at list with them. [+1] */
static void push_require_stack(lua_State *L, int list) {
  luaL_Buffer b;
  if (!push_asker(L)) {
    lua_pushliteral(L, "");
    return;
  }
  int asker = lua_gettop(L);
  push_registry_table(L, &module_parents);
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "\nRequire stack:");
  for (int n = 1; lua_isstring(L, asker) && n <= LOOP_SHOWN; n++) {
    luaL_addstring(&b, "\n- ");
    lua_pushvalue(L, asker);
    luaL_addvalue(&b);
    lua_pushvalue(L, asker);
    lua_rawseti(L, list, n);
    lua_pushvalue(L, asker);
    lua_rawget(L, asker + 1);
    lua_replace(L, asker);
  }
  luaL_pushresult(&b);
  lua_replace(L, asker);
  lua_settop(L, asker);
}

/* Raises MODULE_NOT_FOUND with Node's text; hint is added to the first line. */
static int raise_not_found(lua_State *L, const char *id, const char *hint) {
  luaL_checkstack(L, 16, "require");
  lua_newtable(L);
  json_mark_array(L, -1);
  int list = lua_gettop(L);
  push_require_stack(L, list);
  err_push(L, NULL, "MODULE_NOT_FOUND", "Cannot find module '%s'%s%s", id, hint, lua_tostring(L, -1));
  lua_pushvalue(L, list);
  lua_setfield(L, -2, "requireStack");
  return lua_error(L);
}

/* ---- files ---- */

/* Raises when the main chunk of the file is on the stack: it waits for what now asks for it. */
static void check_loop(lua_State *L, const char *path) {
  lua_Debug ar;
  luaL_Buffer b;
  int found = 0, shown = 0;
  for (int level = 0; !found && lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "S", &ar);
    if (strcmp(ar.what, "main") || !source_push_path(L, ar.source)) continue;
    if (!strcmp(lua_tostring(L, -1), path)) found = level;
    lua_pop(L, 1);
  }
  if (!found) return;
  luaL_buffinit(L, &b);
  for (int level = found; level >= 0 && shown < LOOP_SHOWN; level--) {
    if (!lua_getstack(L, level, &ar) || !lua_getinfo(L, "S", &ar) || strcmp(ar.what, "main")) continue;
    if (!source_push_path(L, ar.source)) continue;
    lua_pushliteral(L, "\n- ");
    lua_insert(L, -2);
    lua_concat(L, 2);
    luaL_addvalue(&b);
    shown++;
  }
  luaL_pushresult(&b);
  err_raise(L, NULL, "ERR_REQUIRE_CYCLE", "Files require each other in a loop:%s\n- %s",
            lua_tostring(L, -1), path);
}

/* Pushes the value of a JSON file. [+1] */
static void load_json(lua_State *L, const char *path) {
  JsonError err;
  size_t len;
  push_contents(L, path);
  const char *text = lua_tolstring(L, -1, &len);
  if (!json_decode(L, text, len, &err)) {
    err_raise(L, &syntax_error_class, NULL, "%s: %s", path, err.message);
    return;
  }
  lua_remove(L, -2);
}

/* Loads and runs the file; id is what was asked for. [+1] */
static void run_file(lua_State *L, const char *id, const char *path) {
  check_loop(L, path);
  push_registry_table(L, &module_parents);
  if (push_asker(L)) lua_setfield(L, -2, path);
  lua_pop(L, 1);
  module_load_file(L, path);
  lua_pushstring(L, id);
  lua_pushstring(L, path);
  lua_call(L, 2, 1);
}

/* Pushes the value of the file at the absolute real path, loading it once. [+1] */
static void require_file(lua_State *L, const char *id, const char *path) {
  size_t len = strlen(path);
  luaL_checkstack(L, 20, "require");
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, path) != LUA_TNIL) {
    lua_remove(L, -2);
    return;
  }
  lua_pop(L, 1);
  if (len > 5 && !strcmp(path + len - 5, ".json")) load_json(L, path);
  else run_file(L, id, path);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    if (lua_getfield(L, -1, path) == LUA_TNIL) { /* it may have set its own value */
      lua_pop(L, 1);
      lua_pushboolean(L, true);
    }
  }
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, path);
  lua_remove(L, -2);
}

/* ---- require ---- */

/* "./x", "../x", "/x", "." and ".." are paths; the rest are names. */
static bool is_path(const char *id) {
  if (*id == '/') return true;
  if (*id != '.') return false;
  id += 1 + (id[1] == '.');
  return *id == '/' || *id == '\0';
}

static int require_path(lua_State *L, const char *id) {
  const char *dir = NULL;
  if (*id != '/' && push_asker(L)) {
    push_folder(L);
    dir = lua_tostring(L, -1);
  }
  push_absolute(L, dir, id);
  if (!find_file(L, lua_tostring(L, -1))) return raise_not_found(L, id, "");
  require_file(L, id, lua_tostring(L, -1));
  return 1;
}

/* What helps when a plain name is not found: a file of that name beside the one that asks. */
static const char *not_found_hint(lua_State *L, const char *id) {
  const char *dir = NULL;
  if (push_asker(L)) {
    push_folder(L);
    dir = lua_tostring(L, -1);
  }
  push_absolute(L, dir, id);
  if (!find_file(L, lua_tostring(L, -1))) return "";
  return lua_pushfstring(L, " (a file of this folder is required as './%s')", id);
}

/* A name through package.searchers, as stock Lua does. Pushes value and loader data. */
static int require_name(lua_State *L, const char *id) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  int loaded = lua_gettop(L);
  if (lua_getfield(L, loaded, id) != LUA_TNIL) return 1;
  lua_getglobal(L, "package");
  if (!lua_istable(L, -1) || lua_getfield(L, -1, "searchers") != LUA_TTABLE)
    return luaL_error(L, "'package.searchers' must be a table");
  int searchers = lua_gettop(L);
  for (int i = 1;; i++) {
    lua_settop(L, searchers);
    if (lua_rawgeti(L, searchers, i) == LUA_TNIL) return raise_not_found(L, id, not_found_hint(L, id));
    lua_pushstring(L, id);
    lua_call(L, 1, 2);
    if (lua_isfunction(L, -2)) break;
  }
  lua_pushvalue(L, searchers + 1); /* the loader; at +2 what the searcher says of it */
  lua_pushstring(L, id);
  lua_pushvalue(L, searchers + 2);
  lua_call(L, 2, 1);
  if (lua_isnil(L, -1) && lua_getfield(L, loaded, id) == LUA_TNIL) lua_pushboolean(L, true);
  lua_pushvalue(L, -1);
  lua_setfield(L, loaded, id);
  lua_pushvalue(L, searchers + 2);
  return 2;
}

static int global_require(lua_State *L) {
  const char *id = arg_cstring(L, 1, "id");
  lua_settop(L, 1);
  luaL_checkstack(L, 20, "require");
  if (!*id) return err_arg_value(L, 1, "id", "must be a non-empty string");
  if (rt_require_builtin(L, id)) return 1;
  if (!strncmp(id, "node:", 5))
    return err_raise(L, NULL, "ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: %s", id);
  return is_path(id) ? require_path(L, id) : require_name(L, id);
}

/* The loader that searcher_lua gives: (name, file). */
static int load_named(lua_State *L) {
  const char *id = luaL_checkstring(L, 1), *file = luaL_checkstring(L, 2);
  lua_settop(L, 2);
  push_absolute(L, NULL, file);
  push_real(L, lua_tostring(L, -1));
  require_file(L, id, lua_tostring(L, -1));
  return 1;
}

/* In place of the stock searcher for Lua files: finds what it finds, but loads it as "./x" is loaded. */
static int searcher_lua(lua_State *L) {
  lua_settop(L, 1);
  lua_getglobal(L, "package");
  lua_getfield(L, 2, "searchpath");
  lua_pushvalue(L, 1);
  lua_getfield(L, 2, "path");
  lua_call(L, 2, 2);
  if (lua_isnil(L, -2)) return 1; /* where it looked */
  lua_pop(L, 1);
  lua_pushcfunction(L, load_named);
  lua_insert(L, -2);
  return 2;
}

/* ---- globals ---- */

/* Most names that a script asks for in vain are told apart by this from those of the rows. */
static unsigned name_hash(const char *name, size_t len) {
  return ((unsigned char)name[0] * 31u + (unsigned char)name[len - 1] * 7u + (unsigned)len) % NAME_BITS;
}

/* Pushes the value of the global `name` of the rows, or of the module of that name; false: none. [+1|0] */
static bool push_lazy_global(lua_State *L, const ModuleState *state, const char *name) {
  for (const GlobalDef *g = state->globals; g->name; g++) {
    if (strcmp(g->name, name)) continue;
    if (!rt_require_builtin(L, g->module)) return false;
    if (!g->field) return true;
    lua_getfield(L, -1, g->field);
    lua_remove(L, -2);
    return true;
  }
  return state->all && !strchr(name, ':') && rt_require_builtin(L, name);
}

/* __index of _G: (table, name). Values of modules stay in the table, paths depend on who asks. */
static int global_index(lua_State *L) {
  size_t len;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &len) : NULL;
  const ModuleState *state = lua_touserdata(L, lua_upvalueindex(1));
  if (!name || len == 0) return 0;
  if (!state->all && !state->maybe[name_hash(name, len)]) return 0;
  bool file = !strcmp(name, FILENAME), dir = !file && !strcmp(name, DIRNAME);
  if (file || dir) {
    if (!source_push_caller(L, 1)) return 0;
    if (dir) push_folder(L);
    return 1;
  }
  luaL_checkstack(L, 20, "global");
  if (!push_lazy_global(L, state, name)) return 0;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

/* __index of the stock `os`: its first unknown field brings Node's functions. */
static int os_index(lua_State *L) {
  lua_settop(L, 2);
  lua_pushnil(L);
  lua_setmetatable(L, 1);
  if (rt_require_builtin(L, "os")) lua_pop(L, 1);
  lua_pushvalue(L, 2);
  lua_gettable(L, 1);
  return 1;
}

/* Gives the table `global` a metatable with this __index, whose upvalue is the state. */
static void set_index(lua_State *L, const char *global, lua_CFunction index, ModuleState *state) {
  lua_getglobal(L, global);
  lua_createtable(L, 0, 1);
  lua_pushlightuserdata(L, state); /* the registry holds it */
  lua_pushcclosure(L, index, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

static void note_name(ModuleState *state, const char *name) {
  state->maybe[name_hash(name, strlen(name))] = true;
}

void module_install(lua_State *L, const GlobalDef *globals) {
  rt_of(L)->globals = globals;
  ModuleState *state = state_of(L);
  state->globals = globals;
  for (const GlobalDef *g = globals; g->name; g++) note_name(state, g->name);
  note_name(state, FILENAME);
  note_name(state, DIRNAME);
  lua_pushcfunction(L, global_require);
  lua_setglobal(L, "require");
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_pushcfunction(L, searcher_lua);
  lua_rawseti(L, -2, 2); /* after package.preload */
  lua_pop(L, 2);
  set_index(L, "_G", global_index, state);
  os_replace_stock(L);
  set_index(L, "os", os_index, state);
}

void module_expose_all(lua_State *L) { state_of(L)->all = true; }

/* ---- the module "module" ---- */

static int module_is_builtin(lua_State *L) {
  const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : NULL;
  lua_pushboolean(L, name && rt_find_module(rt_of(L), name));
  return 1;
}

/* upvalue 1: the folder. A function that requires as a file of that folder would. */
static int require_from(lua_State *L) {
  const char *id = arg_cstring(L, 1, "id");
  if (!is_path(id) || *id == '/') return global_require(L);
  push_absolute(L, lua_tostring(L, lua_upvalueindex(1)), id);
  if (!find_file(L, lua_tostring(L, -1))) return raise_not_found(L, id, "");
  require_file(L, id, lua_tostring(L, -1));
  return 1;
}

static int module_create_require(lua_State *L) {
  const char *file = arg_cstring(L, 1, "filename");
  if (*file != '/') return err_arg_value(L, 1, "filename", "must be an absolute path");
  bool folder = file[strlen(file) - 1] == '/';
  push_absolute(L, NULL, file);
  if (!folder) push_folder(L);
  lua_pushcclosure(L, require_from, 1);
  return 1;
}

static int module_open(lua_State *L) {
  int n = 0;
  lua_newtable(L);
  for (const ModuleDef *const *m = rt_of(L)->modules; *m; m++) {
    lua_pushstring(L, (*m)->name);
    lua_rawseti(L, -2, ++n);
  }
  json_mark_array(L, -1);
  lua_setfield(L, -2, "builtinModules");
  return 1;
}

static const FnDef module_functions[] = {
  { "createRequire", module_create_require, FN_STATIC, "createRequire(filename: string): function",
    "Makes a require that looks for relative files beside the file of that absolute path; a path that "
    "ends with a slash is the folder itself.", NULL,
    "local near = require \"module\".createRequire(\"/usr/share/\")", NULL },
  { "isBuiltin", module_is_builtin, FN_STATIC, "isBuiltin(name: any): boolean",
    "Is it the name of a built-in module, with or without `node:`?", NULL,
    "print(require \"module\".isBuiltin(\"node:events\"))", NULL },
  { 0 }
};

static const PropDef module_constants[] = {
  { "builtinModules", NULL, NULL, "string[]", "The names of all built-in modules." },
  { 0 }
};

const ModuleDef module_module = {
  .name = "module", .functions = module_functions, .constants = module_constants, .open = module_open,
  .doc = "How files become modules. require(name) gives a built-in module (also as `node:name`); a path "
         "that begins with ./, ../ or / is a file beside the file that asks, whose ending .lua or .json, "
         "or whose init.lua in a folder, may be left out; any other name goes through package.path as in "
         "stock Lua. A file runs once, what it returns is the module.",
  .example = "local module = require \"module\"\nprint(#module.builtinModules > 0)"
};
