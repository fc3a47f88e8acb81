/* SPDX-License-Identifier: MIT */
/* http.c - the module http: what it is made of, the texts of states, the date of now. */
#include "internal.h"

#include <string.h>
#include <time.h>
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "server.h"

/* ---- states ---- */

static const struct {
  int status;
  const char *text;
} statuses[] = {
  { 100, "Continue" }, { 101, "Switching Protocols" }, { 102, "Processing" },
  { 103, "Early Hints" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
  { 203, "Non-Authoritative Information" }, { 204, "No Content" }, { 205, "Reset Content" },
  { 206, "Partial Content" }, { 207, "Multi-Status" }, { 208, "Already Reported" },
  { 226, "IM Used" }, { 300, "Multiple Choices" }, { 301, "Moved Permanently" },
  { 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" }, { 305, "Use Proxy" },
  { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" }, { 400, "Bad Request" },
  { 401, "Unauthorized" }, { 402, "Payment Required" }, { 403, "Forbidden" },
  { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
  { 407, "Proxy Authentication Required" }, { 408, "Request Timeout" }, { 409, "Conflict" },
  { 410, "Gone" }, { 411, "Length Required" }, { 412, "Precondition Failed" },
  { 413, "Payload Too Large" }, { 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
  { 416, "Range Not Satisfiable" }, { 417, "Expectation Failed" }, { 418, "I'm a Teapot" },
  { 421, "Misdirected Request" }, { 422, "Unprocessable Entity" }, { 423, "Locked" },
  { 424, "Failed Dependency" }, { 425, "Too Early" }, { 426, "Upgrade Required" },
  { 428, "Precondition Required" }, { 429, "Too Many Requests" },
  { 431, "Request Header Fields Too Large" }, { 451, "Unavailable For Legal Reasons" },
  { 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
  { 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
  { 505, "HTTP Version Not Supported" }, { 506, "Variant Also Negotiates" },
  { 507, "Insufficient Storage" }, { 508, "Loop Detected" }, { 509, "Bandwidth Limit Exceeded" },
  { 510, "Not Extended" }, { 511, "Network Authentication Required" }
};

enum { STATUSES = sizeof statuses / sizeof *statuses };

const char *http_status_text(int status) {
  if (status == 200) return "OK";
  for (int i = 0; i < STATUSES; i++)
    if (statuses[i].status == status) return statuses[i].text;
  return NULL;
}

/* ---- the date ---- */

enum { DATE_LEN = 29 };

typedef struct DateText {
  time_t second;
  char text[DATE_LEN + 1];
} DateText;

static const char date_key = 0;

static void put_number(char *to, int n, int digits) {
  for (; digits > 0; n /= 10) to[--digits] = (char)('0' + n % 10);
}

const char *http_date(lua_State *L) {
  static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  DateText *d = rt_data(L, &date_key, sizeof *d);
  time_t now = time(NULL);
  if (now == d->second) return d->text;
  struct tm tm;
  (void)gmtime_r(&now, &tm);
  memcpy(d->text, "Thu, 01 Jan 1970 00:00:00 GMT", sizeof d->text);
  memcpy(d->text, days + 3 * tm.tm_wday, 3);
  put_number(d->text + 5, tm.tm_mday, 2);
  memcpy(d->text + 8, months + 3 * tm.tm_mon, 3);
  put_number(d->text + 12, tm.tm_year + 1900, 4);
  put_number(d->text + 17, tm.tm_hour, 2);
  put_number(d->text + 20, tm.tm_min, 2);
  put_number(d->text + 23, tm.tm_sec, 2);
  d->second = now;
  return d->text;
}

/* ---- the scratch of the parsers ---- */

static const char scratch_key = 0;

static int scratch_gc(lua_State *L) {
  scratch_free(lua_touserdata(L, 1));
  return 0;
}

HttpScratch *http_scratch(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &scratch_key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    HttpScratch *made = lua_newuserdatauv(L, sizeof *made, 0);
    memset(made, 0, sizeof *made);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, scratch_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &scratch_key);
  }
  HttpScratch *scratch = lua_touserdata(L, -1);
  lua_pop(L, 1); /* the registry holds it */
  return scratch;
}

/* ---- the module ---- */

static void push_statuses(lua_State *L) {
  lua_createtable(L, 0, STATUSES);
  for (int i = 0; i < STATUSES; i++) {
    lua_pushstring(L, statuses[i].text);
    lua_rawseti(L, -2, statuses[i].status);
  }
}

/* Sorted by their bytes, as Node has them. */
static void push_methods(lua_State *L) {
  const char *names[HTTP_SOURCE + 2];
  int n = 0;
  for (unsigned m = 0; m <= HTTP_SOURCE; m++) names[n++] = http_method_name(m);
  names[n++] = http_method_name(HTTP_METHOD_QUERY);
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && strcmp(names[j], names[j - 1]) < 0; j--) {
      const char *swap = names[j];
      names[j] = names[j - 1];
      names[j - 1] = swap;
    }
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    lua_pushstring(L, names[i]);
    lua_rawseti(L, -2, i + 1);
  }
}

/* setMaxIdleHTTPParsers(max): parsers are part of their connections here, none is kept idle. */
static int set_max_idle(lua_State *L) {
  (void)arg_integer(L, 1, "max", 1, INT32_MAX);
  return 0;
}

static int http_open(lua_State *L) {
  lua_settop(L, 1);
  http_parser_set_max_header_size(UINT32_MAX); /* the limit is the scanner's */
  push_statuses(L);
  lua_setfield(L, 1, "STATUS_CODES");
  push_methods(L);
  lua_setfield(L, 1, "METHODS");
  lua_pushinteger(L, HTTP_DEFAULT_HEAD);
  lua_setfield(L, 1, "maxHeaderSize");
  agent_push_default(L);
  lua_setfield(L, 1, "globalAgent");
  return 1;
}

static const FnDef http_functions[] = {
  { "createServer", http_create_server, FN_STATIC,
    "createServer(options: table|function?, requestListener: function?): Server",
    "A server; requestListener(req, res) is a listener of \"request\". It works once listen() is called.",
    http_server_options,
    "local http = require \"http\"\n"
    "local server = http.createServer(function(req, res) res:finish \"hello\" end)\n"
    "server:listen(0, function() server:close() end)", NULL },
  { "request", http_request, FN_STATIC,
    "request(url: string|URL|table, options: table|function?, callback: function?): ClientRequest",
    "Starts a request; finish() it, also when it has no body. callback(res) is a listener of "
    "\"response\".", http_request_options, NULL, NULL },
  { "get", http_get, FN_STATIC,
    "get(url: string|URL|table, options: table|function?, callback: function?): ClientRequest",
    "A request without a body: request(...):finish().", http_request_options, NULL, NULL },
  { "validateHeaderName", http_validate_name, FN_STATIC, "validateHeaderName(name: string, label: string?)",
    "Raises ERR_INVALID_HTTP_TOKEN for what cannot be the name of a header.", NULL, NULL, NULL },
  { "validateHeaderValue", http_validate_value, FN_STATIC, "validateHeaderValue(name: string, value: any)",
    "Raises ERR_INVALID_CHAR or ERR_HTTP_INVALID_HEADER_VALUE for what cannot be sent.", NULL, NULL, NULL },
  { "setMaxIdleHTTPParsers", set_max_idle, FN_STATIC, "setMaxIdleHTTPParsers(max: integer)",
    "Does nothing: parsers are not kept for later here.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef http_constants[] = {
  { "STATUS_CODES", NULL, NULL, "table", "The reason of each status: STATUS_CODES[404] is \"Not Found\"." },
  { "METHODS", NULL, NULL, "string[]", "The methods that are understood." },
  { "maxHeaderSize", NULL, NULL, "integer", "How many bytes a head may have, when nothing else is said." },
  { "globalAgent", NULL, NULL, "Agent", "What request uses: keepAlive, a timeout of 5 seconds." },
  { 0 }
};

static const ClassDef *const http_classes[] = { &http_server_class, &incoming_class, &outgoing_class,
                                                &response_class, &request_class, &agent_class, NULL };

const ModuleDef http_module = {
  .name = "http", .functions = http_functions, .classes = http_classes, .constants = http_constants,
  .open = http_open,
  .doc = "Servers and clients of HTTP/1.1. The bytes of strings are sent as they are, those of headers "
         "come as they are.",
  .example = "local http = require \"http\"\n"
             "local server = http.createServer(function(req, res)\n  res:finish(req.method)\nend)\n"
             "server:listen(0, function()\n"
             "  http.get({ port = server:address().port }, function(res)\n"
             "    res:on(\"data\", function(d) print(res.statusCode, d) end)\n"
             "    res:on(\"end\", function() server:close() end)\n"
             "  end)\nend)"
};
