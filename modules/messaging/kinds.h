/* SPDX-License-Identifier: MIT */
/* kinds.h - which objects can be cloned, beyond what core/clone.c knows; for the files of messaging. */
#ifndef MOONFORK_MESSAGING_KINDS_H
#define MOONFORK_MESSAGING_KINDS_H

#include "../core/class.h"
#include "../core/clone.h"
#include "message.h"

extern const ClassDef data_clone_error_class;

extern const CloneKind error_kind, memory_kind, view_kind, port_kind;

/* Raises the text on top as the DataCloneError that Node throws. */
int data_clone_refuse(lua_State *L);

/* A Message under work: ctx of the CloneWriter. Owns what it has until the message is made of it. */
typedef struct Packing {
  StrBuf bytes;
  Part *parts;
  size_t nparts;
  int moves;           /* stack index of { [object] = true }: what the transfer list names; 0: no list */
} Packing;

/* Does the transfer list name the object at idx? */
bool packing_moves(CloneWriter *w, int idx);

/* Adds a part and writes its number; the part is to be filled in before anything can raise. */
Part *packing_add(CloneWriter *w);

/* Reads the number of a part; NULL: malformed. ctx of the CloneReader is the Message. */
Part *unpacking_part(CloneReader *r);

/* port.c, for message_pack: the MessagePort at idx (false for anything else). check raises where it
 * cannot travel; take closes the object and returns its end. */
bool port_is(lua_State *L, int idx);
void port_check_transfer(lua_State *L, int idx, int source);
End *port_take(lua_State *L, int idx);

#endif
