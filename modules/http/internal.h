/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of the http module share among themselves.
 *
 * Two kinds of messages: Incoming (what the parser has found) and Outgoing (what is to be written); a
 * server reads the first and writes the second, a client the other way round. Both begin with a Stream,
 * whose unused half costs nothing. */
#ifndef MOONFORK_HTTP_INTERNAL_H
#define MOONFORK_HTTP_INTERNAL_H

#include "net/net.h"
#include "http.h"
#include "parser.h"

/* ---- incoming.c ---- */

enum { UV_IN_SOCKET = UV_STREAM_FREE, UV_IN_CACHE, UV_IN_PEER, UV_IN_HEAD, UV_IN_TRAILERS, UV_IN_FREE };
enum { INCOMING_EXTRA = UV_IN_FREE - UV_STREAM_FREE };

typedef struct Incoming {
  Stream stream;
  HttpHead *head, *trailers; /* in the userdata or a user value; head NULL: made by a script */
  uint32_t limit;            /* how many fields are shown */
  bool complete, aborted;
  bool upgrade;
  bool consuming;            /* somebody has asked for data */
  bool dumped;               /* nobody will: the body is dropped */
  bool join;                 /* joinDuplicateHeaders */
} Incoming;

extern const ClassDef incoming_class;

/* Pushes a message with a copy of the head. cls: index of a class of a script, 0: IncomingMessage. [+1] */
Incoming *incoming_new(lua_State *L, int socket, const HttpHead *head, int cls);
Incoming *incoming_test(lua_State *L, int idx);

/* All of it has come; trailers may be NULL. */
void incoming_complete(lua_State *L, int self, const HttpHead *trailers);

/* A piece of the body; false: the reader has enough. */
bool incoming_body(lua_State *L, int self, int socket, const char *bytes, size_t len);

/* Nobody reads it: what comes is dropped. */
void incoming_dump(lua_State *L, int self);

/* Destroys it with ECONNRESET "aborted". */
void incoming_abort(lua_State *L, int self);

/* Lets the socket at idx read on, stops it. */
void http_read_start(lua_State *L, int socket);
void http_read_stop(lua_State *L, int socket);

/* ---- fields.c: heads as tables ---- */

void fields_push_span(lua_State *L, const HttpHead *head, HttpSpan span); /* [+1] */
void fields_push_raw(lua_State *L, const HttpHead *head); /* [+1] */
void fields_push_distinct(lua_State *L, const HttpHead *head, uint32_t limit); /* [+1] */
void fields_push(lua_State *L, const HttpHead *head, uint32_t limit, bool join); /* [+1] */

/* The first field of the name; false when there is none. */
bool fields_find(const HttpHead *head, const char *lower, const char **value, size_t *len);

/* Does the word stand in the text, in any case, between characters of no word? */
bool has_word(const char *text, size_t len, const char *word);

/* ---- outgoing.c ---- */

enum { UV_OUT_SOCKET = UV_STREAM_FREE, UV_OUT_HEADERS, UV_OUT_PEER, UV_OUT_DATA, UV_OUT_BYTES, UV_OUT_FREE };
enum { OUTGOING_EXTRA = UV_OUT_FREE - UV_STREAM_FREE };

/* Slots of the table in UV_OUT_DATA. */
enum { OUT_CALLBACKS = 1, OUT_MESSAGE, OUT_TRAILER, OUT_UNIQUE, OUT_ERROR, OUT_STATUS };

typedef struct Outgoing Outgoing;

/* What the two kinds of Outgoing do in their own way. */
typedef struct OutgoingKind {
  void (*implicit_head)(lua_State *L, int self, StrBuf *text); /* the head is needed now; see head_store */
  void (*finished)(lua_State *L, int self);      /* all is with the system; before `finish` */
} OutgoingKind;

struct Outgoing {
  Stream stream;             /* its w.ending, w.finished and need_drain are true to what we do */
  const OutgoingKind *kind;  /* borrows; NULL: a bare OutgoingMessage */
  char *out;                 /* bytes that wait, head and small pieces: in the userdata UV_OUT_BYTES */
  size_t out_len, out_room;
  int64_t content_length;    /* -1: not known */
  uint64_t body_written;
  uint64_t ticked;           /* bytes written since the last tick, for what write() says */
  uint64_t keep_alive_ms;    /* for the header Keep-Alive */
  lua_Integer max_requests;
  int corked;
  int writes;                /* of the socket, under way */
  int status;                /* of a response */
  bool attached;             /* the socket is ours now */
  bool head_made, head_sent;
  bool flush_head;           /* it has Expect, and goes before the body */
  bool has_body, chunked, chunked_by_default, should_keep_alive, last;
  bool default_keep_alive, max_reached;
  bool send_date, strict_length, reject_body, has_agent;
  bool removed_connection, removed_length, removed_te;
  bool expect_continue, sent_100;
  bool tick_queued, callbacks, told_finish, close_told;
};

extern const ClassDef outgoing_class, response_class, request_class;

/* The same for an object that is known to be one. */
static inline Outgoing *outgoing_at(lua_State *L, int idx) { return ((Head *)lua_touserdata(L, idx))->self; }

Outgoing *outgoing_init(lua_State *L, const ClassDef *cls, size_t size, const OutgoingKind *kind); /* [+1] */
Outgoing *outgoing_test(lua_State *L, int idx); /* NULL for anything else */
Outgoing *outgoing_self(lua_State *L);
void outgoing_data_push(lua_State *L, int self, int slot); /* [+1] */
void outgoing_data_set(lua_State *L, int self, int slot);  /* [-1] */

/* The socket at idx is ours: what waits goes out. */
void outgoing_attach(lua_State *L, int self, int socket);
void outgoing_detach(lua_State *L, int self);

/* Bytes to be sent, in their order. */
typedef struct Parts {
  const char *head, *bytes, *tail;
  size_t head_len, len, tail_len;
} Parts;

/* Sends what waits, then the parts; what cannot go at once is copied. */
void outgoing_send(lua_State *L, int self, const Parts *parts);
void outgoing_flush(lua_State *L, int self);

/* Adds to what waits. */
void outgoing_add(lua_State *L, int self, const char *bytes, size_t len);
void outgoing_drop(lua_State *L, int self); /* forgets it */

/* A buffer for a short while, empty; kept for the next one unless it is in use. A value that holds it is
 * pushed. text_end gives it back. [+1] */
StrBuf *text_begin(lua_State *L);
void text_end(lua_State *L, StrBuf *text);
void text_reset(lua_State *L); /* an error has left it in use */

/* end() without arguments; write of text */
void outgoing_end(lua_State *L, int self);

/* Emits `close`, once. */
void outgoing_tell_close(lua_State *L, int self);

/* Queues fn(object at idx) for the next tick. */
void http_tick(lua_State *L, int idx, lua_CFunction fn);

/* ---- headers.c ---- */

/* Rows of OutgoingMessage. */
int header_lua_set(lua_State *L);
int header_lua_set_all(lua_State *L);
int header_lua_append(lua_State *L);
int header_lua_get(lua_State *L);
int header_lua_get_all(lua_State *L);
int header_lua_has(lua_State *L);
int header_lua_names(lua_State *L);
int header_lua_raw_names(lua_State *L);
int header_lua_remove(lua_State *L);
void header_check_name(lua_State *L, int idx, const char *label);
void header_check_value(lua_State *L, int name, int value);
void header_set(lua_State *L, int self, int name, int value);
bool header_push(lua_State *L, int self, const char *lower); /* its value. [+1|0] */
void header_push_text(lua_State *L, int idx);  /* a value as it is written. [+1] */
/* Pushes the table at t as a flat list of name, value, sorted by name; a list as it is. [+1] */
void header_push_flat(lua_State *L, int t);
void header_unique_option(lua_State *L, int self, int opts);
int http_validate_name(lua_State *L);
int http_validate_value(lua_State *L);
int err_headers_sent(lua_State *L, const char *what);
/* addTrailers(headers) */
int outgoing_add_trailers(lua_State *L);

/* ---- head.c ---- */

/* Appends the first line and all headers to text. headers: a table given to writeHead (0: those that
 * were set). Raises before anything of the message is changed. */
void head_store(lua_State *L, int self, StrBuf *text, const char *line, size_t len, int headers);

/* ---- conn.c: a connection of a server ---- */

typedef struct HttpServer HttpServer;

/* Lets the server speak HTTP on each socket that "connection" brings. */
void conn_listen(lua_State *L, int server);
void conn_response_finished(lua_State *L, int res);

/* ---- server.c ---- */

typedef struct HttpTimer HttpTimer;

/* What a Server knows beyond net's; lies in a userdata of its own, because NetServer may move. */
struct HttpServer {
  Runtime *rt;
  HttpTimer *timer;          /* owned */
  List conns;                /* all connections */
  List idle;                 /* those that wait for the next request, the longest first */
  uint64_t check_due;        /* when conns are looked over, 0: never */
  lua_Integer timeout, keep_alive_timeout, headers_timeout, request_timeout, check_interval;
  lua_Integer max_requests, max_headers; /* max_headers < 0: Node's 1000 */
  lua_Integer max_head;
  size_t hwm;
  bool require_host, join, reject_body, half_open;
  bool own_request, own_response, unique; /* classes of a script, uniqueHeaders: in the user values */
  bool closing;              /* close was called: each answer is the last of its connection */
};

/* User values of the userdata of an HttpServer. */
enum { STATE_UNIQUE = 1, STATE_REQUEST, STATE_RESPONSE, STATE_COUNT = STATE_RESPONSE };

/* How long an idle connection is kept beyond keepAliveTimeout. */
enum { KEEP_ALIVE_GRACE = 1000 };
/* How long a connection that closes may still bring the request that is under way to it. */
enum { LAST_REQUEST_GRACE = 500 };

extern const ClassDef http_server_class;

HttpServer *http_server_state(lua_State *L, int server); /* NULL for anything else */
void http_server_push_state(lua_State *L, int server);   /* the userdata. [+1] */
void http_server_schedule(HttpServer *s);                /* the timer fires when something is due */
uint64_t conns_due(HttpServer *s);                       /* the next time something is, 0: none */
void conns_check(lua_State *L, HttpServer *s, uint64_t now); /* what is due is done */
void conns_close(lua_State *L, HttpServer *s, bool all);
void conns_begin_close(lua_State *L, HttpServer *s); /* answers not begun yet say Connection: close */
void conns_linger(HttpServer *s); /* idle ones may bring a last request */

/* ---- http.c ---- */

const char *http_status_text(int status); /* NULL for a status without one */
const char *http_date(lua_State *L);      /* of now; 29 characters */
HttpScratch *http_scratch(lua_State *L);  /* of all parsers of the runtime */

/* ---- client.c, request.c, agent.c ---- */

extern const ClassDef agent_class;
extern const OptDef http_request_options[];
int http_request(lua_State *L);
int http_get(lua_State *L);
void agent_push_default(lua_State *L); /* the first globalAgent. [+1] */
void agent_push_global(lua_State *L);  /* http.globalAgent. [+1] */

#endif
