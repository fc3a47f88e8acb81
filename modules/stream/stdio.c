/* SPDX-License-Identifier: MIT */
/* stdio.c - see stdio.h. In a worker no stream has a descriptor: output goes where the thread's goes.
 *
 * Output goes through out.h at once, so it is in order with print and never lost at exit; fd 1 and 2 are
 * never closed. Input is whatever fd 0 is: a pipe or socket is a Socket, a terminal one with isTTY, a
 * file is read by the thread pool. Nothing is read, and the loop not kept alive, before somebody asks. */
#include "stdio.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"
#include "core/out.h"
#include "events/events.h"
#include "internal.h"
#include "tty.h"
#include "uv_stream.h"

enum { FILE_SLICE = 64 * 1024 };

typedef struct Stdio {
  int ref[3];              /* registry references of the streams, 0: not made yet */
  const char *held;        /* why there is no stdin, NULL: there is */
} Stdio;

static const char stdio_key = 0;

static Stdio *stdio_of(lua_State *L) { return rt_data(L, &stdio_key, sizeof(Stdio)); }

/* ---- output ---- */

typedef struct Winch Winch;

typedef struct Writer {
  Stream stream;
  int fd;
  Winch *winch;            /* watches the size while somebody listens to "resize" */
} Writer;

static void writer_write(lua_State *L, int self, int chunk) {
  const char *bytes = "";
  size_t len = 0;
  (void)buffer_view(L, chunk, &bytes, &len);
  int err = out_write(((Writer *)stream_at(L, self))->fd, bytes, len);
  if (err < 0) err_push_uv(L, err, "write");
  writable_written(L, self, err < 0 ? lua_gettop(L) : 0);
  if (err < 0) lua_pop(L, 1);
}

/* The events come, but the stream goes on: others in this process write there, too. */
static void writer_destroy(lua_State *L, int self, int err) {
  stream_destroyed(L, self, err);
  stream_undestroy(stream_at(L, self));
}

static const StreamImpl writer_impl = { .write = writer_write, .destroy = writer_destroy };

static void push_writer(lua_State *L, int fd) {
  bool tty = rt_of(L)->thread_id == 0 && uv_guess_handle(fd) == UV_TTY;
  Writer *w = stream_new(L, tty ? &tty_writer_class : &stdio_writer_class, sizeof *w, STREAM_WRITES,
                         &writer_impl, 0);
  w->fd = fd;
  w->stream.stdio = true;
}

static Writer *writer_self(lua_State *L) { return class_check(L, 1, &stdio_writer_class); }

static int writer_get_fd(lua_State *L) {
  if (rt_of(L)->thread_id != 0) return 0;
  lua_pushinteger(L, writer_self(L)->fd);
  return 1;
}

/* ---- the terminal's size ---- */

static struct winsize size_of(int fd) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) memset(&size, 0, sizeof size);
  return size;
}

struct Winch {
  Handle base;
  uv_signal_t uv;
  int fd;
  struct winsize last;
};

/* Body: tells the stream when the size really is another. */
static int winch_deliver(lua_State *L) {
  Winch *winch = lua_touserdata(L, 1);
  struct winsize now = size_of(winch->fd);
  if (now.ws_col == winch->last.ws_col && now.ws_row == winch->last.ws_row) return 0;
  winch->last = now;
  stdio_push(L, winch->fd);
  emit(L, lua_gettop(L), "resize", 0);
  return 0;
}

static void on_winch(uv_signal_t *uv, int signum) {
  (void)signum;
  Winch *winch = uv->data;
  (void)rt_enter(winch->base.rt, winch_deliver, winch);
}

static void winch_start(lua_State *L, Writer *w) {
  Runtime *rt = rt_of(L);
  rt_check_open(L);
  Winch *winch = handle_new_internal(rt, sizeof *winch);
  if (!winch) {
    luaL_error(L, "not enough memory");
    return;
  }
  winch->fd = w->fd;
  winch->last = size_of(w->fd);
  (void)uv_signal_init(&rt->loop, &winch->uv); /* can only fail where the loop itself has failed */
  handle_opened(&winch->base, (uv_handle_t *)&winch->uv);
  uv_unref((uv_handle_t *)&winch->uv);
  w->winch = winch;
  int err = uv_signal_start(&winch->uv, on_winch, SIGWINCH);
  if (err < 0) err_raise_uv(L, err, "uv_signal_start");
}

static void tty_listeners(lua_State *L, int idx, const char *event, int count) {
  Writer *w = class_test(L, idx, &tty_writer_class);
  if (!w || strcmp(event, "resize") != 0) return;
  if (count > 0 && !w->winch) winch_start(L, w);
  if (count == 0 && w->winch) {
    handle_close(&w->winch->base);
    w->winch = NULL;
  }
}

static int push_size(lua_State *L, unsigned short n) {
  if (n > 0) lua_pushinteger(L, n);
  else lua_pushnil(L);
  return 1;
}

static int tty_get_columns(lua_State *L) { return push_size(L, size_of(writer_self(L)->fd).ws_col); }
static int tty_get_rows(lua_State *L) { return push_size(L, size_of(writer_self(L)->fd).ws_row); }

static int tty_get_is(lua_State *L) {
  lua_pushboolean(L, true);
  return 1;
}

static int tty_window_size(lua_State *L) {
  struct winsize size = size_of(writer_self(L)->fd);
  lua_createtable(L, 2, 0);
  lua_pushinteger(L, size.ws_col);
  lua_rawseti(L, -2, 1);
  lua_pushinteger(L, size.ws_row);
  lua_rawseti(L, -2, 2);
  return 1;
}

/* ---- input from a file ---- */

typedef struct FileReader {
  Stream stream;
  int fd;
} FileReader;

/* One read in the thread pool. */
typedef struct FileRead {
  uv_fs_t req;
  Runtime *rt;
  Store *store;            /* owns */
  int pin;                 /* the stream, in rt->pins */
  ssize_t n;               /* the result */
} FileRead;

static int file_deliver(lua_State *L) {
  const FileRead *read = lua_touserdata(L, 1);
  rt_push_pinned(L, read->rt, read->pin);
  if (stream_at(L, 2)->destroyed) return 0;
  if (read->n > 0) {
    buffer_push_store(L, read->store, 0, (size_t)read->n);
    store_press(L, read->store->size);
    (void)readable_push(L, 2);
  } else if (read->n == 0) {
    readable_push_end(L, 2);
  } else {
    err_push_path(L, (int)read->n, "read", NULL, NULL);
    stream_destroy(L, 2, 3);
  }
  return 0;
}

static void file_read_free(FileRead *read) {
  uv_fs_req_cleanup(&read->req);
  store_unref(read->store);
  rt_unpin(read->rt, read->pin);
  free(read);
}

static void on_file_read(uv_fs_t *req) {
  FileRead *read = req->data;
  read->n = req->result;
  (void)rt_enter(read->rt, file_deliver, read);
  file_read_free(read);
}

static void file_read(lua_State *L, int self, size_t n) {
  (void)n;
  int err = UV_ENOMEM;
  FileRead *read = calloc(1, sizeof *read);
  if (read) {
    read->rt = rt_of(L);
    read->store = store_new(FILE_SLICE);
    lua_pushvalue(L, self);
    read->pin = rt_pin(L);
    read->req.data = read;
  }
  if (read && read->store) {
    uv_buf_t buf = uv_buf_init(read->store->data, FILE_SLICE);
    err = uv_fs_read(&read->rt->loop, &read->req, ((FileReader *)stream_at(L, self))->fd, &buf, 1, -1,
                     on_file_read);
  }
  if (err == 0) return;
  if (read) file_read_free(read);
  err_push_path(L, err, "read", NULL, NULL);
  stream_destroy(L, self, lua_gettop(L));
  lua_pop(L, 1);
}

static const StreamImpl file_impl = { .read = file_read };

static void push_file(lua_State *L, int fd) {
  FileReader *f = stream_new(L, &file_reader_class, sizeof *f, STREAM_READS, &file_impl, 0);
  f->fd = fd;
  f->stream.r.hwm = FILE_SLICE;
  f->stream.auto_destroy = false; /* the descriptor is not ours to close */
}

static int file_get_fd(lua_State *L) {
  lua_pushinteger(L, ((FileReader *)stream_self(L, &file_reader_class))->fd);
  return 1;
}

/* ---- input from a pipe, a socket, a terminal ---- */

/* The terminal goes back to how it was found. */
static void release_tty(Handle *h) {
  (void)h;
  (void)uv_tty_reset_mode(); /* nothing to do where no mode was set */
}

/* Opens the descriptor in the Socket on top. */
static void socket_take_fd(lua_State *L, Socket *k, uv_handle_type type, int fd) {
  uv_loop_t *loop = &rt_of(L)->loop;
  int err, flags = fcntl(fd, F_GETFL);
  if (type == UV_TTY) err = uv_tty_init(loop, &k->uv.tty, fd, 1);
  else if (type == UV_TCP) err = uv_tcp_init(loop, &k->uv.tcp);
  else err = uv_pipe_init(loop, &k->uv.pipe, 0);
  if (err < 0) err_raise_uv(L, err, "open");
  socket_opened(k);
  if (type == UV_TCP) err = uv_tcp_open(&k->uv.tcp, fd);
  else if (type != UV_TTY) err = uv_pipe_open(&k->uv.pipe, fd);
  if (type == UV_TTY) {
    k->stream.base.release = release_tty;
  } else {
    k->shared_fd = fd;
    k->fd_flags = flags;
  }
  if (err >= 0) return;
  handle_close(&k->stream.base);
  err_raise_uv(L, err, "open");
}

/* One tick after a pause nothing is read any more, and the program may end. */
static int tick_paused(lua_State *L) {
  Socket *k = (Socket *)stream_at(L, 1);
  if (!k->reading || k->stream.r.flowing) return 0;
  k->stream.r.reading = false;
  socket_read_stop(k);
  return 0;
}

static int on_pause(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  stream_tick(L, lua_gettop(L), tick_paused);
  return 0;
}

static void push_socket(lua_State *L, uv_handle_type type, int fd) {
  bool tty = type == UV_TTY;
  Socket *k = socket_new(L, tty ? &tty_reader_class : &socket_class, sizeof *k, 0);
  int self = lua_gettop(L);
  socket_take_fd(L, k, type, fd);
  k->told = (TracePipe){ -1, fd };
  if (tty) k->stream.r.hwm = 0; /* a line at a time, as it is asked for */
  socket_start(L, self, true, false, true);
  push_callback(L, self, on_pause);
  emitter_on(L, self, "pause", false);
  if (tty) return;
  lua_pushinteger(L, fd);
  lua_setfield(L, self, "fd");
}

static Socket *tty_self(lua_State *L) { return class_check(L, 1, &tty_reader_class); }

static int tty_get_fd(lua_State *L) {
  (void)tty_self(L);
  lua_pushinteger(L, 0);
  return 1;
}

/* setRawMode(mode): each key at once, without echo. */
static int tty_set_raw(lua_State *L) {
  Socket *k = tty_self(L);
  bool raw = lua_toboolean(L, 2);
  int err = handle_is_open(&k->stream.base)
              ? uv_tty_set_mode(&k->uv.tty, raw ? UV_TTY_MODE_RAW : UV_TTY_MODE_NORMAL) : UV_EBADF;
  if (err < 0) return err_raise_uv(L, err, "setRawMode");
  lua_settop(L, 1);
  return 1;
}

static int tty_get_raw(lua_State *L) {
  const Socket *k = tty_self(L);
  lua_pushboolean(L, handle_is_open(&k->stream.base) && k->uv.tty.mode == UV_TTY_MODE_RAW);
  return 1;
}

/* ---- what is shown ---- */

/* `ReadStream fd 0, a terminal, paused`: what a bare process.stdin at the prompt tells. */
static int stdio_inspect(lua_State *L) {
  const Stream *s = stream_test(L, 1);
  if (!class_push_name(L, 1)) lua_pushliteral(L, "Stream");
  lua_getfield(L, 1, "fd");
  const char *name = lua_tostring(L, -2);
  bool tty = class_test(L, 1, &tty_reader_class) || class_test(L, 1, &tty_writer_class);
  lua_pushfstring(L, "%s fd %d%s", name, (int)lua_tointeger(L, -1), tty ? ", a terminal" : "");
  if (s && s->r.present && s->r.end_emitted) lua_pushliteral(L, ", ended");
  else if (s && s->destroyed) lua_pushliteral(L, ", closed");
  else if (s && s->r.present)
    lua_pushstring(L, !s->r.flowing_known ? ", not read yet" : s->r.flowing ? ", flowing" : ", paused");
  else lua_pushliteral(L, "");
  lua_concat(L, 2);
  return 1;
}

/* ---- input there is none ---- */

static int held_inspect(lua_State *L) {
  const char *why = stdio_of(L)->held;
  lua_pushfstring(L, "ReadStream fd 0, held: %s", why ? why : "");
  return 1;
}

static const ClassDef held_reader_class = {
  .name = "ReadStream", .base = &readable_class, .abstract = true, .inspect = held_inspect,
  .doc = "process.stdin at the prompt."
};

static void held_read(lua_State *L, int self, size_t n) {
  (void)n;
  const char *why = stdio_of(L)->held;
  err_push(L, NULL, "ERR_STDIN_HELD", "%s", why);
  stream_fail(L, self, lua_gettop(L), false);
  lua_pop(L, 1);
}

static const StreamImpl held_impl = { .read = held_read };

static void push_held(lua_State *L) {
  stream_new(L, &held_reader_class, sizeof(Stream), STREAM_READS, &held_impl, 0);
}

/* fd 0 is closed: an end at once. */
static void push_nothing(lua_State *L) {
  stream_new(L, &readable_class, sizeof(Stream), STREAM_READS, NULL, 0);
  readable_push_end(L, lua_gettop(L));
}

static void push_reader(lua_State *L, int fd) {
  uv_handle_type type = rt_of(L)->thread_id == 0 ? uv_guess_handle(fd) : UV_UNKNOWN_HANDLE;
  if (stdio_of(L)->held) push_held(L);
  else if (type == UV_FILE) push_file(L, fd);
  else if (type == UV_NAMED_PIPE || type == UV_TCP || type == UV_TTY) push_socket(L, type, fd);
  else push_nothing(L);
}

/* ---- the three ---- */

void stdio_push(lua_State *L, int fd) {
  Stdio *stdio = stdio_of(L);
  luaL_checkstack(L, 12, "stdio");
  if (stdio->ref[fd] == 0) {
    if (fd == 0) push_reader(L, fd);
    else push_writer(L, fd);
    stdio->ref[fd] = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, stdio->ref[fd]);
}

void stdio_set_stdin(lua_State *L) {
  stdio_of(L)->ref[0] = luaL_ref(L, LUA_REGISTRYINDEX);
}

void stdio_hold_stdin(lua_State *L, const char *why) {
  Stdio *stdio = stdio_of(L);
  stdio->held = why;
  if (stdio->ref[0] != 0) luaL_unref(L, LUA_REGISTRYINDEX, stdio->ref[0]);
  stdio->ref[0] = 0;
}

/* ---- rows ---- */

static const PropDef writer_props[] = {
  { "fd", writer_get_fd, NULL, "integer", "The descriptor: 1 or 2." }, { 0 }
};

const ClassDef stdio_writer_class = {
  .name = "SyncWriteStream", .base = &writable_class, .abstract = true, .inspect = stdio_inspect, .props = writer_props,
  .doc = "process.stdout and process.stderr: what is written is out when write returns, and the descriptor "
         "is never closed."
};

static const FnDef tty_writer_methods[] = {
  { "clearLine", tty_clear_line, FN_METHOD, "clearLine(dir: integer?, callback: function?): boolean",
    "Clears the line: to the left of the cursor (-1), to the right (1), all of it (0).", NULL, NULL, NULL },
  { "clearScreenDown", tty_clear_screen_down, FN_METHOD, "clearScreenDown(callback: function?): boolean",
    "Clears from the cursor to the end of the screen.", NULL, NULL, NULL },
  { "cursorTo", tty_cursor_to, FN_METHOD, "cursorTo(x: integer, y: integer?, callback: function?): boolean",
    "Moves the cursor to column x of its line or of line y, counted from 0.", NULL, NULL, NULL },
  { "getColorDepth", tty_color_depth, FN_METHOD, "getColorDepth(env: table?): integer",
    "Bits of colour, guessed from the environment or from a table like it: 1, 4, 8 or 24.", NULL, NULL, NULL },
  { "getWindowSize", tty_window_size, FN_METHOD, "getWindowSize(): integer[]",
    "{ columns, rows } of the terminal.", NULL, NULL, NULL },
  { "hasColors", tty_has_colors, FN_METHOD, "hasColors(count: integer|table?, env: table?): boolean",
    "Has the terminal that many colours, 16 unless a number is given?", NULL, NULL, NULL },
  { "moveCursor", tty_move_cursor, FN_METHOD,
    "moveCursor(dx: integer, dy: integer, callback: function?): boolean",
    "Moves the cursor by so many columns and lines.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef tty_writer_props[] = {
  { "isTTY", tty_get_is, NULL, "boolean", "true; nil for what is no terminal." },
  { "columns", tty_get_columns, NULL, "integer?", "The terminal's width." },
  { "rows", tty_get_rows, NULL, "integer?", "The terminal's height." },
  { 0 }
};

static const EventDef tty_writer_events[] = {
  { "resize", "", "columns or rows have changed." }, { 0 }
};

const ClassDef tty_writer_class = {
  .name = "WriteStream", .base = &stdio_writer_class, .abstract = true, .inspect = stdio_inspect, .listeners = tty_listeners,
  .methods = tty_writer_methods, .props = tty_writer_props, .events = tty_writer_events,
  .doc = "process.stdout or process.stderr where it is a terminal."
};

static const PropDef file_props[] = {
  { "fd", file_get_fd, NULL, "integer", "The descriptor." }, { 0 }
};

const ClassDef file_reader_class = {
  .name = "ReadStream", .base = &readable_class, .abstract = true, .inspect = stdio_inspect, .props = file_props,
  .doc = "process.stdin where it is a file."
};

static const FnDef tty_reader_methods[] = {
  { "setRawMode", tty_set_raw, FN_METHOD, "setRawMode(mode: boolean): ReadStream",
    "true: each key comes at once and is not echoed; false: lines, as usual.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef tty_reader_props[] = {
  { "isTTY", tty_get_is, NULL, "boolean", "true; nil for what is no terminal." },
  { "isRaw", tty_get_raw, NULL, "boolean", "Does each key come at once?" },
  { "fd", tty_get_fd, NULL, "integer", "The descriptor: 0." },
  { 0 }
};

const ClassDef tty_reader_class = {
  .name = "ReadStream", .base = &socket_class, .abstract = true, .inspect = stdio_inspect, .gc = handle_gc,
  .methods = tty_reader_methods, .props = tty_reader_props,
  .doc = "process.stdin where it is a terminal."
};
