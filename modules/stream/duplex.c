/* SPDX-License-Identifier: MIT */
/* duplex.c - a Readable that is a Writable too; the two halves know nothing of each other. */
#include "internal.h"

#include "core/error.h"
#include "core/opts.h"

static int duplex_alloc(lua_State *L) {
  stream_new(L, &duplex_class, sizeof(Stream), STREAM_READS | STREAM_WRITES, NULL, 0);
  return 1;
}

/* options.readable = false and options.writable = false switch a half off. */
static void half_options(lua_State *L, Stream *s, int opts) {
  s->allow_half_open = opt_boolean(L, opts, "allowHalfOpen", true);
  if (!opt_boolean(L, opts, "readable", true)) s->r.off = s->r.ended = s->r.end_emitted = true;
  if (!opt_boolean(L, opts, "writable", true))
    s->w.off = s->w.ending = s->w.ended = s->w.finished = true;
}

void duplex_options(lua_State *L, int self, int opts) {
  stream_options(L, self, opts);
  half_options(L, stream_at(L, self), opts);
}

static int duplex_init(lua_State *L) {
  (void)stream_self(L, &duplex_class);
  lua_settop(L, 2);
  duplex_options(L, 1, 2);
  return 0;
}

static int get_half_open(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &duplex_class)->allow_half_open);
  return 1;
}

static int set_half_open(lua_State *L) {
  stream_self(L, &duplex_class)->allow_half_open = lua_toboolean(L, 2);
  return 0;
}

static const PropDef duplex_props[] = {
  { "allowHalfOpen", get_half_open, set_half_open, "boolean",
    "May it still be written to when its reading half has ended?" },
  { 0 }
};

const ClassDef duplex_class = {
  .name = "Duplex", .base = &readable_class, .also = &writable_class, .alloc = duplex_alloc,
  .init = duplex_init, .props = duplex_props,
  .doc = "A stream that is read from and written to: a Readable and a Writable in one, such as a socket.",
  .example = "local Duplex = require(\"stream\").Duplex\n"
             "local d = Duplex{ read = function() end,\n"
             "  write = function(self, chunk, enc, done) self:push(chunk) done() end }\n"
             "d:on(\"data\", function(x) print(x) end)\nd:write \"echo\""
};
