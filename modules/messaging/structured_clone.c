/* SPDX-License-Identifier: MIT */
/* structured_clone.c - see structured_clone.h. A message to ourselves. */
#include "structured_clone.h"
#include "message.h"
#include "../core/error.h"
#include "../core/opts.h"

int structured_clone(lua_State *L) {
  if (lua_isnone(L, 1))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The value argument must be specified");
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  (void)opt_push(L, lua_isnil(L, 2) ? 0 : 2, "transfer");
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options.transfer");
  Message *m = message_pack(L, 1, 3, 0);
  bool good = message_try_unpack(L, m);
  message_free(m);
  return good ? 1 : lua_error(L);
}
