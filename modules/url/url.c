/* SPDX-License-Identifier: MIT */
/* url.c - the class URL, and the functions of the module.
 *
 * The object's struct holds the parsed Url; user value PARAMS its URLSearchParams once asked for. */
#include "url.h"
#include "parse.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../inspect/inspect.h"

#include <limits.h>
#include <string.h>
#include <uv.h>

enum { PARAMS = UV_CLASS };

static int url_alloc(lua_State *L) {
  Url *u = class_new(L, &url_class, sizeof *u, 1);
  url_init(u);
  return 1;
}

static int url_collect(lua_State *L) {
  Url *u = class_test(L, 1, &url_class);
  if (u) url_free(u);
  return 0;
}

static Url *check_url(lua_State *L) { return class_check(L, 1, &url_class); }

/* ---- text out ---- */

static int push_buffer(lua_State *L, StrBuf *out) {
  if (out->failed) return luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->len ? out->p : "", out->len);
  strbuf_free(out);
  return 1;
}

static int push_written(lua_State *L, const Url *u, void (*write)(const Url *u, StrBuf *out)) {
  StrBuf *out = strbuf_new_lua(L);
  write(u, out);
  return push_buffer(L, out);
}

static void write_href(const Url *u, StrBuf *out) { url_write(u, out, true); }

static int push_part(lua_State *L, const char *before, const StrBuf *part, bool there) {
  lua_pushstring(L, there ? before : "");
  lua_pushlstring(L, part->len && there ? part->p : "", there ? part->len : 0);
  lua_concat(L, 2);
  return 1;
}

/* ---- construction ---- */

/* Raises ERR_INVALID_URL with input and base. input, base: stack indices, 0: none. */
static int refuse_url(lua_State *L, UrlResult why, int input, int base) {
  if (why == URL_NO_MEMORY) return luaL_error(L, "not enough memory");
  err_push(L, &type_error_class, "ERR_INVALID_URL", "%s",
           why == URL_IDNA ? "Invalid URL: a host name in other letters than ASCII must be written in its "
                             "xn-- form"
                           : "Invalid URL");
  lua_pushvalue(L, input);
  lua_setfield(L, -2, "input");
  if (base) {
    lua_pushvalue(L, base);
    lua_setfield(L, -2, "base");
  }
  return lua_error(L);
}

/* Turns the argument into text, as String() does; what has no text of its own is refused. */
static void to_text(lua_State *L, int idx) {
  int top = lua_gettop(L);
  if (lua_type(L, idx) >= LUA_TTABLE && luaL_getmetafield(L, idx, "__tostring") == LUA_TNIL)
    err_arg_type(L, idx, "url", "of type string or an instance of URL");
  luaL_tolstring(L, idx, NULL);
  lua_replace(L, idx);
  lua_settop(L, top);
}

/* Reads the texts at input and base (0: none) into *u, which an object on the stack owns. The base is
 * parsed in an object of its own, so that a raise frees it. */
static UrlResult read_url(lua_State *L, Url *u, int input, int base) {
  size_t len;
  Url *from = NULL;
  if (base) {
    url_alloc(L);
    from = class_test(L, -1, &url_class);
    const char *text = lua_tolstring(L, base, &len);
    UrlResult result = url_parse(from, text, len, NULL);
    if (result != URL_OK) return result;
  }
  const char *text = lua_tolstring(L, input, &len);
  return url_parse(u, text, len, from);
}

static int need_url(lua_State *L, int idx) {
  if (lua_isnone(L, idx))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"url\" argument must be specified");
  return 0;
}

/* URL(input, base) */
static int url_construct(lua_State *L) {
  Url *u = check_url(L);
  need_url(L, 2);
  lua_settop(L, 3);
  to_text(L, 2);
  bool base = !lua_isnil(L, 3);
  if (base) to_text(L, 3);
  url_free(u);
  UrlResult result = read_url(L, u, 2, base ? 3 : 0);
  if (result == URL_OK) return 0;
  url_free(u);
  return refuse_url(L, result, 2, base ? 3 : 0);
}

/* The object or nil, for parse and canParse. input at 1, base at 2. */
static bool try_url(lua_State *L) {
  need_url(L, 1);
  lua_settop(L, 2);
  to_text(L, 1);
  if (!lua_isnil(L, 2)) to_text(L, 2);
  url_alloc(L);
  UrlResult result = read_url(L, class_test(L, 3, &url_class), 1, lua_isnil(L, 2) ? 0 : 2);
  if (result == URL_NO_MEMORY) luaL_error(L, "not enough memory");
  lua_settop(L, 3);
  return result == URL_OK;
}

static int url_can_parse(lua_State *L) {
  lua_pushboolean(L, try_url(L));
  return 1;
}

static int url_try_parse(lua_State *L) {
  if (!try_url(L)) lua_pushnil(L);
  return 1;
}

/* ---- properties ---- */

static int get_href(lua_State *L) { return push_written(L, check_url(L), write_href); }
static int get_origin(lua_State *L) { return push_written(L, check_url(L), url_write_origin); }
static int get_host(lua_State *L) { return push_written(L, check_url(L), url_write_host); }

static int get_protocol(lua_State *L) {
  Url *u = check_url(L);
  lua_pushlstring(L, u->scheme.len ? u->scheme.p : "", u->scheme.len);
  lua_pushliteral(L, ":");
  lua_concat(L, 2);
  return 1;
}

static int get_username(lua_State *L) { return push_part(L, "", &check_url(L)->username, true); }
static int get_password(lua_State *L) { return push_part(L, "", &check_url(L)->password, true); }
static int get_hostname(lua_State *L) { return push_part(L, "", &check_url(L)->host, true); }
static int get_pathname(lua_State *L) { return push_part(L, "", &check_url(L)->path, true); }

static int get_port(lua_State *L) {
  Url *u = check_url(L);
  if (u->port < 0) lua_pushliteral(L, "");
  else lua_pushfstring(L, "%d", u->port);
  return 1;
}

static int get_search(lua_State *L) {
  Url *u = check_url(L);
  return push_part(L, "?", &u->query, u->query.len > 0);
}

static int get_hash(lua_State *L) {
  Url *u = check_url(L);
  return push_part(L, "#", &u->fragment, u->fragment.len > 0);
}

static int get_params(lua_State *L) {
  Url *u = check_url(L);
  if (lua_getiuservalue(L, 1, PARAMS) != LUA_TNIL) return 1;
  lua_pop(L, 1);
  url_params_push(L, 1, u->query.len ? u->query.p : "", u->query.len);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, PARAMS);
  return 1;
}

/* The query has become another: the URLSearchParams follow. */
static void refresh_params(lua_State *L, const Url *u) {
  if (lua_getiuservalue(L, 1, PARAMS) != LUA_TNIL)
    url_params_read(L, u->query.len ? u->query.p : "", u->query.len);
  lua_pop(L, 1);
}

void url_set_query(lua_State *L, int idx, const char *text, size_t len) {
  Url *u = class_test(L, idx, &url_class);
  if (u && url_set(u, PART_SEARCH, text, len) != URL_OK) luaL_error(L, "not enough memory");
}

static int set_part(lua_State *L, UrlPart part) {
  size_t len;
  Url *u = check_url(L);
  to_text(L, 2);
  const char *s = lua_tolstring(L, 2, &len);
  if (url_set(u, part, s, len) != URL_OK) return luaL_error(L, "not enough memory");
  if (part == PART_SEARCH) refresh_params(L, u);
  return 0;
}

static int set_protocol(lua_State *L) { return set_part(L, PART_PROTOCOL); }
static int set_username(lua_State *L) { return set_part(L, PART_USERNAME); }
static int set_password(lua_State *L) { return set_part(L, PART_PASSWORD); }
static int set_host(lua_State *L) { return set_part(L, PART_HOST); }
static int set_hostname(lua_State *L) { return set_part(L, PART_HOSTNAME); }
static int set_port(lua_State *L) { return set_part(L, PART_PORT); }
static int set_pathname(lua_State *L) { return set_part(L, PART_PATHNAME); }
static int set_search(lua_State *L) { return set_part(L, PART_SEARCH); }
static int set_hash(lua_State *L) { return set_part(L, PART_HASH); }

static int set_href(lua_State *L) {
  Url *u = check_url(L);
  lua_settop(L, 2);
  to_text(L, 2);
  url_alloc(L);
  Url *fresh = class_test(L, 3, &url_class);
  UrlResult result = read_url(L, fresh, 2, 0);
  if (result != URL_OK) return refuse_url(L, result, 2, 0);
  Url old = *u;
  *u = *fresh;
  *fresh = old;
  refresh_params(L, u);
  return 0;
}

/* ---- showing ---- */

/* URL { href: '...', ... } with its parts in Node's order */
static int url_inspect(lua_State *L) {
  static const struct {
    const char *name;
    lua_CFunction get;
  } parts[] = { { "href", get_href },         { "origin", get_origin },     { "protocol", get_protocol },
                { "username", get_username }, { "password", get_password }, { "host", get_host },
                { "hostname", get_hostname }, { "port", get_port },         { "pathname", get_pathname },
                { "search", get_search },     { "searchParams", get_params }, { "hash", get_hash } };
  enum { PARTS = sizeof parts / sizeof *parts };
  lua_settop(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  strbuf_adds(out, "URL {\n");
  for (size_t i = 0; i < PARTS; i++) {
    strbuf_adds(out, "  ");
    strbuf_adds(out, parts[i].name);
    strbuf_adds(out, " = ");
    parts[i].get(L);
    inspect_append(L, -1, out, NULL);
    strbuf_adds(out, i + 1 < PARTS ? ",\n" : "\n}");
    lua_settop(L, 2);
  }
  return push_buffer(L, out);
}

/* ---- paths of files ---- */

/* Pushes the path of a file: URL. [+1] */
static int push_path(lua_State *L, const Url *u) {
  if (!url_is_scheme(u, "file"))
    return err_raise(L, &type_error_class, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  if (u->host.len > 0)
    return err_raise(L, &type_error_class, "ERR_INVALID_FILE_URL_HOST",
                     "File URL host must be \"localhost\" or empty on linux");
  for (size_t i = 0; i + 2 < u->path.len; i++) {
    if (!memcmp(u->path.p + i, "%2", 2) && (u->path.p[i + 2] | 32) == 'f')
      return err_raise(L, &type_error_class, "ERR_INVALID_FILE_URL_PATH",
                       "File URL path must not include encoded / characters");
  }
  StrBuf *out = strbuf_new_lua(L);
  url_decode(out, u->path.p, u->path.len);
  return push_buffer(L, out);
}

static int file_url_to_path(lua_State *L) {
  lua_settop(L, 1);
  const Url *u = class_test(L, 1, &url_class);
  if (!u) {
    if (lua_type(L, 1) != LUA_TSTRING)
      return err_arg_type(L, 1, "path", "of type string or an instance of URL");
    url_alloc(L);
    Url *fresh = class_test(L, 2, &url_class);
    UrlResult result = read_url(L, fresh, 1, 0);
    if (result != URL_OK) return refuse_url(L, result, 1, 0);
    u = fresh;
  }
  return push_path(L, u);
}

/* Appends a path with what has a meaning in URLs encoded; slashes in a row are one. */
static void add_path(StrBuf *out, const char *s, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (s[i] == '/' && i > 0 && s[i - 1] == '/') continue;
    if (strchr("%\\\n\r\t?#", s[i]) && s[i]) strbuf_addf(out, "%%%02X", (unsigned char)s[i]);
    else url_encode(out, s + i, 1, SET_PATH);
  }
}

static int path_to_file_url(lua_State *L) {
  size_t len;
  const char *s = arg_string(L, 1, "path", &len);
  lua_settop(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  strbuf_adds(out, "file://");
  if (len == 0 || *s != '/') {
    char cwd[PATH_MAX];
    size_t size = sizeof cwd;
    int err = uv_cwd(cwd, &size);
    if (err < 0) return err_raise_uv(L, err, "uv_cwd");
    add_path(out, cwd, size);
    strbuf_addc(out, '/');
  }
  add_path(out, s, len);
  if (out->failed) return luaL_error(L, "not enough memory");
  url_alloc(L);
  Url *u = class_test(L, 3, &url_class);
  if (url_parse(u, out->p, out->len, NULL) != URL_OK) return luaL_error(L, "not enough memory");
  strbuf_free(out);
  return 1;
}

/* ---- further functions ---- */

static int url_format(lua_State *L) {
  Url copy;
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_settop(L, 1);
    return 1;
  }
  const Url *u = class_test(L, 1, &url_class);
  if (!u) return err_arg_type(L, 1, "urlObject", "an instance of URL or of type string");
  if (!lua_isnoneornil(L, 2)) arg_table(L, 2, "options");
  lua_settop(L, 2);
  bool auth = opt_boolean(L, 2, "auth", true), fragment = opt_boolean(L, 2, "fragment", true);
  bool search = opt_boolean(L, 2, "search", true);
  copy = *u; /* borrows its buffers */
  if (!auth) copy.username.len = copy.password.len = 0;
  if (!search) copy.has_query = false, copy.query.len = 0;
  StrBuf *out = strbuf_new_lua(L);
  url_write(&copy, out, fragment);
  return push_buffer(L, out);
}

static int domain_to_ascii(lua_State *L) {
  size_t len;
  need_url(L, 1);
  lua_settop(L, 1);
  to_text(L, 1);
  const char *s = lua_tolstring(L, 1, &len);
  StrBuf *out = strbuf_new_lua(L);
  UrlResult result = url_parse_host(out, s, len, true);
  if (result == URL_IDNA) return refuse_url(L, result, 1, 0);
  if (result != URL_OK) strbuf_clear(out);
  return push_buffer(L, out);
}

static void set_field(lua_State *L, const char *name, lua_CFunction get) {
  get(L);
  lua_setfield(L, 2, name);
}

static int url_to_http_options(lua_State *L) {
  const Url *u = class_check(L, 1, &url_class);
  lua_settop(L, 1);
  lua_newtable(L);
  set_field(L, "protocol", get_protocol);
  set_field(L, "hostname", get_hostname);
  set_field(L, "hash", get_hash);
  set_field(L, "search", get_search);
  set_field(L, "pathname", get_pathname);
  set_field(L, "href", get_href);
  get_pathname(L);
  get_search(L);
  lua_concat(L, 2);
  lua_setfield(L, 2, "path");
  if (u->port >= 0) {
    lua_pushinteger(L, u->port);
    lua_setfield(L, 2, "port");
  }
  if (u->username.len || u->password.len) {
    StrBuf *out = strbuf_new_lua(L);
    url_decode(out, u->username.p, u->username.len);
    strbuf_addc(out, ':');
    url_decode(out, u->password.p, u->password.len);
    push_buffer(L, out);
    lua_setfield(L, 2, "auth");
    lua_settop(L, 2);
  }
  return 1;
}

/* ---- rows ---- */

static const FnDef url_methods[] = {
  { "canParse", url_can_parse, FN_STATIC, "canParse(input: string, base: string?): boolean",
    "Would URL(input, base) succeed?", NULL, "print(URL.canParse(\"nope\"))", NULL },
  { "parse", url_try_parse, FN_STATIC, "parse(input: string, base: string?): URL?",
    "The URL, or nil when the text is none.", NULL, NULL, NULL },
  { "toString", get_href, FN_METHOD, "toString(): string", "The same as href.", NULL, NULL, NULL },
  { "toJSON", get_href, FN_METHOD, "toJSON(): string", "The same as href.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef url_props[] = {
  { "hash", get_hash, set_hash, "string", "`#part` or \"\"." },
  { "host", get_host, set_host, "string", "`example.org:8080`." },
  { "hostname", get_hostname, set_hostname, "string", "The host without the port." },
  { "href", get_href, set_href, "string", "The whole URL." },
  { "origin", get_origin, NULL, "string", "`https://example.org`; \"null\" for most schemes." },
  { "password", get_password, set_password, "string", "As it is written in the URL." },
  { "pathname", get_pathname, set_pathname, "string", "`/a/b`." },
  { "port", get_port, set_port, "string", "\"\" for the scheme's own port." },
  { "protocol", get_protocol, set_protocol, "string", "`https:`." },
  { "search", get_search, set_search, "string", "`?a=1` or \"\"." },
  { "searchParams", get_params, NULL, "URLSearchParams", "The pairs of the query; changing them changes it." },
  { "username", get_username, set_username, "string", "As it is written in the URL." },
  { 0 }
};

const ClassDef url_class = {
  .name = "URL", .alloc = url_alloc, .init = url_construct, .gc = url_collect, .tostring = get_href,
  .inspect = url_inspect, .methods = url_methods, .props = url_props,
  .doc = "A URL by its parts, read and written as the WHATWG standard says; a relative one needs a base. "
         "What cannot be read raises ERR_INVALID_URL. Host names are ASCII.",
  .example = "local u = URL(\"../c?x=1\", \"http://example.org:80/a/b/\")\nprint(u.href, u.searchParams:get \"x\")"
};

static const OptDef format_options[] = {
  { "auth", "boolean", "true", "Name and password are written." },
  { "fragment", "boolean", "true", "The part from # on is written." },
  { "search", "boolean", "true", "The query is written." },
  { 0 }
};

static const FnDef url_functions[] = {
  { "domainToASCII", domain_to_ascii, FN_STATIC, "domainToASCII(domain: string): string",
    "The domain as it is written in URLs; \"\" when it is none.", NULL, NULL,
    "A name in other letters than ASCII raises ERR_INVALID_URL." },
  { "fileURLToPath", file_url_to_path, FN_STATIC, "fileURLToPath(url: URL|string): string",
    "The path of a file: URL.", NULL, "print(url.fileURLToPath \"file:///a%20b\")", NULL },
  { "format", url_format, FN_STATIC, "format(urlObject: URL|string, options: table?): string",
    "The URL as text, without some of its parts.", format_options,
    "print(url.format(URL \"http://ann:x@example.org/#a\", { auth = false, fragment = false }))",
    "The old form for tables of parts is left out." },
  { "pathToFileURL", path_to_file_url, FN_STATIC, "pathToFileURL(path: string): URL",
    "The file: URL of a path, which is taken from the working folder.", NULL,
    "print(url.pathToFileURL \"/a b\")", NULL },
  { "urlToHttpOptions", url_to_http_options, FN_STATIC, "urlToHttpOptions(url: URL): table",
    "The parts of a URL as options of http.request.", NULL, NULL, NULL },
  { 0 }
};

static const ClassDef *const url_classes[] = { &url_class, &url_params_class, NULL };

const ModuleDef url_module = {
  .name = "url", .functions = url_functions, .classes = url_classes,
  .doc = "URLs and their queries. URL and URLSearchParams are global, too.",
  .example = "local url = require \"url\"\nprint(url.pathToFileURL(\"/tmp/a b\").href)"
};
