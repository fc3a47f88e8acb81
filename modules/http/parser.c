/* SPDX-License-Identifier: MIT */
/* parser.c - see parser.h.
 *
 * Debian's http_parser is built non-strict: it lets bare LF, folded lines, a blank before the colon and
 * broken ends of chunks through, each of them a way to smuggle a request past a proxy. So a scanner of
 * our own goes over every byte of a head and of the framing of chunks first, and only what it has
 * passed reaches the library, which decides how long the body is, whether the connection lives on and
 * whether it changes its protocol. A head reaches the library in one piece; one that comes in pieces is
 * collected first. */
#include "parser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_EXTENSION = 16384 }; /* bytes of the extensions of one chunk */
enum { LONGEST_METHOD = 16 };

enum State {
  LEAD, METHOD, URL_GAP, URL, VERSION_GAP, VERSION, VERSION_END, LINE_LF,
  STATUS_VERSION, STATUS_GAP, STATUS, STATUS_END, REASON,
  FIRST_FIELD, FIELD_START, FIELD, VALUE, VALUE_LF, HEAD_LF,
  HEAD_TOLD, /* HTTP_EV_HEAD was given out; the library still waits for the head's last byte */
  BODY, BODY_TO_EOF, BODY_OVER,
  CHUNK_FIRST, CHUNK_SIZE, CHUNK_EXT, CHUNK_QUOTED, CHUNK_LF, CHUNK_DATA, CHUNK_CR, CHUNK_DATA_LF,
  DEAD, FAILED
};

/* ---- kinds of characters ---- */

enum { TOKEN = 1, FIELD_VALUE = 2, TARGET = 4, HEX = 8, EXTENSION = 16 };

static const char TOKENS[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool is_kind(unsigned char c, int kind) {
  switch (kind) {
  case TOKEN: return c && strchr(TOKENS, c);
  case FIELD_VALUE: return c == '\t' || (c >= 0x20 && c != 0x7f);
  case TARGET: return c > 0x20 && c < 0x7f;
  case EXTENSION: return c == ';' || c == '=' || (c && strchr(TOKENS, c));
  default: return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}

/* The same as one look-up for the loops below: made when the program is built would need a table of 256
 * numbers in the source; made at the first parser it costs a microsecond. */
static uint8_t kinds[256];

static void make_kinds(void) {
  static const int all[] = { TOKEN, FIELD_VALUE, TARGET, HEX, EXTENSION };
  for (int c = 0; c < 256; c++)
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
      if (is_kind((unsigned char)c, all[i])) kinds[c] |= (uint8_t)all[i];
}

static bool are_all(const char *s, size_t len, int kind) {
  if (!(kinds['a'] & TOKEN)) make_kinds();
  for (size_t i = 0; i < len; i++)
    if (!(kinds[(unsigned char)s[i]] & kind)) return false;
  return true;
}

bool http_is_token(const char *s, size_t len) { return len > 0 && are_all(s, len, TOKEN); }
bool http_is_value(const char *s, size_t len) { return are_all(s, len, FIELD_VALUE); }

const char *http_method_name(unsigned method) {
  if (method == HTTP_METHOD_QUERY) return "QUERY";
  return method <= HTTP_SOURCE ? http_method_str((enum http_method)method) : "";
}

static int find_method(const char *s, size_t len) {
  for (unsigned m = 0; m <= HTTP_SOURCE; m++) {
    const char *name = http_method_name(m);
    if (strlen(name) == len && !memcmp(name, s, len)) return (int)m;
  }
  return len == 5 && !memcmp(s, "QUERY", 5) ? HTTP_METHOD_QUERY : -1;
}

bool http_name_is(const HttpHead *head, HttpSpan name, const char *lower) {
  return strlen(lower) == name.len && !strncasecmp(head->bytes + name.at, lower, name.len);
}

/* ---- the library's side ---- */

static uint32_t offset_of(const HttpParser *p, const char *at) { return (uint32_t)(at - p->base); }

static int on_target(http_parser *lib, const char *at, size_t len) {
  HttpParser *p = lib->data;
  p->target = (HttpSpan){ offset_of(p, at), (uint32_t)len };
  return 0;
}

static int on_field(http_parser *lib, const char *at, size_t len) {
  HttpParser *p = lib->data;
  HttpScratch *s = p->scratch;
  if (s->count == s->room) {
    uint32_t room = s->room ? s->room * 2 : 32;
    HttpField *more = realloc(s->fields, room * sizeof *more);
    if (!more) return 1;
    s->fields = more;
    s->room = room;
  }
  HttpSpan name = { offset_of(p, at), (uint32_t)len };
  s->fields[s->count++] = (HttpField){ name, { name.at + name.len, 0 } };
  return 0;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static int on_value(http_parser *lib, const char *at, size_t len) {
  HttpParser *p = lib->data;
  while (len > 0 && is_blank(at[len - 1])) len--;
  if (p->scratch->count > 0)
    p->scratch->fields[p->scratch->count - 1].value = (HttpSpan){ offset_of(p, at), (uint32_t)len };
  return 0;
}

static int on_head_complete(http_parser *lib) {
  http_parser_pause(lib, 1); /* the caller is asked first what to do with the body */
  return 0;
}

static int on_message_complete(http_parser *lib) {
  ((HttpParser *)lib->data)->message_done = true;
  return 0;
}

static const http_parser_settings settings = {
  .on_url = on_target, .on_status = on_target, .on_header_field = on_field, .on_header_value = on_value,
  .on_headers_complete = on_head_complete, .on_message_complete = on_message_complete
};

void parser_start(HttpParser *p, HttpScratch *scratch, bool response, uint32_t limit) {
  memset(p, 0, sizeof *p);
  if (!(kinds['a'] & TOKEN)) make_kinds();
  http_parser_init(&p->lib, response ? HTTP_RESPONSE : HTTP_REQUEST);
  p->lib.data = p;
  p->scratch = scratch;
  p->response = response;
  p->limit = limit;
  strbuf_init(&p->part);
}

void parser_stop(HttpParser *p) { strbuf_free(&p->part); }

void scratch_free(HttpScratch *scratch) {
  free(scratch->fields);
  memset(scratch, 0, sizeof *scratch);
}

/* ---- failing ---- */

static bool fail(HttpParser *p, const char *code, const char *reason) {
  p->state = FAILED;
  p->code = code;
  p->reason = reason;
  return false;
}

static bool fail_token(HttpParser *p, const char *reason) {
  return fail(p, "HPE_INVALID_HEADER_TOKEN", reason);
}

static bool fail_chunk(HttpParser *p) {
  return fail(p, "HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size");
}

/* What the library says, in Node's words where they differ. */
static bool fail_lib(HttpParser *p) {
  enum http_errno no = HTTP_PARSER_ERRNO(&p->lib);
  bool both = (p->lib.flags & F_CONTENTLENGTH) && p->lib.uses_transfer_encoding;
  switch (no) {
  case HPE_UNEXPECTED_CONTENT_LENGTH:
    if (both)
      return fail(p, "HPE_INVALID_TRANSFER_ENCODING",
                  "Transfer-Encoding can't be present with Content-Length");
    return fail(p, "HPE_UNEXPECTED_CONTENT_LENGTH", "Duplicate Content-Length");
  case HPE_INVALID_CONTENT_LENGTH:
    return fail(p, "HPE_INVALID_CONTENT_LENGTH", "Invalid character in Content-Length");
  case HPE_INVALID_VERSION: return fail(p, "HPE_INVALID_VERSION", "Invalid HTTP version");
  case HPE_INVALID_METHOD: return fail(p, "HPE_INVALID_METHOD", "Invalid method encountered");
  case HPE_INVALID_STATUS: return fail(p, "HPE_INVALID_STATUS", "Invalid status code");
  case HPE_INVALID_CHUNK_SIZE: return fail(p, "HPE_INVALID_CHUNK_SIZE", "Chunk size overflow");
  case HPE_HEADER_OVERFLOW: return fail(p, "HPE_HEADER_OVERFLOW", "Header overflow");
  case HPE_INVALID_URL: case HPE_INVALID_HOST: case HPE_INVALID_PORT: case HPE_INVALID_PATH:
  case HPE_INVALID_QUERY_STRING: case HPE_INVALID_FRAGMENT:
    return fail(p, "HPE_INVALID_URL", "Invalid characters in url");
  case HPE_CB_header_field: return fail(p, "HPE_USER", "Out of memory");
  default: return fail(p, "HPE_INVALID_CONSTANT", "Malformed message");
  }
}

/* Hands bytes that the scanner has passed to the library. */
static bool feed(HttpParser *p, const char *bytes, size_t n) {
  size_t used = http_parser_execute(&p->lib, &settings, bytes, n);
  enum http_errno no = HTTP_PARSER_ERRNO(&p->lib);
  return (no == HPE_OK && used == n) || no == HPE_PAUSED || p->lib.upgrade || fail_lib(p);
}

/* ---- a complete head ---- */

static unsigned count_named(HttpParser *p, const char *name) {
  unsigned found = 0;
  size_t len = strlen(name);
  const HttpScratch *s = p->scratch;
  for (uint32_t i = 0; i < s->count; i++)
    found += s->fields[i].name.len == len && !strncasecmp(p->base + s->fields[i].name.at, name, len);
  return found;
}

/* What the library would only refuse after the head, or not at all. */
static bool check_framing(HttpParser *p) {
  bool coded = p->lib.uses_transfer_encoding, chunked = p->lib.flags & F_CHUNKED;
  if ((p->lib.flags & F_CONTENTLENGTH) && p->lib.content_length == UINT64_MAX)
    return fail(p, "HPE_INVALID_CONTENT_LENGTH", "Empty Content-Length");
  if (coded && (p->lib.flags & F_CONTENTLENGTH))
    return fail(p, "HPE_INVALID_TRANSFER_ENCODING",
                "Transfer-Encoding can't be present with Content-Length");
  if (coded && count_named(p, "transfer-encoding") > 1)
    return fail(p, "HPE_INVALID_TRANSFER_ENCODING", "Invalid `Transfer-Encoding` header value");
  if (coded && !chunked && !p->response)
    return fail(p, "HPE_INVALID_TRANSFER_ENCODING", "Request has invalid `Transfer-Encoding`");
  return true;
}

static void note_known(HttpHead *h, HttpSpan name) {
  switch (name.len) {
  case 2: h->has_te |= http_name_is(h, name, "te"); break;
  case 4: h->has_host |= http_name_is(h, name, "host"); break;
  case 6: h->has_expect |= http_name_is(h, name, "expect"); break;
  }
}

/* What the scratch holds, as a head. */
static HttpHead *make_head(HttpParser *p, size_t len) {
  HttpScratch *s = p->scratch;
  HttpHead *h = &s->head;
  *h = (HttpHead){ .count = s->count, .size = (uint32_t)len, .target = p->target, .bytes = p->base,
                   .fields = s->fields };
  for (uint32_t i = 0; i < h->count; i++) note_known(h, h->fields[i].name);
  return h;
}

size_t head_copy_size(const HttpHead *head) {
  return sizeof *head + head->count * sizeof *head->fields + head->size;
}

HttpHead *head_copy(const HttpHead *head, void *to) {
  HttpHead *h = to;
  HttpField *fields = (HttpField *)(h + 1);
  char *bytes = (char *)(fields + head->count);
  *h = *head;
  if (head->count > 0) memcpy(fields, head->fields, head->count * sizeof *fields);
  memcpy(bytes, head->bytes, head->size);
  h->fields = fields;
  h->bytes = bytes;
  return h;
}

/* Runs the library over the head, which ends with the last of len bytes. */
static bool run_head(HttpParser *p, const char *bytes, size_t len) {
  static const char method[] = "POST"; /* stands for one that the library does not know */
  size_t skip = 0, lead = 0;
  while (lead < len && (bytes[lead] == '\r' || bytes[lead] == '\n')) lead++;
  if (p->query) {
    if (!feed(p, method, sizeof method - 1)) return false;
    skip = lead + 5;
  }
  size_t used = http_parser_execute(&p->lib, &settings, bytes + skip, len - skip);
  if (HTTP_PARSER_ERRNO(&p->lib) != HPE_PAUSED) return fail_lib(p);
  if (used + skip + 1 != len) return fail(p, "HPE_INTERNAL", "Malformed message");
  return check_framing(p);
}

static void head_done(HttpParser *p, const char *bytes, size_t len, HttpEvent *ev) {
  p->base = bytes;
  p->scratch->count = 0;
  p->target = (HttpSpan){ 0, 0 };
  if (!run_head(p, bytes, len)) return;
  HttpHead *h = make_head(p, len);
  h->method = (uint8_t)(p->query ? HTTP_METHOD_QUERY : p->lib.method);
  h->status = (uint16_t)p->lib.status_code;
  h->major = (uint8_t)p->lib.http_major;
  h->minor = (uint8_t)p->lib.http_minor;
  h->keep_alive = p->keep_alive = http_should_keep_alive(&p->lib) != 0;
  h->chunked = p->lib.flags & F_CHUNKED;
  h->upgrade = p->lib.upgrade;
  p->skip_body = p->accept_upgrade = false;
  p->state = HEAD_TOLD;
  ev->kind = HTTP_EV_HEAD;
  ev->head = h;
}

/* The next bytes belong to a new message. */
static void message_over(HttpParser *p, HttpEvent *ev) {
  ev->kind = HTTP_EV_END;
  p->upgraded = p->accept_upgrade;
  p->state = p->keep_alive || p->response ? LEAD : DEAD;
  p->begun = p->message_done = p->trailers = p->query = false;
}

static void trailers_done(HttpParser *p, const char *bytes, size_t len, HttpEvent *ev) {
  p->base = bytes;
  p->scratch->count = 0;
  p->target = (HttpSpan){ 0, 0 };
  if (!feed(p, bytes, len)) return;
  if (!p->message_done) {
    (void)fail(p, "HPE_INTERNAL", "Malformed message");
    return;
  }
  if (count_named(p, "content-length") + count_named(p, "transfer-encoding") > 0) {
    (void)fail(p, "HPE_INVALID_CONTENT_LENGTH", "Content-Length can't be present with Transfer-Encoding");
    return;
  }
  if (p->scratch->count > 0) ev->head = make_head(p, len);
  message_over(p, ev);
}

/* ---- the scanner of heads ---- */

/* Past the characters of the kind, counted as bytes of the head. */
static const char *skip_kind(HttpParser *p, const char *at, const char *end, int kind) {
  const char *from = at;
  while (at < end && (kinds[(unsigned char)*at] & kind)) at++;
  p->counted += (uint32_t)(at - from);
  return at;
}

/* Are the bytes up to `end` the name of a method? They begin in `part` or at `from`. */
static bool check_method(HttpParser *p, const char *from, const char *end) {
  char name[32];
  size_t len = 0;
  for (size_t i = 0; i < p->part.len && len < sizeof name; i++)
    if (p->part.p[i] != '\r' && p->part.p[i] != '\n') name[len++] = p->part.p[i];
  while (from < end && (*from == '\r' || *from == '\n')) from++;
  for (; from < end && len < sizeof name; from++) name[len++] = *from;
  int method = find_method(name, len);
  p->query = method == HTTP_METHOD_QUERY;
  return method >= 0 || fail(p, "HPE_INVALID_METHOD", "Invalid method encountered");
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Is the version, whose last digit is c, one that Node speaks? The first digit is in `major`. */
static bool check_version(HttpParser *p, char c) {
  bool known = (p->major == 1 && (c == '0' || c == '1')) || (p->major == 0 && c == '9') ||
               (p->major == 2 && c == '0');
  return known || fail(p, "HPE_INVALID_VERSION", "Invalid HTTP version");
}

/* One character of HTTP/d.d; true also when it was the last. */
static bool scan_version(HttpParser *p, char c, enum State next) {
  static const char form[] = "HTTP/d.d";
  bool fits = form[p->at] == 'd' ? is_digit(c) : form[p->at] == c;
  if (!fits) {
    if (p->at < 5)
      return fail(p, "HPE_INVALID_CONSTANT", p->response ? "Expected HTTP/" : "Expected HTTP/, RTSP/ or ICE/");
    return fail(p, "HPE_INVALID_VERSION", p->at == 6 ? "Expected dot" : "Invalid HTTP version");
  }
  if (p->at == 5) p->major = (uint8_t)(c - '0');
  if (form[++p->at] != '\0') return true;
  p->state = (uint8_t)next;
  return check_version(p, c);
}

static bool expect(HttpParser *p, char c, char wanted, enum State next, const char *code, const char *reason) {
  if (c != wanted) return fail(p, code, reason);
  p->state = (uint8_t)next;
  return true;
}

/* The first line of a request, up to its LF. from: where the bytes of this call begin. */
static bool scan_request(HttpParser *p, const char *from, const char *at) {
  char c = *at;
  switch (p->state) {
  case METHOD:
    if (!check_method(p, from, at)) return false;
    return expect(p, c, ' ', URL_GAP, "HPE_INVALID_METHOD", "Expected space after method");
  case URL_GAP:
    if (c == ' ') return true;
    p->state = URL;
    p->at = 0;
    return (kinds[(unsigned char)c] & TARGET) || fail(p, "HPE_INVALID_URL", "Unexpected start char in url");
  case URL:
    if (c == ' ') p->state = VERSION_GAP;
    else if (c == '\r') p->state = LINE_LF; /* HTTP/0.9, as Node takes it */
    else return fail(p, "HPE_INVALID_URL", "Invalid characters in url");
    return true;
  case VERSION_GAP:
    if (c == ' ') return true;
    p->state = VERSION;
    p->at = 0;
    return scan_version(p, c, VERSION_END);
  case VERSION: return scan_version(p, c, VERSION_END);
  default:
    return expect(p, c, '\r', LINE_LF, "HPE_INVALID_VERSION", "Expected CRLF after version");
  }
}

static bool scan_status(HttpParser *p, char c) {
  switch (p->state) {
  case STATUS_VERSION: return scan_version(p, c, STATUS_GAP);
  case STATUS_GAP:
    p->at = 0;
    return expect(p, c, ' ', STATUS, "HPE_INVALID_VERSION", "Expected space after version");
  case STATUS:
    if (!is_digit(c)) return fail(p, "HPE_INVALID_STATUS", "Invalid status code");
    if (++p->at == 3) p->state = STATUS_END;
    return true;
  case STATUS_END:
    if (c == ' ') p->state = REASON;
    else return expect(p, c, '\r', LINE_LF, "HPE_INVALID_STATUS", "Invalid response status");
    return true;
  default:
    return expect(p, c, '\r', LINE_LF, "HPE_CR_EXPECTED", "Missing expected CR after response line");
  }
}

/* A line of the head or of trailers. Sets *done at the LF that ends it all. */
static bool scan_field(HttpParser *p, char c, bool *done) {
  switch (p->state) {
  case LINE_LF:
    return expect(p, c, '\n', FIRST_FIELD, "HPE_STRICT", "Expected LF after the first line");
  case FIRST_FIELD:
    if (is_blank(c)) return fail(p, "HPE_UNEXPECTED_SPACE", "Unexpected space after start line");
    p->state = FIELD_START;
    return true; /* seen again */
  case FIELD_START:
    if (c == '\r') p->state = HEAD_LF;
    else if (is_blank(c)) return fail_token(p, "Unexpected whitespace after header value");
    else return fail_token(p, c == ':' ? "Invalid header token" : "Invalid header field char");
    return true;
  case FIELD:
    if (c != ':') return fail_token(p, "Invalid header token");
    p->state = VALUE;
    return true;
  case VALUE:
    if (c == '\n') return fail(p, "HPE_CR_EXPECTED", "Missing expected CR after header value");
    if (c != '\r') return fail_token(p, "Invalid header value char");
    p->state = VALUE_LF;
    return true;
  case VALUE_LF:
    return expect(p, c, '\n', FIELD_START, "HPE_LF_EXPECTED", "Missing expected LF after header value");
  default:
    *done = true;
    return expect(p, c, '\n', HEAD_LF, "HPE_STRICT", "Expected LF after headers");
  }
}

/* Which characters a state takes many of. */
static int kind_of_state(unsigned state) {
  switch (state) {
  case METHOD: case FIELD: return TOKEN;
  case URL: return TARGET;
  case VALUE: case REASON: return FIELD_VALUE;
  default: return 0;
  }
}

/* Is the method, the head not too long already? */
static bool check_length(HttpParser *p) {
  if (p->state == METHOD && p->counted > LONGEST_METHOD)
    return fail(p, "HPE_INVALID_METHOD", "Invalid method encountered");
  return p->counted < p->limit || fail(p, "HPE_HEADER_OVERFLOW", "Header overflow");
}

/* Scans bytes of a head. Returns where it stopped: behind the head when *done, else at the end, or at
 * the fault. */
static const char *scan_head(HttpParser *p, const char *from, const char *end, bool *done) {
  const char *at = from;
  while (at < end && p->state != FAILED && !*done) {
    int kind = kind_of_state(p->state);
    if (kind) {
      at = skip_kind(p, at, end, kind);
      if (!check_length(p) || at == end) break;
    }
    if (p->state == LEAD || p->state == DEAD) {
      if (*at == '\r' || *at == '\n') {
        at++;
        continue;
      }
      p->begun = true;
      p->counted = 0;
      p->at = 0;
      if (p->state == DEAD) (void)fail(p, "HPE_CLOSED_CONNECTION", "Data after `Connection: close`");
      else p->state = p->response ? STATUS_VERSION : METHOD;
      if (p->state == METHOD && !(kinds[(unsigned char)*at] & TOKEN))
        (void)fail(p, "HPE_INVALID_METHOD", "Invalid method encountered");
      continue;
    }
    if (p->state == FIELD_START && (kinds[(unsigned char)*at] & TOKEN)) {
      p->state = FIELD;
      continue;
    }
    if (p->state == VERSION_GAP && end - at >= 10 && !memcmp(at, "HTTP/1.1\r\n", 10)) {
      p->state = FIRST_FIELD; /* as nearly always */
      at += 10;
      continue;
    }
    bool again = p->state == FIRST_FIELD;
    bool ok = p->state <= VERSION_END ? scan_request(p, from, at)
            : p->state >= STATUS_VERSION && p->state <= REASON ? scan_status(p, *at)
                                                               : scan_field(p, *at, done);
    if (ok && !again) at++;
  }
  return at;
}

/* ---- bodies ---- */

/* HTTP_EV_HEAD has been dealt with: the library gets the head's last byte and says what follows. */
static void after_head(HttpParser *p, HttpEvent *ev) {
  http_parser_pause(&p->lib, 0);
  if (p->skip_body || p->accept_upgrade) p->lib.flags |= F_SKIPBODY;
  p->lib.upgrade = p->accept_upgrade;
  p->message_done = false;
  if (!feed(p, "\n", 1)) return;
  if (p->message_done) {
    message_over(p, ev);
  } else if (p->lib.flags & F_CHUNKED) {
    p->state = CHUNK_FIRST;
  } else if (p->lib.content_length == UINT64_MAX) {
    p->state = BODY_TO_EOF;
  } else {
    p->state = BODY;
    p->left = p->lib.content_length;
  }
}

/* A piece of the body that is not longer than what is left of it or of the chunk. */
static size_t give_body(HttpParser *p, const char *bytes, size_t n, HttpEvent *ev) {
  if (p->state != BODY_TO_EOF) {
    if (n > p->left) n = (size_t)p->left;
    p->left -= n;
  }
  if (!feed(p, bytes, n)) return 0;
  *ev = (HttpEvent){ HTTP_EV_BODY, NULL, bytes, n };
  if (p->state == BODY && p->left == 0) p->state = BODY_OVER;
  if (p->state == CHUNK_DATA && p->left == 0) p->state = CHUNK_CR;
  return n;
}

static int hex_digit(char c) { return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

static bool scan_size(HttpParser *p, char c) {
  if (kinds[(unsigned char)c] & HEX) {
    if (p->left >> 60) return fail(p, "HPE_INVALID_CHUNK_SIZE", "Chunk size overflow");
    p->left = p->left << 4 | (uint64_t)hex_digit(c);
    p->state = CHUNK_SIZE;
    return true;
  }
  if (p->state == CHUNK_FIRST) return fail_chunk(p);
  p->counted = 0;
  if (c == ';') p->state = CHUNK_EXT;
  else if (c == '\r') p->state = CHUNK_LF;
  else if (c == '\n') return fail(p, "HPE_CR_EXPECTED", "Missing expected CR after chunk size");
  else return fail_chunk(p);
  return true;
}

static bool scan_extension(HttpParser *p, char c) {
  if (++p->counted >= MAX_EXTENSION)
    return fail(p, "HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow");
  bool quoted = p->state == CHUNK_QUOTED;
  if (c == '"') p->state = quoted ? CHUNK_EXT : CHUNK_QUOTED;
  else if (quoted && c != '\\' && (kinds[(unsigned char)c] & FIELD_VALUE)) return true;
  else if (!quoted && (kinds[(unsigned char)c] & EXTENSION)) return true;
  else if (!quoted && c == '\r') p->state = CHUNK_LF;
  else if (c == '\n') return fail(p, "HPE_CR_EXPECTED", "Missing expected CR after chunk extension name");
  else return fail(p, "HPE_STRICT", "Invalid character in chunk extensions");
  return true;
}

/* One character of the lines around chunks. */
static bool scan_chunk(HttpParser *p, char c) {
  switch (p->state) {
  case CHUNK_FIRST: case CHUNK_SIZE: return scan_size(p, c);
  case CHUNK_EXT: case CHUNK_QUOTED: return scan_extension(p, c);
  case CHUNK_LF:
    p->counted = 0;
    p->trailers = p->left == 0;
    return expect(p, c, '\n', p->left == 0 ? FIELD_START : CHUNK_DATA, "HPE_STRICT",
                  "Expected LF after chunk size");
  case CHUNK_CR:
    if (c != '\n' && c != '\r') return fail(p, "HPE_STRICT", "Expected LF after chunk data");
    return expect(p, c, '\r', CHUNK_DATA_LF, "HPE_CR_EXPECTED", "Missing expected CR after chunk data");
  default:
    return expect(p, c, '\n', CHUNK_FIRST, "HPE_STRICT", "Expected LF after chunk data");
  }
}

/* Everything of chunks but their data: up to the data, the trailers or the end of what is there. */
static size_t next_chunk_line(HttpParser *p, const char *bytes, size_t n) {
  size_t i = 0;
  while (i < n && p->state >= CHUNK_FIRST && p->state <= CHUNK_DATA_LF && p->state != CHUNK_DATA) {
    if (p->state == CHUNK_FIRST) p->left = 0;
    if (!scan_chunk(p, bytes[i])) return i;
    i++;
  }
  (void)feed(p, bytes, i);
  return i;
}

/* Bytes of a head or of trailers. */
static size_t next_head(HttpParser *p, const char *bytes, size_t n, HttpEvent *ev) {
  bool done = false;
  const char *stop = scan_head(p, bytes, bytes + n, &done);
  size_t used = (size_t)(stop - bytes);
  if (p->state == FAILED || p->state == LEAD || p->state == DEAD) return used;
  if (!done || p->part.len > 0) strbuf_add(&p->part, bytes, used);
  if (p->part.failed) {
    (void)fail(p, "HPE_USER", "Out of memory");
    return used;
  }
  if (!done) return used;
  const char *whole = p->part.len > 0 ? p->part.p : bytes;
  size_t len = p->part.len > 0 ? p->part.len : used;
  if (p->trailers) trailers_done(p, whole, len, ev);
  else head_done(p, whole, len, ev);
  p->part_used = true;
  return used;
}

size_t parser_next(HttpParser *p, const char *bytes, size_t n, HttpEvent *ev) {
  size_t used = 0;
  *ev = (HttpEvent){ HTTP_EV_MORE, NULL, NULL, 0 };
  if (p->upgraded) return 0;
  if (p->part_used) {
    strbuf_free(&p->part);
    p->part_used = false;
  }
  do {
    const char *at = bytes + used;
    size_t rest = n - used;
    if (p->state == HEAD_TOLD) {
      after_head(p, ev);
    } else if (p->state == BODY_OVER) {
      if (p->message_done) message_over(p, ev);
      else (void)fail(p, "HPE_INTERNAL", "Malformed message");
    } else if (rest == 0) {
      break;
    } else if (p->state == BODY || p->state == BODY_TO_EOF || p->state == CHUNK_DATA) {
      used += give_body(p, at, rest, ev);
    } else if (p->state >= CHUNK_FIRST && p->state <= CHUNK_DATA_LF) {
      used += next_chunk_line(p, at, rest);
    } else if (p->state != FAILED) {
      used += next_head(p, at, rest, ev);
    }
    if (p->state == FAILED) *ev = (HttpEvent){ HTTP_EV_FAILED, NULL, NULL, 0 };
  } while (ev->kind == HTTP_EV_MORE);
  return used;
}

void parser_eof(HttpParser *p, HttpEvent *ev) {
  *ev = (HttpEvent){ HTTP_EV_MORE, NULL, NULL, 0 };
  if (p->state == FAILED || !p->begun || p->upgraded) return;
  if (p->state == BODY_TO_EOF) {
    message_over(p, ev);
    return;
  }
  (void)fail(p, "HPE_INVALID_EOF_STATE", "");
  ev->kind = HTTP_EV_FAILED;
}
