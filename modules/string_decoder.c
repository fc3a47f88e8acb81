/* SPDX-License-Identifier: MIT */
/* string_decoder.c - the module string_decoder: a Decoder of buffer/decoder.h as an object. */
#include "string_decoder.h"

#include "buffer/buffer.h"
#include "buffer/decoder.h"
#include "core/class.h"
#include "core/error.h"

static const ClassDef string_decoder_class;

static Decoder *decoder_self(lua_State *L) { return class_check(L, 1, &string_decoder_class); }

static int string_decoder_alloc(lua_State *L) {
  (void)class_new(L, &string_decoder_class, sizeof(Decoder), 0);
  return 1;
}

static int string_decoder_init(lua_State *L) {
  Decoder *d = decoder_self(L);
  lua_settop(L, 2);
  decoder_init(d, arg_encoding(L, 2, ENC_UTF8));
  return 0;
}

/* A Buffer's bytes go through the decoder; a string is text already. [+1] */
static void push_decoded(lua_State *L, Decoder *d, int idx) {
  const Buffer *b = buffer_test(L, idx);
  if (b) decoder_push(L, d, buffer_bytes(b), b->length);
  else if (lua_type(L, idx) == LUA_TSTRING) lua_pushvalue(L, idx);
  else
    err_arg_type(L, idx, "buf", "an instance of Buffer, TypedArray, or DataView");
}

static int string_decoder_write(lua_State *L) {
  Decoder *d = decoder_self(L);
  lua_settop(L, 2);
  push_decoded(L, d, 2);
  return 1;
}

static int string_decoder_finish(lua_State *L) {
  Decoder *d = decoder_self(L);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) lua_pushliteral(L, "");
  else push_decoded(L, d, 2);
  decoder_push_end(L, d);
  lua_concat(L, 2);
  return 1;
}

static int get_encoding(lua_State *L) {
  lua_pushstring(L, enc_name(decoder_self(L)->enc));
  return 1;
}

static const FnDef string_decoder_methods[] = {
  { "init", string_decoder_init, FN_METHOD, "init(encoding: string?)",
    "The constructor; the encoding is utf8 unless named.", NULL, NULL, NULL },
  { "write", string_decoder_write, FN_METHOD, "write(buffer: Buffer|string): string",
    "The text that is complete with these bytes. A character whose rest is still to come is held back.",
    NULL, NULL, "A string is text already and comes back as it is, as in Node." },
  { "finish", string_decoder_finish, FN_METHOD, "finish(buffer: Buffer|string?): string",
    "The text of these bytes and of what was held back. The decoder can be used afresh.", NULL, NULL,
    "Node's end, which is a keyword of Lua." },
  { "end", string_decoder_finish, FN_METHOD, "end(buffer: Buffer|string?): string",
    "The same as finish, under Node's name: d[\"end\"](d).", NULL, NULL, NULL },
  { 0 }
};

static const PropDef string_decoder_props[] = {
  { "encoding", get_encoding, NULL, "string", "Its encoding, under the name that Node uses." },
  { 0 }
};

static const ClassDef string_decoder_class = {
  .name = "StringDecoder", .alloc = string_decoder_alloc, .init = string_decoder_init,
  .methods = string_decoder_methods, .props = string_decoder_props,
  .doc = "Turns bytes that come in pieces into text without cutting a character.",
  .example = "local d = require(\"string_decoder\").StringDecoder()\n"
             "print(d:write(Buffer.from \"\\xE4\\xBD\") .. d:write(Buffer.from \"\\xA0\"))"
};

static const ClassDef *const string_decoder_classes[] = { &string_decoder_class, NULL };

const ModuleDef string_decoder_module = {
  .name = "string_decoder", .classes = string_decoder_classes,
  .doc = "Bytes that come in pieces, as text: StringDecoder.",
  .example = "local d = require(\"string_decoder\").StringDecoder \"hex\"\n"
             "print(d:write(Buffer.from \"hi\") .. d:finish())"
};
