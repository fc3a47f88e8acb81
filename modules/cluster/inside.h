/* SPDX-License-Identifier: MIT */
/* inside.h - what inside.c (the talk with the primary) and serve.c (servers of a worker) share. */
#ifndef MOONFORK_CLUSTER_INSIDE_H
#define MOONFORK_CLUSTER_INSIDE_H

#include "parts.h"

/* Sends the table on top to the primary; false when the channel is closed. [-1] */
bool inside_send(lua_State *L);

/* Sends the table below the top; the function on top is called with (reply, fd) when the answer is
 * there, and takes fd. False: the channel is closed, it never is. [-2] */
bool inside_ask(lua_State *L);

/* serve.c: listen() asks the primary from now on. */
void inside_open_servers(lua_State *L);

/* The primary hands over a connection. Takes fd (-1: it was lost). */
void inside_connection(lua_State *L, int message, int fd);

#endif
