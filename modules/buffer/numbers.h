/* SPDX-License-Identifier: MIT */
/* numbers.h - the methods of numbers.c, for the rows of Buffer; inside the module only. */
#ifndef MOONFORK_NUMBERS_H
#define MOONFORK_NUMBERS_H

#include <lua.h>

int read_int8(lua_State *L);
int write_int8(lua_State *L);
int read_uint8(lua_State *L);
int write_uint8(lua_State *L);
int read_int16le(lua_State *L);
int write_int16le(lua_State *L);
int read_uint16le(lua_State *L);
int write_uint16le(lua_State *L);
int read_int16be(lua_State *L);
int write_int16be(lua_State *L);
int read_uint16be(lua_State *L);
int write_uint16be(lua_State *L);
int read_int32le(lua_State *L);
int write_int32le(lua_State *L);
int read_uint32le(lua_State *L);
int write_uint32le(lua_State *L);
int read_int32be(lua_State *L);
int write_int32be(lua_State *L);
int read_uint32be(lua_State *L);
int write_uint32be(lua_State *L);
int read_bigle(lua_State *L);
int write_bigle(lua_State *L);
int read_floatle(lua_State *L);
int write_floatle(lua_State *L);
int read_doublele(lua_State *L);
int write_doublele(lua_State *L);
int read_intle(lua_State *L);
int write_intle(lua_State *L);
int read_uintle(lua_State *L);
int write_uintle(lua_State *L);
int read_bigbe(lua_State *L);
int write_bigbe(lua_State *L);
int read_floatbe(lua_State *L);
int write_floatbe(lua_State *L);
int read_doublebe(lua_State *L);
int write_doublebe(lua_State *L);
int read_intbe(lua_State *L);
int write_intbe(lua_State *L);
int read_uintbe(lua_State *L);
int write_uintbe(lua_State *L);

#endif
