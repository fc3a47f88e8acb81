/* SPDX-License-Identifier: MIT */
/* parse.c - the standard's URL parser: a state for each part, a step for each byte.
 *
 * Parser.buf collects the part under way. A list of path segments is kept as text, each with its slash
 * before it, which no segment can contain. With a part to be set (`only`) the parser starts in the middle
 * and stops where that part ends. */
#include "parse.h"
#include "../core/utf8.h"

#include <string.h>

typedef enum Step { STEP_NEXT, STEP_AGAIN, STEP_DONE, STEP_FAIL } Step;

typedef struct Parser Parser;
typedef Step (*State)(Parser *p, int c);

struct Parser {
  Url *u;
  const Url *base;
  const char *s;
  size_t n, i;
  StrBuf buf;
  State state;
  UrlPart only;        /* PART_ALL: a whole URL */
  UrlResult why;       /* of a failure */
  bool at_seen, in_brackets, password_seen;
};

static Step state_scheme(Parser *p, int c);
static Step state_no_scheme(Parser *p, int c);
static Step state_relative(Parser *p, int c);
static Step state_authority(Parser *p, int c);
static Step state_ignore_slashes(Parser *p, int c);
static Step state_host(Parser *p, int c);
static Step state_port(Parser *p, int c);
static Step state_file(Parser *p, int c);
static Step state_file_host(Parser *p, int c);
static Step state_path_start(Parser *p, int c);
static Step state_path(Parser *p, int c);
static Step state_opaque(Parser *p, int c);
static Step state_query(Parser *p, int c);
static Step state_fragment(Parser *p, int c);

/* ---- schemes ---- */

static const struct {
  const char *name;
  int port; /* -1: none */
} special_schemes[] = { { "http", 80 }, { "https", 443 }, { "ws", 80 },
                        { "wss", 443 }, { "ftp", 21 },    { "file", -1 } };

static bool same_text(const StrBuf *a, const char *text) {
  return a->len == strlen(text) && !memcmp(a->len ? a->p : "", text, a->len);
}

static int find_special(const StrBuf *scheme) {
  for (int i = 0; i < (int)(sizeof special_schemes / sizeof *special_schemes); i++) {
    if (same_text(scheme, special_schemes[i].name)) return i;
  }
  return -1;
}

bool url_is_special(const Url *u) { return find_special(&u->scheme) >= 0; }
bool url_is_scheme(const Url *u, const char *scheme) { return same_text(&u->scheme, scheme); }

static int default_port(const StrBuf *scheme) {
  int i = find_special(scheme);
  return i < 0 ? -1 : special_schemes[i].port;
}

/* ---- the Url ---- */

void url_init(Url *u) {
  memset(u, 0, sizeof *u);
  u->port = -1;
}

void url_free(Url *u) {
  StrBuf *parts[] = { &u->scheme, &u->username, &u->password, &u->host, &u->path, &u->query,
                      &u->fragment };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) strbuf_free(parts[i]);
  url_init(u);
}

static void set_part(StrBuf *to, const StrBuf *from) {
  strbuf_clear(to);
  if (from->len) strbuf_add(to, from->p, from->len);
}

static bool url_failed(const Url *u) {
  return u->scheme.failed || u->username.failed || u->password.failed || u->host.failed ||
         u->path.failed || u->query.failed || u->fragment.failed;
}

static void copy_authority(Url *to, const Url *from) {
  set_part(&to->username, &from->username);
  set_part(&to->password, &from->password);
  set_part(&to->host, &from->host);
  to->has_host = from->has_host;
  to->port = from->port;
}

static void copy_path(Url *to, const Url *from) {
  set_part(&to->path, &from->path);
  to->opaque = from->opaque;
}

static void copy_query(Url *to, const Url *from) {
  set_part(&to->query, &from->query);
  to->has_query = from->has_query;
}

bool url_copy(Url *to, const Url *from) {
  set_part(&to->scheme, &from->scheme);
  copy_authority(to, from);
  copy_path(to, from);
  copy_query(to, from);
  set_part(&to->fragment, &from->fragment);
  to->has_fragment = from->has_fragment;
  return !url_failed(to);
}

/* ---- helpers ---- */

static bool is_alpha(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(int c) { return c >= '0' && c <= '9'; }
static char to_lower(int c) { return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c); }

static bool special(const Parser *p) { return url_is_special(p->u); }
static bool is_file(const Parser *p) { return same_text(&p->u->scheme, "file"); }
static bool is_slash(const Parser *p, int c) { return c == '/' || (c == '\\' && special(p)); }
static int peek(const Parser *p, size_t ahead) {
  return p->i + ahead < p->n ? (unsigned char)p->s[p->i + ahead] : -1;
}
static bool has_credentials(const Url *u) { return u->username.len > 0 || u->password.len > 0; }

static Step go(Parser *p, State state, Step step) {
  p->state = state;
  return step;
}

static Step begin_query(Parser *p) {
  p->u->has_query = true;
  strbuf_clear(&p->u->query);
  return go(p, state_query, STEP_NEXT);
}

static Step begin_fragment(Parser *p) {
  p->u->has_fragment = true;
  strbuf_clear(&p->u->fragment);
  return go(p, state_fragment, STEP_NEXT);
}

static bool ends_host(int c) { return c < 0 || c == '/' || c == '\\' || c == '?' || c == '#'; }

/* C:  or C| */
static bool is_drive(const char *s, size_t n) {
  return n == 2 && is_alpha((unsigned char)s[0]) && (s[1] == ':' || s[1] == '|');
}

/* Does what is left begin with a drive letter that is a whole segment? */
static bool starts_with_drive(const Parser *p) {
  size_t left = p->n - p->i;
  return left >= 2 && is_drive(p->s + p->i, 2) && (left == 2 || ends_host(peek(p, 2)));
}

/* Takes the last segment off; the drive letter of a file's URL stays. */
static void shorten_path(Url *u) {
  StrBuf *path = &u->path;
  if (path->len == 3 && url_is_scheme(u, "file") && is_alpha((unsigned char)path->p[1]) &&
      path->p[2] == ':')
    return;
  while (path->len > 0 && path->p[--path->len] != '/') continue;
}

static void add_segment(Parser *p) {
  strbuf_addc(&p->u->path, '/');
  if (p->buf.len) strbuf_add(&p->u->path, p->buf.p, p->buf.len);
}

/* One more byte of a %2e spelling? Counts dots: 1, 2, or 0 when there is anything else. */
static int count_dots(const StrBuf *b) {
  int dots = 0;
  for (size_t i = 0; i < b->len; dots++) {
    if (b->p[i] == '.') i++;
    else if (b->len - i >= 3 && !memcmp(b->p + i, "%2", 2) && (b->p[i + 2] | 32) == 'e') i += 3;
    else return 0;
    if (dots == 2) return 0;
  }
  return dots;
}

/* ---- scheme ---- */

static Step state_scheme_start(Parser *p, int c) {
  if (is_alpha(c)) {
    strbuf_addc(&p->buf, to_lower(c));
    return go(p, state_scheme, STEP_NEXT);
  }
  return p->only == PART_ALL ? go(p, state_no_scheme, STEP_AGAIN) : STEP_FAIL;
}

/* The scheme of a URL may change only among the special ones, or among the others. */
static Step change_scheme(Parser *p) {
  Url *u = p->u;
  if ((find_special(&p->buf) >= 0) != special(p)) return STEP_DONE;
  if (same_text(&p->buf, "file") && (has_credentials(u) || u->port >= 0)) return STEP_DONE;
  if (is_file(p) && u->host.len == 0) return STEP_DONE;
  set_part(&u->scheme, &p->buf);
  if (u->port == default_port(&u->scheme)) u->port = -1;
  return STEP_DONE;
}

/* http:x beside an http base is relative; else slashes and an authority follow */
static Step state_special_relative(Parser *p, int c) {
  if (c == '/' && peek(p, 1) == '/') {
    p->i++;
    return go(p, state_ignore_slashes, STEP_NEXT);
  }
  return go(p, state_relative, STEP_AGAIN);
}

static Step state_after_slashes(Parser *p, int c) {
  if (c == '/' && peek(p, 1) == '/') {
    p->i++;
    return go(p, state_ignore_slashes, STEP_NEXT);
  }
  return go(p, state_ignore_slashes, STEP_AGAIN);
}

static Step state_path_or_authority(Parser *p, int c) {
  return c == '/' ? go(p, state_authority, STEP_NEXT) : go(p, state_path, STEP_AGAIN);
}

static Step end_scheme(Parser *p) {
  set_part(&p->u->scheme, &p->buf);
  strbuf_clear(&p->buf);
  if (is_file(p)) return go(p, state_file, STEP_NEXT);
  if (special(p)) {
    bool same = p->base && p->base->scheme.len == p->u->scheme.len &&
                !memcmp(p->base->scheme.p, p->u->scheme.p, p->u->scheme.len);
    return go(p, same ? state_special_relative : state_after_slashes, STEP_NEXT);
  }
  if (peek(p, 1) == '/') {
    p->i++;
    return go(p, state_path_or_authority, STEP_NEXT);
  }
  p->u->opaque = true;
  return go(p, state_opaque, STEP_NEXT);
}

static Step state_scheme(Parser *p, int c) {
  if (is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.') {
    strbuf_addc(&p->buf, to_lower(c));
    return STEP_NEXT;
  }
  if (c == ':') return p->only == PART_ALL ? end_scheme(p) : change_scheme(p);
  if (p->only != PART_ALL) return STEP_FAIL;
  strbuf_clear(&p->buf);
  p->i = 0;
  return go(p, state_no_scheme, STEP_AGAIN);
}

static Step state_no_scheme(Parser *p, int c) {
  if (!p->base || (p->base->opaque && c != '#')) return STEP_FAIL;
  if (p->base->opaque) {
    set_part(&p->u->scheme, &p->base->scheme);
    copy_path(p->u, p->base);
    copy_query(p->u, p->base);
    return begin_fragment(p);
  }
  return go(p, url_is_scheme(p->base, "file") ? state_file : state_relative, STEP_AGAIN);
}

/* ---- relative ---- */

static Step state_relative_slash(Parser *p, int c) {
  if (special(p) && (c == '/' || c == '\\')) return go(p, state_ignore_slashes, STEP_NEXT);
  if (c == '/') return go(p, state_authority, STEP_NEXT);
  copy_authority(p->u, p->base);
  return go(p, state_path, STEP_AGAIN);
}

static Step state_relative(Parser *p, int c) {
  set_part(&p->u->scheme, &p->base->scheme);
  if (is_slash(p, c)) return go(p, state_relative_slash, STEP_NEXT);
  copy_authority(p->u, p->base);
  copy_path(p->u, p->base);
  copy_query(p->u, p->base);
  if (c == '?') return begin_query(p);
  if (c == '#') return begin_fragment(p);
  if (c < 0) return STEP_NEXT;
  p->u->has_query = false;
  strbuf_clear(&p->u->query);
  shorten_path(p->u);
  return go(p, state_path, STEP_AGAIN);
}

/* ---- authority ---- */

static Step state_ignore_slashes(Parser *p, int c) {
  if (c == '/' || c == '\\') return STEP_NEXT;
  return go(p, state_authority, STEP_AGAIN);
}

/* What stood before an @ are name and password. */
static void take_credentials(Parser *p) {
  for (size_t i = 0; i < p->buf.len; i++) {
    if (p->buf.p[i] == ':' && !p->password_seen) {
      p->password_seen = true;
      continue;
    }
    url_encode(p->password_seen ? &p->u->password : &p->u->username, p->buf.p + i, 1, SET_USERINFO);
  }
  strbuf_clear(&p->buf);
}

static Step state_authority(Parser *p, int c) {
  if (c == '@') {
    if (p->at_seen) url_encode(p->password_seen ? &p->u->password : &p->u->username, "@", 1, SET_USERINFO);
    p->at_seen = true;
    take_credentials(p);
    return STEP_NEXT;
  }
  if (c < 0 || c == '?' || c == '#' || is_slash(p, c)) {
    if (p->at_seen && p->buf.len == 0) return STEP_FAIL;
    p->i -= p->buf.len;
    strbuf_clear(&p->buf);
    return go(p, state_host, STEP_AGAIN);
  }
  strbuf_addc(&p->buf, (char)c);
  return STEP_NEXT;
}

static bool take_host(Parser *p) {
  StrBuf host;
  strbuf_init(&host);
  p->why = url_parse_host(&host, p->buf.p, p->buf.len, special(p));
  strbuf_clear(&p->buf);
  if (host.failed) p->why = URL_NO_MEMORY;
  if (p->why != URL_OK) {
    strbuf_free(&host);
    return false;
  }
  strbuf_free(&p->u->host);
  p->u->host = host;
  p->u->has_host = true;
  return true;
}

static Step end_host(Parser *p) {
  if (p->buf.len == 0 && special(p)) return STEP_FAIL;
  if (p->only != PART_ALL && p->buf.len == 0 && (has_credentials(p->u) || p->u->port >= 0))
    return STEP_FAIL;
  if (!take_host(p)) return STEP_FAIL;
  return p->only != PART_ALL ? STEP_DONE : go(p, state_path_start, STEP_AGAIN);
}

static Step state_host(Parser *p, int c) {
  if (p->only != PART_ALL && is_file(p)) return go(p, state_file_host, STEP_AGAIN);
  if (c == ':' && !p->in_brackets) {
    if (p->buf.len == 0 || p->only == PART_HOSTNAME) return STEP_FAIL;
    if (!take_host(p)) return STEP_FAIL;
    return go(p, state_port, STEP_NEXT);
  }
  if (c < 0 || c == '?' || c == '#' || is_slash(p, c)) return end_host(p);
  if (c == '[') p->in_brackets = true;
  if (c == ']') p->in_brackets = false;
  strbuf_addc(&p->buf, (char)c);
  return STEP_NEXT;
}

static Step state_port(Parser *p, int c) {
  if (is_digit(c)) {
    strbuf_addc(&p->buf, (char)c);
    return STEP_NEXT;
  }
  if (c >= 0 && c != '?' && c != '#' && !is_slash(p, c) && p->only == PART_ALL) return STEP_FAIL;
  if (p->buf.len > 0) {
    long port = 0;
    for (size_t i = 0; i < p->buf.len && port <= 65535; i++) port = port * 10 + (p->buf.p[i] - '0');
    if (port > 65535) return STEP_FAIL;
    p->u->port = port == default_port(&p->u->scheme) ? -1 : (int)port;
    strbuf_clear(&p->buf);
  }
  return p->only != PART_ALL ? STEP_DONE : go(p, state_path_start, STEP_AGAIN);
}

/* ---- file ---- */

static Step state_file_slash(Parser *p, int c) {
  if (c == '/' || c == '\\') return go(p, state_file_host, STEP_NEXT);
  if (p->base && url_is_scheme(p->base, "file")) {
    const StrBuf *path = &p->base->path;
    set_part(&p->u->host, &p->base->host);
    if (!starts_with_drive(p) && path->len >= 3 && is_alpha((unsigned char)path->p[1]) &&
        path->p[2] == ':' && (path->len == 3 || path->p[3] == '/'))
      strbuf_add(&p->u->path, path->p, 3);
  }
  return go(p, state_path, STEP_AGAIN);
}

static Step state_file(Parser *p, int c) {
  Url *u = p->u;
  strbuf_clear(&u->scheme);
  strbuf_adds(&u->scheme, "file");
  strbuf_clear(&u->host);
  u->has_host = true;
  if (c == '/' || c == '\\') return go(p, state_file_slash, STEP_NEXT);
  if (!p->base || !url_is_scheme(p->base, "file")) return go(p, state_path, STEP_AGAIN);
  set_part(&u->host, &p->base->host);
  copy_path(u, p->base);
  copy_query(u, p->base);
  if (c == '?') return begin_query(p);
  if (c == '#') return begin_fragment(p);
  if (c < 0) return STEP_NEXT;
  u->has_query = false;
  strbuf_clear(&u->query);
  if (starts_with_drive(p)) strbuf_clear(&u->path);
  else shorten_path(u);
  return go(p, state_path, STEP_AGAIN);
}

static Step state_file_host(Parser *p, int c) {
  if (!ends_host(c)) {
    strbuf_addc(&p->buf, (char)c);
    return STEP_NEXT;
  }
  if (p->only == PART_ALL && p->buf.len == 2 && is_drive(p->buf.p, 2))
    return go(p, state_path, STEP_AGAIN); /* a path after all: file://C:/ */
  if (p->buf.len == 0) strbuf_clear(&p->u->host);
  else if (!take_host(p)) return STEP_FAIL;
  if (same_text(&p->u->host, "localhost")) strbuf_clear(&p->u->host);
  return p->only != PART_ALL ? STEP_DONE : go(p, state_path_start, STEP_AGAIN);
}

/* ---- path, query, fragment ---- */

static Step state_path_start(Parser *p, int c) {
  if (special(p)) return go(p, state_path, is_slash(p, c) ? STEP_NEXT : STEP_AGAIN);
  if (p->only == PART_ALL && c == '?') return begin_query(p);
  if (p->only == PART_ALL && c == '#') return begin_fragment(p);
  if (c >= 0) return go(p, state_path, c == '/' ? STEP_NEXT : STEP_AGAIN);
  if (p->only != PART_ALL && !p->u->has_host) strbuf_addc(&p->u->path, '/');
  return STEP_NEXT;
}

static void end_segment(Parser *p, int c) {
  int dots = count_dots(&p->buf);
  bool last = !is_slash(p, c);
  if (dots == 2) shorten_path(p->u);
  if (dots > 0) strbuf_clear(&p->buf);
  if (dots == 0 || last) {
    if (is_file(p) && p->u->path.len == 0 && p->buf.len == 2 && is_drive(p->buf.p, 2)) p->buf.p[1] = ':';
    add_segment(p);
  }
  strbuf_clear(&p->buf);
}

static Step state_path(Parser *p, int c) {
  bool mark = p->only == PART_ALL && (c == '?' || c == '#');
  if (c >= 0 && !is_slash(p, c) && !mark) {
    char byte = (char)c;
    url_encode(&p->buf, &byte, 1, SET_PATH);
    return STEP_NEXT;
  }
  end_segment(p, c);
  if (mark) return c == '?' ? begin_query(p) : begin_fragment(p);
  return STEP_NEXT;
}

static Step state_opaque(Parser *p, int c) {
  if (c == '?') return begin_query(p);
  if (c == '#') return begin_fragment(p);
  if (c >= 0) url_encode(&p->u->path, (char[]){ (char)c }, 1, SET_CONTROL);
  return STEP_NEXT;
}

static Step state_query(Parser *p, int c) {
  if (c == '#' && p->only == PART_ALL) return begin_fragment(p);
  if (c >= 0)
    url_encode(&p->u->query, (char[]){ (char)c }, 1, special(p) ? SET_SPECIAL_QUERY : SET_QUERY);
  return STEP_NEXT;
}

static Step state_fragment(Parser *p, int c) {
  if (c >= 0) url_encode(&p->u->fragment, (char[]){ (char)c }, 1, SET_FRAGMENT);
  return STEP_NEXT;
}

/* ---- all of it ---- */

static UrlResult parser_run(Parser *p) {
  for (;;) {
    int c = peek(p, 0);
    Step step = p->state(p, c);
    if (step == STEP_FAIL) return p->why != URL_OK ? p->why : URL_INVALID;
    if (step == STEP_DONE || (step == STEP_NEXT && c < 0)) return URL_OK;
    if (step == STEP_NEXT) p->i++;
  }
}

/* Valid UTF-8 without tabs and line ends; blanks and controls around a whole URL do not count. */
static void clean(StrBuf *out, const char *s, size_t len, bool whole) {
  StrBuf text;
  while (whole && len > 0 && (unsigned char)s[0] <= ' ') s++, len--;
  while (whole && len > 0 && (unsigned char)s[len - 1] <= ' ') len--;
  strbuf_init(&text);
  if (len > 0) utf8_sanitize(&text, s, len);
  for (size_t i = 0; i < text.len; i++) {
    if (!strchr("\t\n\r", text.p[i]) || !text.p[i]) strbuf_addc(out, text.p[i]);
  }
  if (text.failed) out->failed = true;
  strbuf_free(&text);
}

static UrlResult run(Url *u, const Url *base, const char *s, size_t len, State state, UrlPart only) {
  StrBuf text;
  strbuf_init(&text);
  clean(&text, s, len, only == PART_ALL);
  Parser p = { .u = u, .base = base, .s = text.p, .n = text.len, .state = state, .only = only };
  strbuf_init(&p.buf);
  UrlResult result = text.failed ? URL_NO_MEMORY : parser_run(&p);
  if (p.buf.failed || url_failed(u)) result = URL_NO_MEMORY;
  strbuf_free(&p.buf);
  strbuf_free(&text);
  return result;
}

UrlResult url_parse(Url *u, const char *s, size_t len, const Url *base) {
  return run(u, base, s, len, state_scheme_start, PART_ALL);
}

/* ---- setting a part ---- */

static UrlResult set_credentials(Url *u, StrBuf *part, const char *s, size_t len) {
  StrBuf text;
  if (!u->has_host || u->host.len == 0 || url_is_scheme(u, "file")) return URL_OK;
  strbuf_init(&text);
  utf8_sanitize(&text, s, len);
  strbuf_clear(part);
  url_encode(part, text.p, text.len, SET_USERINFO);
  bool failed = text.failed;
  strbuf_free(&text);
  return failed || part->failed ? URL_NO_MEMORY : URL_OK;
}

static UrlResult set_port(Url *u, const char *s, size_t len) {
  if (!u->has_host || u->host.len == 0 || url_is_scheme(u, "file")) return URL_OK;
  if (len > 0) return run(u, NULL, s, len, state_port, PART_PORT);
  u->port = -1;
  return URL_OK;
}

static UrlResult set_tail(Url *u, UrlPart part, const char *s, size_t len) {
  bool query = part == PART_SEARCH;
  StrBuf *text = query ? &u->query : &u->fragment;
  bool *has = query ? &u->has_query : &u->has_fragment;
  strbuf_clear(text);
  *has = len > 0;
  if (len == 0) return URL_OK;
  if (*s == (query ? '?' : '#')) s++, len--;
  return run(u, NULL, s, len, query ? state_query : state_fragment, part);
}

static UrlResult set_scheme(Url *u, const char *s, size_t len) {
  StrBuf text;
  strbuf_init(&text);
  strbuf_add(&text, s, len);
  strbuf_addc(&text, ':');
  UrlResult result = text.failed ? URL_NO_MEMORY
                                 : run(u, NULL, text.p, text.len, state_scheme_start, PART_PROTOCOL);
  strbuf_free(&text);
  return result;
}

static UrlResult set_in_place(Url *u, UrlPart part, const char *s, size_t len) {
  switch (part) {
  case PART_PROTOCOL: return set_scheme(u, s, len);
  case PART_USERNAME: return set_credentials(u, &u->username, s, len);
  case PART_PASSWORD: return set_credentials(u, &u->password, s, len);
  case PART_HOST:
  case PART_HOSTNAME: return u->opaque ? URL_OK : run(u, NULL, s, len, state_host, part);
  case PART_PORT: return set_port(u, s, len);
  case PART_PATHNAME:
    if (u->opaque) return URL_OK;
    strbuf_clear(&u->path);
    return run(u, NULL, s, len, state_path_start, part);
  default: return set_tail(u, part, s, len);
  }
}

UrlResult url_set(Url *u, UrlPart part, const char *s, size_t len) {
  Url before;
  url_init(&before);
  if (!url_copy(&before, u)) {
    url_free(&before);
    return URL_NO_MEMORY;
  }
  UrlResult result = set_in_place(u, part, s, len);
  if (result != URL_OK) {
    url_free(u);
    *u = before;
    return result == URL_NO_MEMORY ? result : URL_OK;
  }
  url_free(&before);
  return URL_OK;
}

/* ---- writing ---- */

static void add_part(StrBuf *out, const StrBuf *part) {
  if (part->len) strbuf_add(out, part->p, part->len);
}

void url_write_host(const Url *u, StrBuf *out) {
  add_part(out, &u->host);
  if (u->port >= 0) strbuf_addf(out, ":%d", u->port);
}

void url_write(const Url *u, StrBuf *out, bool fragment) {
  add_part(out, &u->scheme);
  strbuf_addc(out, ':');
  if (u->has_host) {
    strbuf_adds(out, "//");
    add_part(out, &u->username);
    if (u->password.len) strbuf_addc(out, ':');
    add_part(out, &u->password);
    if (has_credentials(u)) strbuf_addc(out, '@');
    url_write_host(u, out);
  } else if (!u->opaque && u->path.len > 1 && !memcmp(u->path.p, "//", 2)) {
    strbuf_adds(out, "/."); /* else the path would be read as a host */
  }
  add_part(out, &u->path);
  if (u->has_query) strbuf_addc(out, '?');
  add_part(out, &u->query);
  if (!fragment || !u->has_fragment) return;
  strbuf_addc(out, '#');
  add_part(out, &u->fragment);
}

void url_write_origin(const Url *u, StrBuf *out) {
  Url inner;
  if (url_is_special(u) && !url_is_scheme(u, "file")) {
    add_part(out, &u->scheme);
    strbuf_adds(out, "://");
    url_write_host(u, out);
    return;
  }
  url_init(&inner);
  if (url_is_scheme(u, "blob") && url_parse(&inner, u->path.p, u->path.len, NULL) == URL_OK &&
      (url_is_scheme(&inner, "http") || url_is_scheme(&inner, "https")))
    url_write_origin(&inner, out);
  else strbuf_adds(out, "null");
  url_free(&inner);
}
