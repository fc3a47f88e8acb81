/* SPDX-License-Identifier: MIT */
/* port.h - MessageChannel and MessagePort. */
#ifndef MOONFORK_PORT_H
#define MOONFORK_PORT_H

#include "../core/handle.h"
#include "channel.h"

extern const ClassDef message_channel_class, message_port_class, parent_port_class;

/* Pushes a MessagePort over the end, which it takes; raises when a handle cannot be made, and then the
 * end is closed. [+1] */
void port_push(lua_State *L, End *end);

/* The same for a worker's parentPort, which drops itself from the arguments. */
void port_push_parent(lua_State *L, End *end);

/* receiveMessageOnPort(port) */
int port_receive(lua_State *L);

/* markAsUntransferable(port): from now on it cannot be moved. False when there is no port at idx. */
bool port_keep(lua_State *L, int idx);

#endif
