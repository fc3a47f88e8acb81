/* SPDX-License-Identifier: MIT */
/* readline.c - lines of a stream, for scripts.
 *
 * An Interface listens to its input and emits `line` for each; a character or a CR LF that is cut by the
 * stream's chunks stays whole. There is no editing here: a terminal that is in its usual mode edits its
 * line itself. The interface owns the unfinished line; its streams and the question are user values. */
#include "readline.h"
#include "../buffer/buffer.h"
#include "../buffer/decoder.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/strbuf.h"
#include "../events/events.h"
#include "../promise/promise.h"
#include "../stream/stream.h"
#include "../util/promisify.h"

#include <string.h>

enum { INPUT = UV_CLASS, OUTPUT, QUESTION, PROMPT, OLD_PROMPT, ON_DATA, ON_END, VALUES = ON_END - UV_CLASS + 1 };

typedef struct Interface {
  StrBuf line;      /* what came after the last line end */
  Decoder decoder;
  bool after_return; /* a line feed that comes next belongs to the line end before */
  bool paused, closed;
} Interface;

static const ClassDef interface_class, interface_promises_class;

static Interface *check_self(lua_State *L) { return class_check(L, 1, &interface_class); }

static int interface_gc(lua_State *L) {
  Interface *it = class_test(L, 1, &interface_class);
  if (it) strbuf_free(&it->line);
  return 0;
}

/* ---- lines ---- */

/* A line is whole: the question's answer, or an event. self at 1, the line on top. [-1] */
static void deliver_line(lua_State *L) {
  int line = lua_gettop(L);
  if (lua_getiuservalue(L, 1, QUESTION) == LUA_TNIL) {
    lua_pop(L, 1);
    emit(L, 1, "line", 1);
    return;
  }
  lua_pushnil(L);
  lua_setiuservalue(L, 1, QUESTION);
  lua_getiuservalue(L, 1, OLD_PROMPT);
  lua_setiuservalue(L, 1, PROMPT);
  lua_pushvalue(L, line);
  if (promise_is(L, line + 1)) promise_resolve(L, line + 1);
  else lua_call(L, 1, 0);
  lua_settop(L, line - 1);
}

/* Appends the unfinished line and the bytes to the list at `list`. */
static void add_line(lua_State *L, Interface *it, int list, const char *s, size_t len) {
  strbuf_add(&it->line, s, len);
  if (it->line.failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, it->line.len ? it->line.p : "", it->line.len);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
  strbuf_clear(&it->line);
}

/* Cuts the text on top into lines, then delivers them: a listener may write, close or pause meanwhile.
 * self at 1. [-1] */
static void take_text(lua_State *L, Interface *it) {
  size_t len, start = 0;
  int text = lua_gettop(L), list = text + 1;
  const char *s = lua_tolstring(L, text, &len);
  lua_newtable(L);
  for (size_t i = 0; i < len; i++) {
    bool feed = s[i] == '\n', back = s[i] == '\r';
    if (feed && it->after_return && i == start) start = i + 1;
    else if (feed || back) {
      add_line(L, it, list, s + start, i - start);
      start = i + 1;
    }
    it->after_return = back;
  }
  strbuf_add(&it->line, s + start, len - start);
  if (it->line.failed) luaL_error(L, "not enough memory");
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    deliver_line(L);
  }
  lua_settop(L, text - 1);
}

/* Turns the chunk at idx into text on top; false for what is neither text nor bytes. [+1|0] */
static bool push_decoded(lua_State *L, Interface *it, int idx) {
  const Buffer *b = buffer_test(L, idx);
  if (b) decoder_push(L, &it->decoder, buffer_bytes(b), b->length);
  else if (lua_type(L, idx) == LUA_TSTRING) lua_pushvalue(L, idx);
  else return false;
  return true;
}

/* ---- pause, resume, close ---- */

static void call_input(lua_State *L, const char *method) {
  lua_getiuservalue(L, 1, INPUT);
  class_call_method(L, lua_gettop(L), method, 0, 0);
  lua_pop(L, 1);
}

static void pause_input(lua_State *L, Interface *it) {
  if (it->paused) return;
  call_input(L, "pause");
  it->paused = true;
  emit(L, 1, "pause", 0);
}

static void resume_input(lua_State *L, Interface *it) {
  if (!it->paused) return;
  call_input(L, "resume");
  it->paused = false;
  emit(L, 1, "resume", 0);
}

static void stop_listening(lua_State *L, const char *event, int slot) {
  lua_getiuservalue(L, 1, INPUT);
  int input = lua_gettop(L);
  lua_pushstring(L, event);
  lua_getiuservalue(L, 1, slot);
  class_call_method(L, input, "removeListener", 2, 0);
  lua_settop(L, input - 1);
}

static void close_interface(lua_State *L, Interface *it) {
  if (it->closed) return;
  pause_input(L, it);
  if (it->closed) return; /* by a listener of `pause` */
  it->closed = true;
  stop_listening(L, "data", ON_DATA);
  stop_listening(L, "end", ON_END);
  emit(L, 1, "close", 0);
}

/* Listeners on the input; upvalue: the interface. */
static int on_data(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  Interface *it = check_self(L);
  if (push_decoded(L, it, 2)) take_text(L, it);
  return 0;
}

static int on_end(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  Interface *it = check_self(L);
  decoder_push_end(L, &it->decoder);
  take_text(L, it);
  if (it->line.len > 0) {
    lua_pushlstring(L, it->line.p, it->line.len);
    strbuf_clear(&it->line);
    deliver_line(L);
  }
  close_interface(L, it);
  return 0;
}

/* ---- methods ---- */

static int interface_close(lua_State *L) {
  close_interface(L, check_self(L));
  return 0;
}

static int interface_pause(lua_State *L) {
  pause_input(L, check_self(L));
  lua_settop(L, 1);
  return 1;
}

static int interface_resume(lua_State *L) {
  resume_input(L, check_self(L));
  lua_settop(L, 1);
  return 1;
}

static int interface_set_prompt(lua_State *L) {
  (void)check_self(L);
  (void)arg_string(L, 2, "prompt", NULL);
  lua_settop(L, 2);
  lua_setiuservalue(L, 1, PROMPT);
  return 0;
}

static int interface_get_prompt(lua_State *L) {
  (void)check_self(L);
  lua_getiuservalue(L, 1, PROMPT);
  return 1;
}

static void show_prompt(lua_State *L, Interface *it) {
  resume_input(L, it);
  if (lua_getiuservalue(L, 1, OUTPUT) != LUA_TNIL) {
    int output = lua_gettop(L);
    lua_getiuservalue(L, 1, PROMPT);
    if (lua_rawlen(L, -1) > 0) class_call_method(L, output, "write", 1, 0);
    lua_settop(L, output);
  }
  lua_pop(L, 1);
}

static int interface_prompt(lua_State *L) {
  Interface *it = check_self(L);
  lua_settop(L, 1);
  show_prompt(L, it);
  return 0;
}

/* write(data): as if it had come from the input */
static int interface_write(lua_State *L) {
  Interface *it = check_self(L);
  lua_settop(L, 2);
  resume_input(L, it);
  if (!push_decoded(L, it, 2)) return err_arg_type(L, 2, "data", "of type string or an instance of Buffer");
  take_text(L, it);
  return 0;
}

/* Asks the text at 2; what is on top takes the answer. [-1] */
static void ask(lua_State *L, Interface *it) {
  lua_getiuservalue(L, 1, QUESTION);
  bool busy = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if (!busy) {
    lua_setiuservalue(L, 1, QUESTION);
    lua_getiuservalue(L, 1, PROMPT);
    lua_setiuservalue(L, 1, OLD_PROMPT);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, 1, PROMPT);
  }
  show_prompt(L, it); /* the question that waits is shown again, as in Node */
}

static Interface *check_question(lua_State *L) {
  Interface *it = check_self(L);
  (void)arg_string(L, 2, "query", NULL);
  return it;
}

/* question(query, options, callback) */
static int interface_question(lua_State *L) {
  Interface *it = check_question(L);
  int callback = lua_isnoneornil(L, 4) ? 3 : 4;
  arg_function(L, callback, "callback");
  if (it->closed) return err_raise(L, NULL, "ERR_USE_AFTER_CLOSE", "readline was closed");
  lua_settop(L, callback);
  ask(L, it);
  return 0;
}

/* question(query) of readline/promises */
static int promises_question(lua_State *L) {
  Interface *it = check_question(L);
  lua_settop(L, 2);
  promise_new(L);
  if (it->closed) {
    err_push(L, NULL, "ERR_USE_AFTER_CLOSE", "readline was closed");
    promise_reject(L, 3);
    return 1;
  }
  lua_pushvalue(L, 3);
  ask(L, it);
  lua_settop(L, 3);
  return 1;
}

/* The lines as values of a loop, which ends with the interface. */
static int interface_iterator(lua_State *L) {
  enum { MANY_LINES = 1024 };
  (void)check_self(L);
  lua_settop(L, 1);
  lua_pushliteral(L, "line");
  lua_createtable(L, 0, 2);
  lua_createtable(L, 1, 0);
  lua_pushliteral(L, "close");
  lua_rawseti(L, -2, 1);
  lua_setfield(L, -2, "close");
  lua_pushinteger(L, MANY_LINES);
  lua_setfield(L, -2, "highWaterMark");
  return emitter_values(L);
}

static int get_terminal(lua_State *L) {
  lua_pushboolean(L, false);
  return 1;
}

static int get_line(lua_State *L) {
  Interface *it = check_self(L);
  lua_pushlstring(L, it->line.len ? it->line.p : "", it->line.len);
  return 1;
}

/* ---- construction ---- */

static void listen_to(lua_State *L, int self, int input, const char *event, lua_CFunction fn, int slot) {
  lua_pushvalue(L, self);
  lua_pushcclosure(L, fn, 1);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, self, slot);
  emitter_on(L, input, event, false);
}

/* createInterface(options) or (input, output): leaves input 2, output 3, prompt 4 */
static void read_arguments(lua_State *L) {
  lua_settop(L, 2);
  lua_insert(L, 1); /* output 1, input or options 2 */
  lua_pushvalue(L, 1);
  lua_pushliteral(L, "> ");
  if (lua_istable(L, 2) && !class_of(L, 2)) {
    if (opt_boolean(L, 2, "terminal", false)) {
      opt_push(L, 2, "terminal");
      err_arg_value(L, -1, "options.terminal", "must be false: the terminal edits its lines itself");
    }
    if (opt_push(L, 2, "prompt") == LUA_TNIL) lua_pop(L, 1);
    else (void)arg_string(L, -1, "options.prompt", NULL), lua_replace(L, 4);
    opt_push(L, 2, "output");
    lua_replace(L, 3);
    opt_push(L, 2, "input");
    lua_replace(L, 2);
  }
  Stream *in = stream_test(L, 2), *out = stream_test(L, 3);
  if (!in || !in->r.present) err_arg_type(L, 2, "options.input", "an instance of Readable");
  if (!lua_isnil(L, 3) && (!out || !out->w.present))
    err_arg_type(L, 3, "options.output", "an instance of Writable");
}

static int create(lua_State *L, const ClassDef *cls) {
  read_arguments(L);
  Interface *it = class_new(L, cls, sizeof *it, VALUES);
  decoder_init(&it->decoder, ENC_UTF8);
  lua_replace(L, 1);
  lua_setiuservalue(L, 1, PROMPT);
  lua_setiuservalue(L, 1, OUTPUT);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, INPUT);
  listen_to(L, 1, 2, "data", on_data, ON_DATA);
  listen_to(L, 1, 2, "end", on_end, ON_END);
  class_call_method(L, 2, "resume", 0, 0);
  lua_settop(L, 1);
  return 1;
}

static int create_interface(lua_State *L) { return create(L, &interface_class); }
static int create_promises(lua_State *L) { return create(L, &interface_promises_class); }

/* ---- rows ---- */

static const FnDef interface_methods[] = {
  { "close", interface_close, FN_METHOD, "close()", "Stops reading, emits close.", NULL, NULL, NULL },
  { "iterator", interface_iterator, FN_METHOD, "iterator(): AsyncIterator",
    "Loops over the lines, where await works: `for line in rl:iterator() do ... end`.", NULL, NULL, NULL },
  { "getPrompt", interface_get_prompt, FN_METHOD, "getPrompt(): string", "What prompt writes.", NULL, NULL,
    NULL },
  { "pause", interface_pause, FN_METHOD, "pause(): Interface",
    "Pauses the input; lines of a chunk that has come are still emitted.", NULL, NULL, NULL },
  { "prompt", interface_prompt, FN_METHOD, "prompt()", "Writes the prompt, and reads on when paused.", NULL,
    NULL, NULL },
  { "question", interface_question, FN_METHOD,
    "question(query: string, options: table?, callback: function)",
    "Writes the query; the next line goes to callback(answer) instead of the event.", NULL, NULL,
    "No options have a meaning here." },
  { "resume", interface_resume, FN_METHOD, "resume(): Interface", "Reads on.", NULL, NULL, NULL },
  { "setPrompt", interface_set_prompt, FN_METHOD, "setPrompt(prompt: string)", "Sets what prompt writes.",
    NULL, NULL, NULL },
  { "write", interface_write, FN_METHOD, "write(data: string|Buffer)",
    "Takes the text as if it had come from the input.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef promises_methods[] = {
  { "question", promises_question, FN_METHOD, "question(query: string): Promise",
    "Writes the query; the promise gets the next line.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef interface_props[] = {
  { "line", get_line, NULL, "string", "What came after the last line end." },
  { "terminal", get_terminal, NULL, "boolean", "Always false: nothing is edited here." },
  { 0 }
};

static const EventDef interface_events[] = {
  { "line", "line: string", "A line, without its end: LF, CR LF or CR." },
  { "close", "", "close() was called, or the input has ended." },
  { "pause", "", "The input was paused." },
  { "resume", "", "The input goes on." },
  { 0 }
};

static const ClassDef interface_class = {
  .name = "Interface", .base = &event_emitter_class, .abstract = true, .gc = interface_gc,
  .methods = interface_methods, .props = interface_props, .events = interface_events,
  .doc = "Reads lines of a stream; createInterface makes it."
};

static const ClassDef interface_promises_class = {
  .name = "InterfacePromises", .base = &interface_class, .abstract = true, .methods = promises_methods,
  .doc = "An Interface whose questions are promises."
};

static const OptDef create_options[] = {
  { "input", "Readable", NULL, "Where the lines come from." },
  { "output", "Writable", NULL, "Where prompts go." },
  { "prompt", "string", "\"> \"", "What prompt writes." },
  { "terminal", "boolean", "false", "Only false." },
  { 0 }
};

static const char create_sig[] = "createInterface(input: table|Readable, output: Writable?): Interface";

static const FnDef readline_functions[] = {
  { "createInterface", create_interface, FN_STATIC, create_sig,
    "Reads lines of a stream: { input = stream, output = stream }.", create_options,
    "local readline = require \"readline\"\nlocal input = require(\"stream\").PassThrough()\n"
    "readline.createInterface { input = input }:on(\"line\", print)\ninput:finish \"one\\ntwo\\n\"",
    "A terminal edits its line itself; there are no keys, no history and no completion." },
  { 0 }
};

static const FnDef promises_functions[] = {
  { "createInterface", create_promises, FN_STATIC,
    "createInterface(input: table|Readable, output: Writable?): InterfacePromises",
    "The same, where question returns a promise.", create_options, NULL, NULL },
  { 0 }
};

static const ClassDef *const readline_objects[] = { &interface_class, NULL };
static const ClassDef *const promises_objects[] = { &interface_promises_class, NULL };

static int readline_open(lua_State *L) {
  lua_settop(L, 1);
  class_push(L, &interface_class);
  lua_getfield(L, -1, "question");
  promisify_know_value(L);
  lua_settop(L, 1);
  if (rt_require_builtin(L, "readline/promises")) lua_setfield(L, 1, "promises");
  return 1;
}

static const PropDef readline_constants[] = {
  { "promises", NULL, NULL, "table", "The module readline/promises." },
  { 0 }
};

const ModuleDef readline_module = {
  .name = "readline", .functions = readline_functions, .objects = readline_objects,
  .constants = readline_constants, .open = readline_open,
  .doc = "Lines of a stream, one event each, and questions.",
  .example = "local readline = require \"readline\"\nlocal input = require(\"stream\").PassThrough()\n"
             "local rl = readline.createInterface { input = input }\nrl:on(\"line\", print)\ninput:finish \"a\\n\""
};

const ModuleDef readline_promises_module = {
  .name = "readline/promises", .functions = promises_functions, .objects = promises_objects,
  .doc = "readline with questions that are promises.",
  .example = "local input = require(\"stream\").PassThrough()\n"
             "local rl = require(\"readline/promises\").createInterface { input = input }\n"
             "rl:question(\"name? \"):andThen(print)\ninput:finish \"ann\\n\""
};
