/* SPDX-License-Identifier: MIT */
/* atomics.h - the global table Atomics. */
#ifndef MOONFORK_ATOMICS_H
#define MOONFORK_ATOMICS_H

#include "../buffer/buffer.h"

extern const ModuleDef atomics_module;

/* waitAsync(view, index, value, timeout), in wait_async.c. */
int atomics_wait_async(lua_State *L);

/* What wait and waitAsync are called with, checked. */
typedef struct WaitArgs {
  Store *store;       /* borrows: whose memory it is */
  const void *place;
  size_t size;
  uint64_t value;
  uint64_t timeout;   /* ns, UINT64_MAX: for ever */
} WaitArgs;
WaitArgs atomics_read_wait(lua_State *L);

#endif
