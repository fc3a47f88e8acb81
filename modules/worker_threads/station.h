/* SPDX-License-Identifier: MIT */
/* station.h - postMessageToThread: any thread by its number. */
#ifndef MOONFORK_STATION_H
#define MOONFORK_STATION_H

#include <lua.h>

/* From now on this thread can be reached by its number; once per runtime, further calls do nothing. */
void station_open(lua_State *L);

/* postMessageToThread(threadId, value, transferList, timeout) */
int station_post(lua_State *L);

#endif
